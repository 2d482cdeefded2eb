"""What a document says, as one plain record: what is laid out, what is signed, what is compared with it.

`digest_of` is the same for the same words, whoever asks and in whatever order the record was made.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from yiwang.facilities.office.models import OfficialDocument
from yiwang.kernel.base.text import clean_line, clean_text
from yiwang.kernel.orgs.queries import tree

LONGEST = 60_000
"""Characters of a document's text."""


def cleaned(content: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody typed, as it is kept."""
    said = {
        "body": clean_text(str(content.get("body", "")))[:LONGEST],
        "others": clean_line(str(content.get("others", "")))[:200],
        "attachments": [
            clean_line(str(name))[:100] for name in content.get("attachments", ()) if str(name).strip()
        ],
        "note": clean_line(str(content.get("note", "")))[:100],
    }
    # What few documents have stands in the record only when it is there: the digests of the others stay.
    rare = {
        "order_number": clean_line(str(content.get("order_number") or ""))[:5],
        "letterhead": clean_text(str(content.get("letterhead", "")))[:200],
        "sealing": str(content.get("sealing", ""))[:12],
        "signer_post": clean_line(str(content.get("signer_post", "")))[:30],
        "joint_units": [int(unit_id) for unit_id in dict.fromkeys(content.get("joint_units") or ())],
        "attachment_texts": clean_text(str(content.get("attachment_texts", "")))[:LONGEST],
    }
    return {**said, **{key: value for key, value in rare.items() if value}}


def whole(document: OfficialDocument) -> dict[str, Any]:
    """Everything that stands on the document but its number and day, which it gets when it is registered."""
    joint = _names(joint_units(document))
    return {
        **({"joint": joint} if joint else {}),
        "kind": document.kind,
        "urgency": document.urgency,
        "title": document.title,
        "issuer": _names([document.origin_unit_id]) if document.origin_unit_id else document.origin,
        "main": _names(document.main_units),
        "copy": _names(document.copy_units),
        **cleaned(document.content),
    }


def joint_units(document: OfficialDocument) -> list[int]:
    """The units that issue a document with its own, in their order; none for most documents."""
    return [
        unit_id for unit_id in document.content.get("joint_units", ()) if unit_id != document.origin_unit_id
    ]


def digest_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of what a document says."""
    words = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


def _names(unit_ids: Iterable[int | None]) -> str:
    """The full names of units, as they stand on a document."""
    units = tree()
    return "、".join(units.get(unit_id).name for unit_id in unit_ids if unit_id is not None)
