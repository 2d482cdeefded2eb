"""How calls and agents are shown, for templates."""

from django.template import Library

from yiwang.facilities.hotline import shown
from yiwang.kernel.orgs.queries import unit_name

register = Library()

register.filter("agent_state", shown.agent_state)
register.filter("call_state", shown.call_state)
register.filter("outcomes_words", shown.outcomes_words)
register.filter("outcome_words", shown.outcome_words)
register.filter("telephone", shown.number)
register.filter("talked", shown.talked)
register.filter("waited", shown.waited)
register.filter("why", shown.why)
register.filter("duration", shown.duration)
register.simple_tag(shown.running, name="running")
register.filter("unit_name", unit_name)
