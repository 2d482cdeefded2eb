"""Reading documents: the registers, one document with all about it, what waits to be read, what went astray."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from yiwang.facilities.office.casetypes import issue_2012, task_2026
from yiwang.facilities.office.enums import Direction, NumberState, SignatureKind
from yiwang.facilities.office.models import (
    Circulation,
    Countersign,
    Delivery,
    DocumentNumber,
    DocumentVersion,
    Handling,
    NumberSeries,
    Opinion,
    Reading,
    Signature,
    Task,
    Urging,
)
from yiwang.facilities.office.policies import OFFICE_ROLES, SIGNERS, STAFF, may_sign_for, visible
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.lists import Listing
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible as visible_cases
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.models import Account, Post
from yiwang.kernel.people.queries import posts_that_count

PAGE = 50
SLOW_AFTER = timedelta(days=3)
"""So long a reader may take before the report names the reading as delayed."""


def register(
    standing: Standing, direction: str, *, before: int | None = None, words: str = "", state: str = ""
) -> tuple[list[Handling], bool]:
    """A page of the incoming or outgoing register of somebody's units, newest first, and whether there is more."""
    found = Handling.objects.filter(
        visible(standing), direction=direction, unit_id__in=_registers_of(standing)
    )
    if words:
        found = found.filter(
            Q(document__title__icontains=words)
            | Q(document__number__icontains=words)
            | Q(register_number__icontains=words)
            | Q(document__origin__icontains=words)
        )
    if state == "open":
        found = found.filter(case__ended_at=None)
    elif state:
        found = found.filter(case__state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows: list[Handling] = list(
        found.select_related("document", "case")
        .annotate(
            unread=Count(
                "readings",
                filter=Q(
                    readings__read_at=None, readings__cancelled_at=None, readings__sent_at__isnull=False
                ),
            )
        )
        .order_by("-pk")[: PAGE + 1]
    )
    return rows[:PAGE], len(rows) > PAGE


def _registers_of(standing: Standing) -> list[int]:
    return sorted(standing.unit_ids)


def handling_of(handling_id: int, standing: Standing) -> Handling:
    """One handling with its document, for whoever may see it; raises `Handling.DoesNotExist`."""
    return Handling.objects.filter(visible(standing)).select_related("document").get(pk=handling_id)


@dataclass(frozen=True)
class Papers:
    """All that hangs on one handling, as far as the reader may see it."""

    versions: Sequence[DocumentVersion]
    signatures: Sequence[Signature]
    deliveries: Sequence[Delivery]
    countersigns: Sequence[Countersign]
    readings: Sequence[Reading]
    opinions: Sequence[Opinion]
    urgings: Sequence[Urging]

    @property
    def text(self) -> DocumentVersion | None:
        """The newest text that was kept for review or signature."""
        return next((one for one in reversed(self.versions) if not one.is_release), None)

    @property
    def released(self) -> DocumentVersion | None:
        """The document as it went out."""
        return next((one for one in self.versions if one.is_release), None)

    @property
    def account_ids(self) -> list[int | None]:
        """Everybody who signed, read, answered, wrote or was urged."""
        return [
            *(one.account_id for one in self.signatures),
            *(one.principal_id for one in self.signatures),
            *(one.account_id for one in self.readings),
            *(one.account_id for one in self.opinions),
            *(one.principal_id for one in self.opinions),
            *(one.account_id for one in self.countersigns),
        ]

    @property
    def signature(self) -> Signature | None:
        """The last signature under the text."""
        return next((one for one in reversed(self.signatures) if one.kind == SignatureKind.TEXT), None)

    def signature_over(self, version: DocumentVersion | None) -> Signature | None:
        """The first signature over a version that can be taken along and proved elsewhere."""
        return next(
            (one for one in self.signatures if version and one.version_id == version.pk and one.seal), None
        )


def papers_of(handling: Handling) -> Papers:
    """Everything about a handling in seven queries, whatever there is of it."""
    document_id = handling.document_id
    return Papers(
        versions=list(DocumentVersion.objects.filter(document_id=document_id).order_by("place")),
        signatures=list(Signature.objects.filter(document_id=document_id).order_by("pk")),
        deliveries=list(Delivery.objects.filter(document_id=document_id).order_by("-part", "pk")),
        countersigns=list(Countersign.objects.filter(handling=handling).order_by("pk")),
        readings=list(
            Reading.objects.filter(handling=handling)
            .select_related("circulation")
            .order_by("circulation_id", "place")
        ),
        opinions=list(Opinion.objects.filter(handling=handling).order_by("pk")),
        urgings=list(Urging.objects.filter(handling=handling).order_by("pk")),
    )


def to_read(
    standing: Standing, *, is_read: bool = False, before: int | None = None
) -> tuple[list[Reading], bool]:
    """What was sent to somebody (or to whom they stand in for) and isn't read yet, the newest first."""
    mine = Reading.objects.filter(
        account_id__in=standing.account_ids,
        cancelled_at=None,
        sent_at__isnull=False,
        read_at__isnull=not is_read,
    )
    if before is not None:
        mine = mine.filter(pk__lt=before)
    rows = list(mine.select_related("handling__document", "circulation").order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def number_waiting(standing: Standing, *, cap: int) -> int:
    """How many documents wait to be read or countersigned by somebody, counted to one more than a cap; one query."""
    unread = Reading.objects.filter(
        account_id__in=standing.account_ids, cancelled_at=None, sent_at__isnull=False, read_at=None
    )
    asked = _asked_of(standing).values_list("pk").union(unread.values_list("pk"), all=True)
    return len(asked.order_by()[: cap + 1])


def _asked_of(standing: Standing) -> QuerySet[Countersign]:
    """What somebody may answer for a unit that is asked to countersign, or to sign jointly, and hasn't answered.

    A clerk countersigns; a signature with other units is for the head or the leader.
    """
    units = [post.unit_id for post in standing.posts if post.role in STAFF]
    signed_for = [post.unit_id for post in standing.posts if post.role in SIGNERS]
    theirs = Q(is_joint=False, unit_id__in=units) | Q(is_joint=True, unit_id__in=signed_for)
    return Countersign.objects.filter(theirs, answered_at=None, cancelled_at=None)


def to_countersign(standing: Standing) -> list[Countersign]:
    """What somebody's unit is asked to countersign and hasn't answered."""
    found = _asked_of(standing).select_related("handling__document")
    return list(found.order_by("asked_at", "pk")[:PAGE])


def to_sign(standing: Standing, *, on: date) -> list[tuple[Handling, DocumentVersion]]:
    """The documents that wait for somebody's signature, each with the text that would be signed."""
    theirs = {post.unit_id for post in standing.posts if post.role in SIGNERS}
    units = [unit_id for unit_id in sorted(theirs) if may_sign_for(standing, unit_id, on=on)]
    waiting = list(
        Handling.objects.filter(
            visible(standing), direction=Direction.OUT, unit_id__in=units,
            case__type_key=issue_2012.KEY, case__state=issue_2012.TO_SIGN,
        )
        .select_related("document", "case")
        .order_by("pk")[:PAGE]
    )  # fmt: skip
    texts: dict[int, DocumentVersion] = {}
    kept = DocumentVersion.objects.filter(
        document_id__in=[one.document_id for one in waiting], is_release=False
    )
    for version in kept.order_by("place"):
        texts[version.document_id] = version
    return [(one, texts[one.document_id]) for one in waiting if one.document_id in texts]


def series_of(unit_ids: Iterable[int], *, kind: str | None = None) -> list[NumberSeries]:
    """The series of numbers of some units' outgoing documents, those for a kind only if one is named."""
    found = NumberSeries.objects.filter(unit_id__in=list(unit_ids), direction=Direction.OUT, is_active=True)
    return [one for one in found.order_by("pk") if kind is None or not one.kinds or kind in one.kinds]


def numbers_of(series_id: int, *, year: int, before: int | None = None) -> tuple[list[DocumentNumber], bool]:
    """A page of the numbers of a series in a year, the highest first, each with what became of it."""
    found = DocumentNumber.objects.filter(series_id=series_id, year=year)
    if before is not None:
        found = found.filter(number__lt=before)
    rows = list(found.select_related("series").order_by("-number")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def years_of(series_id: int) -> list[int]:
    """The years in which a series has numbers, the latest first."""
    numbers = DocumentNumber.objects.filter(series_id=series_id)
    return list(numbers.order_by("-year").values_list("year", flat=True).distinct())


def reserved_of(series_ids: Iterable[int], *, year: int) -> list[DocumentNumber]:
    """The numbers that are kept back in a year."""
    kept = DocumentNumber.objects.filter(
        series_id__in=list(series_ids), year=year, state=NumberState.RESERVED
    )
    return list(kept.select_related("series").order_by("series_id", "number"))


@dataclass(frozen=True)
class Astray:
    """What went astray in a unit's circulations since a day: forgotten, sent by mistake, delayed, sent to nobody."""

    forgotten: Sequence[Reading]
    mistaken: Sequence[Reading]
    delayed: Sequence[Reading]
    nobody: Sequence[Handling]


def astray(standing: Standing, unit_ids: Iterable[int], *, since: date, at: datetime) -> Astray:
    """The report of 漏传 and 误传; at most fifty of each kind, the newest first."""
    units = list(unit_ids)
    mine = Reading.objects.filter(handling__unit_id__in=units, circulation__began_at__date__gte=since)
    mine = mine.select_related("handling__document").order_by("-pk")
    late = Q(read_at=None, sent_at__lt=at - SLOW_AFTER) | Q(read_at__gt=F("sent_at") + SLOW_AFTER)
    unsent = Handling.objects.filter(
        visible(standing), unit_id__in=units, direction=Direction.IN, began_at__date__gte=since,
        case__state="handling", circulations=None, handler_id=None,
    )  # fmt: skip
    return Astray(
        forgotten=list(mine.filter(is_afterthought=True)[:PAGE]),
        mistaken=list(mine.filter(cancelled_at__isnull=False)[:PAGE]),
        delayed=list(mine.filter(late, cancelled_at=None)[:PAGE]),
        nobody=list(unsent.select_related("document").order_by("-pk")[:PAGE]),
    )


def colleagues(unit_id: int) -> list[tuple[int, str, str]]:
    """The people of a unit who read documents: account, name, title of the post."""
    held = Post.objects.filter(
        unit_id=unit_id, role__in=sorted(OFFICE_ROLES), granted_at__isnull=False, refused_at=None, until_on=None,
        account__is_active=True,
    )  # fmt: skip
    rows = held.order_by("role", "pk").values_list("account_id", "account__name", "title")
    return list({account_id: (account_id, name, title) for account_id, name, title in rows}.values())


def signers_of(unit_id: int) -> list[int]:
    """The heads and leaders of a unit, as posts that were granted and have not ended."""
    held = Post.objects.filter(
        unit_id=unit_id, role__in=sorted(SIGNERS), granted_at__isnull=False, refused_at=None, until_on=None,
        account__is_active=True,
    )  # fmt: skip
    return sorted(set(held.values_list("account_id", flat=True)))


def names_of(account_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of accounts; one query, or none when there are none."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def circulations_of(handling: Handling) -> list[Circulation]:
    """How often and in which way a document went around in a unit."""
    return list(Circulation.objects.filter(handling=handling).order_by("pk"))


def handling_of_case(case_id: int, standing: Standing) -> int | None:
    """The handling whose course a case is."""
    return Handling.objects.filter(visible(standing), case_id=case_id).values_list("pk", flat=True).first()


def state_of(handling: Handling) -> tuple[str, str, str]:
    """Type, version and state of a handling's case, also for readers who don't see the case itself."""
    with acting_as_system():
        return Handling.objects.filter(pk=handling.pk).values_list(
            "case__type_key", "case__type_version", "case__state"
        )[0]


# --- tasks -----------------------------------------------------------------------------------------------


def tasks_listing(standing: Standing, *, part: str, state: str, today: date) -> Listing:
    """The tasks that somebody is to do, gave, or has in their unit, by their clocks; open, overdue or all."""
    accounts, units = sorted(standing.account_ids), sorted(standing.unit_ids)
    of_staff = sorted({post.unit_id for post in standing.posts if post.role in STAFF})
    parts = {
        "mine": Q(office_task__holder_account_id__in=accounts)
        | Q(office_task__holder_account_id=None, holder_unit_id__in=of_staff),
        "given": Q(office_task__given_by__in=accounts),
        "unit": Q(unit_ids__overlap=units),
    }
    rule = Q(type_key=task_2026.KEY) & parts[part]
    if state == "late":
        rule &= Q(ended_at=None, due_on__lt=today)
    elif state == "open":
        # Whoever reported it done has nothing more to do.
        rule &= Q(state=task_2026.WORKING) if part == "mine" else Q(ended_at=None)
    return Listing((rule,), is_by_clock=True)


def tasks_by_case(case_ids: Iterable[int]) -> dict[int, Task]:
    """The tasks of some cases."""
    return {task.case_id: task for task in Task.objects.filter(case_id__in=list(case_ids))}


def tasks_of_document(handling: Handling, standing: Standing) -> list[Task]:
    """The tasks that came of a document in a unit, as far as the reader may see them, the newest first."""
    seen = Case.objects.filter(visible_cases(standing), type_key=task_2026.KEY).values("pk")
    return list(Task.objects.filter(handling=handling, case_id__in=seen).select_related("case")[:PAGE])


def tasks_of_case(case_id: int, standing: Standing) -> list[Task]:
    """The tasks that came of a case, as far as the reader may see them, the newest first."""
    # The few tasks first: asked in one question, the database looks for every task that the reader may see.
    tasks = list(Task.objects.filter(from_case_id=case_id).select_related("case"))
    if not tasks:
        return []
    seen = set(
        Case.objects.filter(visible_cases(standing), pk__in=[task.case_id for task in tasks]).values_list(
            "pk", flat=True
        )
    )
    return [task for task in tasks if task.case_id in seen][:PAGE]


def people_of_task(task: Task) -> list[int]:
    """Who does a task: the person named, or else the clerks and heads of the unit."""
    if task.holder_account_id is not None:
        return [task.holder_account_id]
    held = Post.objects.filter(
        unit_id=task.holder_unit_id, role__in=sorted(STAFF), granted_at__isnull=False, refused_at=None, until_on=None,
    )  # fmt: skip
    return sorted(set(held.values_list("account_id", flat=True)))


def heads_above(task: Task, *, unit_id: int, on: date) -> list[int]:
    """Who stands above the giver: the head of their unit, its leader, or the leader or head of a unit above."""
    units = [unit_id, *reversed(tree().ancestors(unit_id))]
    held = posts_that_count(on=on).filter(
        unit_id__in=units, role__in=("head", "leader"), account__is_active=True
    )
    by_place: dict[tuple[int, str], list[int]] = {}
    for account_id, unit, role in held.values_list("account_id", "unit_id", "role"):
        by_place.setdefault((unit, role), []).append(account_id)
    order = [(unit, role) for unit in units for role in ("head", "leader")]
    own = [place for place, key in enumerate(order) if task.given_by in by_place.get(key, ())]
    above = order[max(own) + 1 :] if own else order
    return next((sorted(by_place[key]) for key in above if key in by_place), [])
