"""What every act with a document begins with: find it for whoever asks, lock it, then write as the house."""

import hashlib
from datetime import datetime
from typing import Any

from yiwang.facilities.office import content as words
from yiwang.facilities.office import rendering
from yiwang.facilities.office.models import DocumentVersion, Handling, OfficialDocument
from yiwang.facilities.office.policies import visible
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework import actions as casework
from yiwang.kernel.casework.faults import NotPermitted
from yiwang.kernel.casework.models import JournalEntry


def locked(handling_id: int, *, by: Standing) -> Handling:
    """The handling and its document, held until the transaction ends; raises `Handling.DoesNotExist`.

    The document is locked first and the handling after it, always in this order.
    """
    found = Handling.objects.filter(visible(by), pk=handling_id).values_list("document_id", flat=True).first()
    if found is None:
        raise Handling.DoesNotExist
    with acting_as_system():
        document = OfficialDocument.objects.select_for_update().get(pk=found)
        handling = Handling.objects.select_for_update().get(pk=handling_id)
    handling.document = document
    return handling


def demand(is_permitted: object, verb: str) -> None:
    """Raise `NotPermitted` unless a policy said yes."""
    if not is_permitted:
        raise NotPermitted(verb)


def step(
    handling: Handling,
    verb: str,
    *,
    by: Standing,
    at: datetime,
    data: dict[str, Any] | None = None,
    files: Any = (),
    seen_length: int | None = None,
    request_key: str | None = None,
) -> JournalEntry:
    """Take a step of the handling's case through the one door."""
    assert handling.case_id is not None
    return casework.take(
        handling.case_id,
        verb,
        by=by,
        at=at,
        data=data,
        files=files,
        seen_length=seen_length,
        request_key=request_key,
    )


def frozen(document: OfficialDocument, *, by: Standing, at: datetime) -> DocumentVersion:
    """The text as it stands, kept as a version with its rendered bytes; the last one when it is the same."""
    content = words.whole(document)
    content_digest = words.digest_of(content)
    last = document.versions.order_by("-place").first()
    if last is not None and last.content_digest == content_digest:
        return last
    digest, file = rendering.kept(content, at=at)
    return DocumentVersion.objects.create(
        document=document,
        place=last.place + 1 if last else 1,
        content={**content, "file": file},
        content_digest=content_digest,
        digest=digest,
        account_id=by.account_id,
        at=at,
    )


def principal_of(by: Standing, unit_id: int) -> int | None:
    """Whose post at the unit is exercised, when it is somebody else's."""
    held = [post for post in by.posts if post.unit_id == unit_id]
    if not held or any(post.principal_id is None for post in held):
        return None
    return held[0].principal_id


def key_of(*parts: object) -> str:
    """A short key that is the same for the same news."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:40]
