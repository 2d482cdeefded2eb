"""What stands in a package: the facts of a file unit as JSON and as XML, always in the same bytes."""

import json
from typing import Any
from xml.sax.saxutils import escape

from yiwang.facilities.archive.models import FileUnit
from yiwang.facilities.archive.rules import Place

FORMAT = "yiwang-archive-package"
VERSION = 1
MANIFEST, SEAL, CATALOGUE = "manifest.json", "manifest.sha256", "catalogue.json"


def in_bytes(facts: Any) -> bytes:
    """JSON that is the same for the same facts."""
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def place_of(found: FileUnit) -> Place:
    """Where a numbered file unit stands."""
    if found.item_number is None or found.year is None:
        raise ValueError(f"file unit {found.pk} has no number")
    return Place(
        found.fonds.number, found.category, found.year, found.period, found.section, found.item_number
    )


def folder_of(place: Place) -> str:
    """The folder of a file unit, in letters that every file system takes."""
    return f"units/{place.category}-{place.year}-{place.period}-{place.section}-{place.item:04d}"


def facts_of(found: FileUnit) -> dict[str, Any]:
    """Everything that is handed over of a file unit; no number of this database stands in it."""
    return {
        "archive_number": place_of(found).archive_number,
        "title": found.title,
        "document_number": found.document_number,
        "author": found.author,
        "dated_on": found.dated_on.isoformat(),
        "pages": found.pages,
        "security": "",
        "remark": found.remark,
        "source": found.source,
        "source_key": found.source_key,
        "composed_at": found.composed_at.isoformat(),
        "classified_at": found.classified_at.isoformat() if found.classified_at else None,
        "numbered_at": found.numbered_at.isoformat() if found.numbered_at else None,
        "disposed_at": found.disposed_at.isoformat() if found.disposed_at else None,
        "metadata": found.metadata,
        "parts": [
            {
                "place": part.place,
                "role": part.role,
                "name": part.name,
                "media_type": part.media_type,
                "size": part.size,
                "blake3": part.digest,
            }
            for part in found.parts.all()
        ],
    }


def in_xml(facts: dict[str, Any]) -> bytes:
    """The same facts as XML, for readers that want it."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + _element("fileUnit", facts, 0)).encode()


def _element(name: str, value: Any, depth: int) -> str:
    pad = " " * depth
    if isinstance(value, dict):
        inner = "".join(
            _element("entry", value[key], depth + 1).replace("<entry", f"<entry name={_quoted(key)}", 1)
            for key in sorted(value)
        )
        return f"{pad}<{name}>\n{inner}{pad}</{name}>\n"
    if isinstance(value, list):
        inner = "".join(_element("item", each, depth + 1) for each in value)
        return f"{pad}<{name}>\n{inner}{pad}</{name}>\n"
    if value is None:
        return f"{pad}<{name}/>\n"
    return f"{pad}<{name}>{escape(_legible(str(value)))}</{name}>\n"


def _quoted(key: str) -> str:
    return '"' + escape(_legible(key), {'"': "&quot;"}) + '"'


def _legible(text: str) -> str:
    """Without the control characters that XML has no way to write."""
    return "".join(c for c in text if c in "\t\n\r" or ord(c) >= 0x20)
