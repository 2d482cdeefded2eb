"""What follows for people when a unit goes over into another."""

from django.utils import timezone
from django.utils.translation import ngettext

from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import register_consequence, unit_name
from yiwang.kernel.people.queries import posts_that_count


@register_consequence
def posts_go_over(unit: Unit, into: Unit) -> str:
    """How many posts are exercised at the successor from then on."""
    count = posts_that_count(on=timezone.localdate()).filter(unit=unit).count()
    if not count:
        return ""
    return ngettext(
        "%(count)s post of %(unit)s counts at %(into)s from then on.",
        "%(count)s posts of %(unit)s count at %(into)s from then on.",
        count,
    ) % {"count": count, "unit": unit_name(unit), "into": unit_name(into)}
