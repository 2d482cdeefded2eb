"""Giving and withdrawing keys, and taking in what programs send with them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.audit.actions import record
from yiwang.kernel.audit.labels import name_action
from yiwang.kernel.base.text import N_, clean_line, clean_text
from yiwang.kernel.channels.actions import note_attempt
from yiwang.kernel.channels.models import ApiKey, Report
from yiwang.kernel.channels.open311.offers import (
    Accepted,
    Pace,
    Refused,
    Service,
    Submission,
    provider_of,
    service_of,
)
from yiwang.kernel.channels.open311.queries import attributes_of, key_of
from yiwang.kernel.channels.open311.rules import (
    LONGEST_DESCRIPTION,
    NOTHING,
    PUBLICATION,
    SAME_WITHIN,
    STATUS,
    TEXT,
    Parameters,
    fingerprint,
    key_digest,
    new_key,
    number_in,
    one,
    rounded,
    submission_in,
)
from yiwang.kernel.channels.queries import is_flooded

KIND = "open311"
SOURCE = "open311"
"""What stands in `Case.source` of a matter that a program sent."""

HOUR = timedelta(hours=1)

name_action("api_key.issued", gettext_lazy("Key of a program issued"))
name_action("api_key.withdrawn", gettext_lazy("Key of a program withdrawn"))
name_action("public_report.hidden", gettext_lazy("Taken off the public lists"))
name_action("public_report.words_concealed", gettext_lazy("Words taken off the public lists"))


@dataclass(frozen=True)
class IssuedKey:
    """A new key; `words` are shown once and kept nowhere."""

    key: ApiKey
    words: str


@transaction.atomic
def issue_key(
    *,
    holder: str,
    contact: str,
    per_hour: int,
    may_publish_text: bool,
    valid_until_at: datetime | None,
    at: datetime,
    actor: int | None = None,
) -> IssuedKey:
    """Give somebody's program the right to send matters in; written into the log."""
    words = new_key()
    key = ApiKey.objects.create(
        holder=clean_line(holder)[:120],
        contact=clean_line(contact)[:200],
        digest=key_digest(words),
        hint=words[:6],
        per_hour=per_hour,
        may_publish_text=may_publish_text,
        made_at=at,
        valid_until_at=valid_until_at,
    )
    told = {"holder": key.holder, "per_hour": per_hour, "may_publish_text": may_publish_text}
    record("api_key.issued", at=at, actor=actor, subject_kind="api_key", subject_id=key.pk, details=told)
    return IssuedKey(key, words)


@transaction.atomic
def withdraw_key(key_id: int, *, at: datetime, actor: int | None = None) -> ApiKey:
    """Take a key out of force at once; what came with it stays. Raises `ApiKey.DoesNotExist`."""
    key = ApiKey.objects.select_for_update().get(pk=key_id)
    if key.withdrawn_at is None:
        key.withdrawn_at = at
        key.save(update_fields=["withdrawn_at"])
        record("api_key.withdrawn", at=at, actor=actor, subject_kind="api_key", subject_id=key.pk)
    return key


@transaction.atomic
def hide_report(report_id: int, *, at: datetime, actor: int | None) -> None:
    """Take a matter off the public lists for good; the receipt still opens it. Raises `Report.DoesNotExist`."""
    report = Report.objects.select_for_update().get(pk=report_id)
    if report.is_listed:
        report.is_listed = False
        report.save(update_fields=["is_listed"])
        record("public_report.hidden", at=at, actor=actor, subject_kind="case", subject_id=report.case_id)


@transaction.atomic
def conceal_words(report_id: int, *, at: datetime, actor: int | None) -> None:
    """Take words, address and picture off the public lists for good; the case keeps them.

    Raises `Report.DoesNotExist`.
    """
    report = Report.objects.select_for_update().get(pk=report_id)
    if report.text or report.address or report.media_url:
        report.text = report.address = report.media_url = ""
        report.save(update_fields=["text", "address", "media_url"])
        record(
            "public_report.words_concealed",
            at=at,
            actor=actor,
            subject_kind="case",
            subject_id=report.case_id,
        )


@dataclass(frozen=True)
class Received:
    """What is answered to a program that sent a request."""

    report: Report
    pace: Pace
    notice: str


