"""Reading reports that go up: whose they are, which marks they got, who wrote them."""

from collections.abc import Iterable

from django.db.models import Q

from yiwang.facilities.office.casetypes import report_2026
from yiwang.facilities.office.models import Adoption
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.lists import Listing
from yiwang.kernel.casework.models import Case, JournalEntry

PARTS = ("written", "received")
STATES = ("all", "open", "adopted")


def reports_listing(standing: Standing, *, part: str, state: str) -> Listing:
    """The reports that somebody's units wrote, or that came up to them, the newest first."""
    units = sorted(standing.unit_ids)
    rule = Q(type_key=report_2026.KEY)
    if part == "written":
        rule &= Q(root_unit_id__in=units)
    else:
        # What was sent up has been handed on; whoever only wrote it is not meant.
        rule &= Q(unit_ids__overlap=units, unit_ids__len__gte=2) & ~Q(root_unit_id__in=_own(standing))
    if state == "open":
        rule &= Q(ended_at=None)
    elif state == "adopted":
        rule &= Q(state=report_2026.ADOPTED)
    return Listing((rule,), is_by_clock=False)


def _own(standing: Standing) -> list[int]:
    return sorted({post.unit_id for post in standing.posts})


def adoptions_by_case(case_ids: Iterable[int]) -> dict[int, list[Adoption]]:
    """The marks of some reports, the earliest first."""
    found: dict[int, list[Adoption]] = {}
    for one in Adoption.objects.filter(case_id__in=list(case_ids)).order_by("pk"):
        found.setdefault(one.case_id, []).append(one)
    return found


def root_units(case_ids: Iterable[int]) -> dict[int, int]:
    """The units in which some matters came in."""
    return dict(Case.objects.filter(pk__in=list(case_ids)).values_list("pk", "root_unit_id"))


def writer_of(case_id: int) -> int | None:
    """Who took the first step of a matter."""
    return JournalEntry.objects.filter(case_id=case_id, number=1).values_list("account_id", flat=True).first()
