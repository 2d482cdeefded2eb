"""Several units issue one document: each signs the same text (22), or one refuses and it goes back to the drafter."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.facilities.office.actions.acts import demand, key_of, locked, principal_of, step
from yiwang.facilities.office.content import digest_of, joint_units, whole
from yiwang.facilities.office.enums import Answer, SignatureKind
from yiwang.facilities.office.events import DocumentWaits, TextSigned
from yiwang.facilities.office.faults import NotThese, TextMoved
from yiwang.facilities.office.models import (
    Countersign,
    DocumentVersion,
    Handling,
    OfficialDocument,
    Signature,
)
from yiwang.facilities.office.policies import SIGNERS, STAFF, may_sign_for
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_text
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.models import Account, Post


def ask_jointly(handling: Handling, version: DocumentVersion, *, by: Standing, at: datetime) -> None:
    """After the lead unit's signature: ask every other unit that issues the document for its own; nothing without any."""
    wanted = joint_units(handling.document)
    if not wanted:
        return
    with acting_as_system():
        Countersign.objects.bulk_create(
            Countersign(
                handling=handling,
                version=version,
                unit_id=unit_id,
                asked_at=at,
                asked_by=by.account_id,
                is_joint=True,
            )
            for unit_id in wanted
        )
        handling.unit_ids = sorted({*handling.unit_ids, *wanted})
        handling.save(update_fields=["unit_ids"])
        names = "、".join(tree().name(unit_id) for unit_id in wanted)
        step(handling, "ask_joint", by=SYSTEM, at=at, data={"units": names})
    tell(handling, _people_of(wanted, SIGNERS), "joint", at=at)


@transaction.atomic
def sign_jointly(
    countersign_id: int, *, answer: str, digest: str, text: str = "", by: Standing, at: datetime
) -> Countersign:
    """A unit signs the very bytes of that digest with the others, or refuses with reasons.

    The last signature makes the document signed; a refusal sends it back to the drafter and ends what is still
    asked. Raises `TextMoved`, `NotPermitted`, `NotThese`.
    """
    asked = Countersign.objects.filter(pk=countersign_id, is_joint=True).first()
    if asked is None:
        raise Handling.DoesNotExist
    handling = locked(asked.handling_id, by=by)
    demand(by.account_id is not None and may_sign_for(by, asked.unit_id, on=local_day(at)), "sign_jointly")
    text = clean_text(text)[:4000]
    if answer not in (Answer.AGREES, Answer.OBJECTS) or (answer == Answer.OBJECTS and not text):
        raise NotThese(_("Please say why your unit doesn't sign."))
    with acting_as_system():
        asked = Countersign.objects.select_for_update().select_related("version").get(pk=countersign_id)
        if asked.answered_at is not None or asked.cancelled_at is not None:
            raise NotThese(_("Your unit has already answered, or is no longer asked."))
        version = asked.version
        if version.digest != digest or version.content_digest != digest_of(whole(handling.document)):
            raise TextMoved
        asked.answered_at, asked.account_id, asked.answer, asked.text = at, by.account_id, answer, text
        asked.save()
        open_still = Countersign.objects.filter(handling=handling, answered_at=None, cancelled_at=None)
        said: dict[str, Any] = {"unit_name": tree().name(asked.unit_id)}
        if answer == Answer.OBJECTS:
            open_still.update(cancelled_at=at)
            step(handling, "refuse_joint", by=SYSTEM, at=at, data={**said, "reasons": text})
            tell(handling, staff_of([handling.unit_id]), "refused", at=at)
            return asked
        make_signature(handling, version, SignatureKind.TEXT, by=by, at=at, unit_id=asked.unit_id)
        step(handling, "sign_jointly", by=SYSTEM, at=at, data={**said, "digest": digest, "opinion": text})
        if not open_still.exists():
            step(handling, "all_signed", by=SYSTEM, at=at)
            tell(handling, staff_of([handling.unit_id]), "all_signed", at=at)
    return asked


def end_asking(case_id: int, *, at: datetime) -> None:
    """Ask nobody any more for a signature under a document that was opened again or given up."""
    Countersign.objects.filter(
        handling__case_id=case_id, is_joint=True, answered_at=None, cancelled_at=None
    ).update(cancelled_at=at)


def signer_name(version: DocumentVersion, unit_id: int) -> str:
    """Who signed a version for a unit: the name of whoever holds the post, not of who stood in."""
    made = version.signatures.filter(kind=SignatureKind.TEXT, unit_id=unit_id).first()
    who = (made.principal_id or made.account_id) if made else 0
    return Account.objects.filter(pk=who).values_list("name", flat=True).first() or ""


def joint_signers(document: OfficialDocument, version: DocumentVersion) -> dict[str, Any]:
    """Who signed for the other units, in their order, as the document names them; nothing for most documents."""
    units = joint_units(document)
    if not units:
        return {}
    return {"joint_signers": [[tree().get(unit).name, signer_name(version, unit)] for unit in units]}


def make_signature(
    handling: Handling,
    version: DocumentVersion,
    kind: str,
    *,
    by: Standing,
    at: datetime,
    unit_id: int | None = None,
) -> Signature:
    """Keep a signature over a version's exact bytes: for the handling's unit, or for one that issues it too."""
    # Here and not above: keys and certificates take megabytes that most processes never need.
    from yiwang.facilities.office.seals import seal_over

    assert by.account_id is not None
    unit_id = unit_id or handling.unit_id
    principal_id = principal_of(by, unit_id)
    made = Signature.objects.create(
        document=handling.document,
        version=version,
        kind=kind,
        account_id=by.account_id,
        principal_id=principal_id,
        unit_id=unit_id,
        digest=version.digest,
        seal=seal_over(version, at=at),
        at=at,
    )
    publish(
        TextSigned(
            handling.document_id,
            version.pk,
            unit_id,
            by.account_id,
            principal_id,
            kind,
            version.digest,
            at,
        )
    )
    return made


def staff_of(unit_ids: Iterable[int]) -> list[int]:
    """The clerks and heads of some units."""
    return _people_of(unit_ids, STAFF)


def _people_of(unit_ids: Iterable[int], roles: frozenset[str]) -> list[int]:
    held = Post.objects.filter(
        unit_id__in=list(unit_ids),
        role__in=sorted(roles),
        granted_at__isnull=False,
        refused_at=None,
        until_on=None,
    )
    return sorted(set(held.values_list("account_id", flat=True)))


def tell(handling: Handling, account_ids: Sequence[int], why: str, *, at: datetime) -> None:
    """Say that a document waits for people, and why."""
    if account_ids:
        key = key_of(why, handling.pk, at.isoformat())
        publish(DocumentWaits(handling.pk, tuple(account_ids), why, key, at))
