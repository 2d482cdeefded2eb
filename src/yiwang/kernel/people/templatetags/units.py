"""`unit_name`: a unit's name in the reader's language."""

from django import template

from yiwang.kernel.orgs.queries import unit_name

register = template.Library()
register.filter("unit_name", unit_name)