@transaction.atomic
def receive(parameters: Parameters, *, at: datetime) -> Received:
    """Make a request a case by the institution's own actions; the same words sent again are the same request.

    Asks first for the key, then for the service, then for the rest. Raises `Refused`.
    """
    key = _permitted(parameters, at=at)
    code = one(parameters, "service_code")
    if not code:
        raise Refused(400, N_("service_code is missing."))
    service = service_of(code)
    submission = submission_in(parameters, attributes=attributes_of(service))
    mark = fingerprint(parameters, key_id=key.pk)
    known = Report.objects.filter(key=key, fingerprint=mark, requested_at__gt=at - SAME_WITHIN).first()
    if known is not None:
        return Received(known, service.pace, "")
    _spend(key, at=at)
    accepted = provider_of(code).submit(submission, service=service, at=at)
    report = _reported(accepted, submission, service=service, key=key, mark=mark, at=at)
    return Received(report, service.pace, _notice(accepted))


@transaction.atomic
def receive_update(parameters: Parameters, *, at: datetime) -> str:
    """Add to a request what its sender says later, and return the number of the addition.

    Only with the key with which the request came. Raises `Refused`.
    """
    key = _permitted(parameters, at=at)
    number = number_in(one(parameters, "service_request_id"))
    report = Report.objects.filter(case_id=number, key=key).first() if number is not None else None
    if report is None:
        raise Refused(404, N_("There is no request with this number that came with this key."))
    text = clean_text(one(parameters, "description"))
    if not text:
        raise Refused(400, N_("description is missing."))
    if len(text) > LONGEST_DESCRIPTION:
        raise Refused(
            400,
            N_("%(name)s is longer than %(most)s characters."),
            name="description",
            most=LONGEST_DESCRIPTION,
        )
    _spend(key, at=at)
    mark = fingerprint(parameters, key_id=key.pk).hex()[:40]
    line = provider_of(report.service_code).supplement(report.case_id, text=text, request_key=mark, at=at)
    return f"{report.case_id}-{line}"


def _permitted(parameters: Parameters, *, at: datetime) -> ApiKey:
    words = one(parameters, "api_key")
    if not words:
        raise Refused(403, N_("api_key is missing."))
    key = key_of(words[:200], at=at)
    if key is None:
        raise Refused(403, N_("This api_key isn't in force."))
    return key


def _spend(key: ApiKey, *, at: datetime) -> None:
    """Count one sending; the key is locked, so that two at once count as two."""
    source = f"key {key.pk}"
    if is_flooded(source, kind=KIND, most=key.per_hour, within=HOUR, at=at):
        raise Refused(
            429, N_("This key has sent as much as it may within the hour. Please send it again later.")
        )
    note_attempt(source, kind=KIND, at=at)


def _reported(
    accepted: Accepted, sent: Submission, *, service: Service, key: ApiKey, mark: bytes, at: datetime
) -> Report:
    wish = (sent.attributes.get(PUBLICATION) or (NOTHING if service.is_private else STATUS,))[0]
    is_text_public = wish == TEXT and key.may_publish_text
    with acting_as_system():
        return Report.objects.create(
            case_id=accepted.case.pk,
            key=key,
            token=secrets.token_hex(16),
            fingerprint=mark,
            service_code=service.code,
            service_name=service.name,
            is_listed=wish != NOTHING and service.pace is not Pace.BLACKBOX,
            requested_at=at,
            lat=rounded(sent.lat),
            long=rounded(sent.long),
            text=sent.description if is_text_public else "",
            address=sent.address if is_text_public else "",
            media_url=sent.media_url if is_text_public else "",
        )


def _notice(accepted: Accepted) -> str:
    """What whoever brought it should keep: the number, and once the way to the receipt's page."""
    values: Mapping[str, str] = {
        "number": accepted.case.number,
        "code": accepted.receipt_code,
        "path": reverse("casework:receipt", args=[accepted.receipt_code]) if accepted.receipt_code else "",
    }
    if not accepted.receipt_code:
        return gettext("Registered under %(number)s.") % values
    return (
        gettext(
            "Registered under %(number)s. The receipt code %(code)s opens its page, %(path)s; it is shown only once."
        )
        % values
    )
