"""From the review to the release: pass on, countersign, sign, number, send out (20 to 25)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.facilities.office.actions import numbering
from yiwang.facilities.office.actions.acts import demand, frozen, locked, principal_of, step
from yiwang.facilities.office.actions.delivering import answer_with, deliver
from yiwang.facilities.office.actions.joining import (
    ask_jointly,
    joint_signers,
    make_signature,
    signer_name,
    staff_of,
    tell,
)
from yiwang.facilities.office.content import digest_of, whole
from yiwang.facilities.office.enums import Answer, NumberState, OpinionKind, Part, SignatureKind
from yiwang.facilities.office.events import DocumentReleased
from yiwang.facilities.office.faults import NotThese, OfficeFault, TextMoved
from yiwang.facilities.office.models import (
    Countersign,
    DocumentNumber,
    DocumentVersion,
    Handling,
    Opinion,
    Signature,
)
from yiwang.facilities.office.policies import SIGNERS, may_work, visible
from yiwang.facilities.office.rendering import kept
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_text
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted, StalePage
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.orgs.queries import tree


@transaction.atomic
def ask_countersign(
    handling_id: int,
    unit_ids: Sequence[int],
    *,
    note: str = "",
    by: Standing,
    at: datetime,
    seen_length: int | None = None,
) -> list[Countersign]:
    """Ask departments to countersign, all at once (19 (6)); each sees the document until it is released."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "ask_countersign")
    units = tree()
    wanted = [unit_id for unit_id in dict.fromkeys(unit_ids) if unit_id != handling.unit_id]
    if not wanted or not {unit.pk for unit in units.valid(on=local_day(at))}.issuperset(wanted):
        raise NotThese(_("Please choose at least one other unit."))
    with acting_as_system():
        version = frozen(handling.document, by=by, at=at)
        asked = [
            Countersign(
                handling=handling, version=version, unit_id=unit_id, asked_at=at, asked_by=by.account_id
            )
            for unit_id in wanted
        ]
        had = Countersign.objects.filter(handling=handling, version=version, unit_id__in=wanted)
        if had.exists():
            raise NotThese(_("One of them has already been asked about this very text."))
        Countersign.objects.bulk_create(asked)
        handling.unit_ids = sorted({*handling.unit_ids, *wanted})
        handling.save(update_fields=["unit_ids"])
    names = "、".join(units.name(unit_id) for unit_id in wanted)
    step(
        handling,
        "ask_countersign",
        by=by,
        at=at,
        data={"units": names, "note": note},
        seen_length=seen_length,
    )
    tell(handling, staff_of(wanted), "countersign", at=at)
    return asked


@transaction.atomic
def countersign(
    countersign_id: int, *, answer: str, text: str = "", by: Standing, at: datetime
) -> Countersign:
    """A department's answer: kept for good beside those of the others; the last one ends the countersigning."""
    asked = Countersign.objects.filter(pk=countersign_id, is_joint=False).first()
    if asked is None:
        raise Handling.DoesNotExist
    handling = locked(asked.handling_id, by=by)
    demand(by.is_system or "head" in by.roles_at(asked.unit_id), "countersigned")
    text = clean_text(text)[:4000]
    if answer not in Answer.values or (answer != Answer.AGREES and not text):
        raise NotThese(_("Please say what should be different."))
    with acting_as_system():
        asked = Countersign.objects.select_for_update().get(pk=countersign_id)
        if asked.answered_at is not None or asked.cancelled_at is not None:
            raise NotThese(_("Your unit has already answered, or is no longer asked."))
        asked.answered_at, asked.account_id, asked.answer, asked.text = at, by.account_id, answer, text
        asked.save()
        if by.account_id is not None:
            Opinion.objects.create(
                handling=handling,
                kind=OpinionKind.COUNTERSIGN,
                account_id=by.account_id,
                principal_id=principal_of(by, asked.unit_id),
                unit_id=asked.unit_id,
                text="\n".join(filter(None, [str(Answer(answer).label), text])),
                at=at,
            )
        data = {"unit_name": tree().name(asked.unit_id), "answer": answer, "text": text}
        step(handling, "countersigned", by=SYSTEM, at=at, data=data)
        open_still = Countersign.objects.filter(handling=handling, answered_at=None, cancelled_at=None)
        if not open_still.exists():
            step(handling, "end_countersigning", by=SYSTEM, at=at)
    return asked


