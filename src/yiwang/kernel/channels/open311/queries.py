"""What everybody may see of the matters that came through Open311, as GeoReport v2 names it."""

from collections.abc import Collection, Iterable
from datetime import datetime, time

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case, JournalEntry
from yiwang.kernel.casework.registry import case_type_of, declared
from yiwang.kernel.casework.rules.casetype import CaseType, ClockKind, Stage
from yiwang.kernel.channels.models import ApiKey, Report
from yiwang.kernel.channels.open311.documents import Value
from yiwang.kernel.channels.open311.offers import Attribute, Datatype, Service, provider_of
from yiwang.kernel.channels.open311.rules import (
    MOST_ROWS,
    NOTHING,
    PUBLICATION,
    STATUS,
    TEXT,
    Span,
    key_digest,
)
from yiwang.kernel.orgs.queries import tree

CLOSED = frozenset({Stage.ANSWERED, Stage.ENDED})
Row = dict[str, Value]


def key_of(words: str, *, at: datetime) -> ApiKey | None:
    """The key that somebody shows, when it is in force; locked until the end of the transaction."""
    in_force = Q(withdrawn_at=None) & (Q(valid_until_at=None) | Q(valid_until_at__gt=at))
    return ApiKey.objects.select_for_update().filter(in_force, digest=key_digest(words)).first()


def attributes_of(service: Service) -> list[Attribute]:
    """The fields of a service, the house's own question at the end: what may be published."""
    values = (
        (STATUS, gettext("where it stands and roughly where it is")),
        (TEXT, gettext("the words, the address and the picture too")),
        (NOTHING, gettext("nothing is public")),
    )
    publication = Attribute(
        PUBLICATION,
        Datatype.SINGLE,
        gettext("What may everybody see?"),
        hint=gettext("Without an answer: nothing.")
        if service.is_private
        else gettext("Without an answer: where it stands and roughly where it is."),
        values=values,
    )
    return [*provider_of(service.code).attributes(service.code), publication]


def service_row(service: Service) -> Row:
    """A service as the list of services shows it."""
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.description or None,
        "metadata": True,
        "type": service.pace.value,
        "keywords": ",".join(service.keywords) or None,
        "group": service.group or None,
    }


def attribute_row(attribute: Attribute, *, order: int) -> Row:
    """A field as the definition of its service shows it."""
    row: Row = {
        "variable": attribute.is_variable,
        "code": attribute.code,
        "datatype": attribute.datatype.value,
        "required": attribute.is_required,
        "datatype_description": attribute.hint or None,
        "order": order,
        "description": attribute.description,
    }
    if attribute.values:
        row["values"] = [{"key": key, "name": name} for key, name in attribute.values]
    return row


def public_reports() -> QuerySet[Report]:
    """The reports that everybody may see: never one in confidence, or from which somebody is kept away.

    Their cases are read with the house's own right, because nobody's standing covers them; what leaves
    this module are the columns that `request_row` and `update_rows` name.
    """
    return Report.objects.filter(
        is_listed=True, case__is_confidential=False, case__excluded_units=[]
    ).select_related("case")


def report_by_token(token: str) -> Report | None:
    """The report of a token, listed or not; its sender alone knows the token."""
    return Report.objects.filter(token=token).first()


def request_rows(
    *,
    span: Span,
    ids: Collection[int] | None = None,
    service_codes: Collection[str] = (),
    is_open: bool | None = None,
    first: int = 0,
    most: int = MOST_ROWS,
) -> list[Row]:
    """Public requests, newest first; numbers that were named override every other filter. One query."""
    found = public_reports()
    if ids is not None:
        found = found.filter(case_id__in=ids)
    else:
        found = found.filter(requested_at__gte=span.since, requested_at__lte=span.until)
        if service_codes:
            found = found.filter(service_code__in=service_codes)
        if is_open is not None:
            found = found.exclude(_is_closed()) if is_open else found.filter(_is_closed())
    with acting_as_system():
        return [request_row(report) for report in found[first : first + most]]


def _is_closed() -> Q:
    """Closed in any version of any procedure."""
    rule = Q(pk__in=[])
    for case_type in declared():
        states = [state.key for state in case_type.states if state.stage in CLOSED]
        rule |= Q(case__type_key=case_type.key, case__type_version=case_type.version, case__state__in=states)
    return rule


def request_row(report: Report) -> Row:
    """A request as everybody sees it: no person, no exact place, no words that weren't meant for it."""
    case = report.case
    case_type = case_type_of(case.type_key, case.type_version)
    is_closed = _status(case_type, case.state) == "closed"
    updated_at = (case.answered_at or case.ended_at or case.last_at) if is_closed else case.last_at
    return {
        "service_request_id": str(case.pk),
        "status": "closed" if is_closed else "open",
        "status_notes": gettext(case_type.state(case.state).public_label),
        "service_name": report.service_name,
        "service_code": report.service_code,
        "description": report.text or None,
        "agency_responsible": tree().name(case.holder_unit_id, language=get_language() or "zh-hans"),
        "service_notice": None,
        "requested_datetime": moment(report.requested_at),
        "updated_datetime": moment(updated_at),
        "expected_datetime": None if is_closed else _expected(case, case_type),
        "address": report.address or None,
        "address_id": None,
        "zipcode": None,
        "lat": report.lat,
        "long": report.long,
        "media_url": report.media_url or None,
    }


def update_rows(*, span: Span, ids: Collection[int] | None, first: int, most: int) -> list[Row]:
    """What happened to public requests, oldest first: the steps that their procedures tell the public."""
    verbs = {step.verb for case_type in declared() for step in case_type.steps if step.is_public}
    found = JournalEntry.objects.filter(case_id__in=public_reports().values("case_id"), verb__in=verbs)
    found = found.filter(at__gte=span.since, at__lte=span.until)
    if ids is not None:
        found = found.filter(case_id__in=ids)
    columns = found.order_by("at", "case_id", "number").values_list(
        "case_id", "number", "verb", "at", "to_state", F("case__type_key"), F("case__type_version")
    )
    with acting_as_system():
        return list(_told(columns[first : first + most]))


def _told(lines: Iterable[tuple[int, int, str, datetime, str, str, str]]) -> Iterable[Row]:
    for case_id, number, verb, at, state, key, version in lines:
        case_type = case_type_of(key, version)
        if any(step.is_public for step in case_type.variants(verb)):
            yield {
                "update_id": f"{case_id}-{number}",
                "service_request_id": str(case_id),
                "status": _status(case_type, state),
                "updated_datetime": moment(at),
                "description": gettext(case_type.state(state).public_label),
                "media_url": None,
            }


def moment(at: datetime) -> str:
    """An instant in the W3C's form, with the offset of the county."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def _status(case_type: CaseType, state: str) -> str:
    return "closed" if case_type.state(state).stage in CLOSED else "open"


def _expected(case: Case, case_type: CaseType) -> str | None:
    """The end of the last day of the duty that runs, when the public is told of that duty."""
    if case.due_on is None:
        return None
    clock = case_type.clock(case.due_clock)
    if not clock.is_public or clock.kind is not ClockKind.DUTY:
        return None
    return moment(timezone.make_aware(datetime.combine(case.due_on, time(23, 59, 59))))