@transaction.atomic
def end_countersigning(
    handling_id: int, *, note: str = "", by: Standing, at: datetime, seen_length: int | None = None
) -> None:
    """Go on without those who haven't answered; that they didn't stays visible."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "end_countersigning")
    with acting_as_system():
        Countersign.objects.filter(handling=handling, answered_at=None, cancelled_at=None).update(
            cancelled_at=at
        )
    step(handling, "end_countersigning", by=by, at=at, data={"note": note}, seen_length=seen_length)


@transaction.atomic
def sign(
    handling_id: int,
    *,
    digest: str,
    opinion: str = "",
    accepted: str = "",
    by: Standing,
    at: datetime,
    seen_length: int | None = None,
    request_key: str | None = None,
) -> Signature:
    """Sign exactly the bytes of that digest (22). Raises `TextMoved` when the text is another one by now."""
    handling = locked(handling_id, by=by)
    demand(bool(by.roles_at(handling.unit_id) & SIGNERS) and by.account_id is not None, "sign")
    with acting_as_system():
        version = _to_sign(handling)
        if version.digest != digest or version.content_digest != digest_of(whole(handling.document)):
            raise TextMoved
        if version.signatures.filter(kind=SignatureKind.TEXT).exists():
            raise NotAllowedNow("sign")
        made = make_signature(handling, version, SignatureKind.TEXT, by=by, at=at)
        if opinion.strip():
            _opinion(handling, OpinionKind.SIGNING, opinion, by=by, at=at)
    data = {"digest": digest, "opinion": clean_text(opinion), "accepted": accepted}
    step(handling, "sign", by=by, at=at, data=data, seen_length=seen_length, request_key=request_key)
    ask_jointly(handling, version, by=by, at=at)
    return made


@dataclass(frozen=True)
class Outcome:
    """What became of one document of a batch: signed, or the sentence that says why not."""

    handling_id: int
    title: str
    trouble: str = ""


def sign_batch(
    wanted: Iterable[tuple[int, str]],
    *,
    opinion: str = "",
    accepted: Mapping[int, str] | None = None,
    by: Standing,
    at: datetime,
) -> list[Outcome]:
    """Sign many documents with one confirmation: each is checked by itself, and each result is told.

    `accepted` names the faults that the signer was shown of a document and signs it with.
    """
    outcomes = []
    for handling_id, digest in wanted:
        title = _title(handling_id, by=by)
        try:
            with_faults = (accepted or {}).get(handling_id, "")
            sign(handling_id, digest=digest, opinion=opinion, accepted=with_faults, by=by, at=at)
        except Handling.DoesNotExist:
            outcomes.append(Outcome(handling_id, title, _("It isn't there, or isn't yours to see.")))
        except NotPermitted:
            outcomes.append(Outcome(handling_id, title, _("It isn't yours to sign.")))
        except (NotAllowedNow, StalePage):
            outcomes.append(
                Outcome(handling_id, title, _("Somebody was quicker: it no longer waits for a signature."))
            )
        except GuardFailed as refused:
            said = (
                _(refused.fault.message) % dict(refused.fault.values)
                if refused.fault.values
                else _(refused.fault.message)
            )
            outcomes.append(Outcome(handling_id, title, said))
        except OfficeFault as fault:
            outcomes.append(Outcome(handling_id, title, str(fault)))
        else:
            outcomes.append(Outcome(handling_id, title))
    return outcomes


@transaction.atomic
def enter(
    handling_id: int,
    *,
    series_id: int,
    reserved_id: int | None = None,
    copies: int = 0,
    by: Standing,
    at: datetime,
    seen_length: int | None = None,
    request_key: str | None = None,
) -> DocumentNumber:
    """Give a checked document its number, in the same transaction as its registration (25 (2))."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "enter")
    document = handling.document
    number = numbering.give(
        series_id, document=document, unit_id=handling.unit_id, reserved_id=reserved_id, by=by, at=at
    )
    with acting_as_system():
        document.number = number.text
        document.written_on = local_day(_signed_at(document.pk) or at)
        document.save(update_fields=["number", "written_on"])
        handling.copies = max(0, copies)
        handling.save(update_fields=["copies"])
    content = whole(document)
    recipients = "；".join(filter(None, [content["main"], content["others"], content["copy"]]))
    data = {
        "number": document.number,
        "recipients": recipients or _("nobody in particular"),
        "copies": str(copies),
    }
    step(handling, "enter", by=by, at=at, data=data, seen_length=seen_length, request_key=request_key)
    return number.row


@transaction.atomic
def release(
    handling_id: int,
    *,
    note: str = "",
    by: Standing,
    at: datetime,
    seen_length: int | None = None,
    request_key: str | None = None,
) -> DocumentVersion:
    """Check the print and send the document to every addressee (25 (4)); the released bytes are kept and signed."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling) and by.account_id is not None, "release")
    document = handling.document
    with acting_as_system():
        signed = _to_sign(handling)
        content = {
            **whole(document),
            "number": document.number,
            "written_on": document.written_on.isoformat() if document.written_on else "",
            "signer": signer_name(signed, handling.unit_id),
            **joint_signers(document, signed),
        }
        digest, file = kept(content, at=at)
        version = DocumentVersion(
            document=document,
            place=signed.place + 1,
            content={**content, "file": file},
            content_digest=signed.content_digest,
            digest=digest,
            is_release=True,
            account_id=by.account_id,
            at=at,
        )
        if document.versions.filter(is_release=True).exists():
            raise NotAllowedNow("release")
        version.save(force_insert=True)
        make_signature(handling, version, SignatureKind.RELEASE, by=by, at=at)
    data = {"digest": version.digest, "note": note}
    step(handling, "release", by=by, at=at, data=data, seen_length=seen_length, request_key=request_key)
    with acting_as_system():
        document.file_digest, document.released_at = version.digest, at
        document.save()
        for part, unit_ids in ((Part.MAIN, document.main_units), (Part.COPY, document.copy_units)):
            for unit_id in unit_ids:
                deliver(document, unit_id=unit_id, part=part, at=at)
        answer_with(document, at=at)
    publish(DocumentReleased(document.pk, handling.unit_id, document.number, at))
    return version


@transaction.atomic
def withdraw(
    handling_id: int, *, reasons: str, by: Standing, at: datetime, seen_length: int | None = None
) -> None:
    """Give a document up before its release; a number it had stays in the register as void."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "withdraw")
    with acting_as_system():
        drawn = DocumentNumber.objects.filter(document=handling.document, state=NumberState.ISSUED).first()
    if drawn is not None and reasons.strip():
        numbering.void(drawn.pk, reason=reasons, by=by, at=at)
    step(handling, "withdraw", by=by, at=at, data={"reasons": reasons}, seen_length=seen_length)


def _to_sign(handling: Handling) -> DocumentVersion:
    version = handling.document.versions.filter(is_release=False).order_by("-place").first()
    if version is None:
        raise NotAllowedNow("sign")
    return version


def _opinion(handling: Handling, kind: str, text: str, *, by: Standing, at: datetime) -> None:
    assert by.account_id is not None
    Opinion.objects.create(
        handling=handling,
        kind=kind,
        account_id=by.account_id,
        principal_id=principal_of(by, handling.unit_id),
        unit_id=handling.unit_id,
        text=clean_text(text)[:2000],
        at=at,
    )


def _signed_at(document_id: int) -> datetime | None:
    signatures = Signature.objects.filter(document_id=document_id, kind=SignatureKind.TEXT)
    return signatures.order_by("-pk").values_list("at", flat=True).first()


def _title(handling_id: int, *, by: Standing) -> str:
    found = Handling.objects.filter(visible(by), pk=handling_id).values_list("document__title", flat=True)
    return found.first() or ""
