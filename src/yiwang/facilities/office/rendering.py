"""The bytes that people read, sign and download: a document laid out, each format from the same text."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from yiwang.facilities.office.enums import DocumentKind, Urgency
from yiwang.kernel.files.actions import store
from yiwang.kernel.files.models import Blob

LIMIT = 50 * 1024 * 1024


def rendered(content: Mapping[str, Any]) -> bytes:
    """The document as it is signed: the same content always gives the same bytes."""
    return plain(content).encode()


def plain(content: Mapping[str, Any]) -> str:
    """The document as plain text, line by line as it stands on the sheet."""
    lines = [
        *([str(Urgency(content["urgency"]).label)] if content.get("urgency") else []),
        content["issuer"],
        content.get("number", ""),
        "",
        content["title"],
        "",
        f"{content['main']}：" if content["main"] or content["others"] else "",
        content["body"],
        "",
        *[f"附件：{place}. {name}" for place, name in enumerate(content["attachments"], 1)],
        content["issuer"],
        content.get("written_on", ""),
        content["note"],
        f"抄送：{content['copy']}" if content["copy"] else "",
    ]
    return "\n".join(str(line) for line in lines).strip() + "\n"


def kept(content: Mapping[str, Any], *, at: datetime) -> str:
    """Keep the rendered document among the files and return the digest of its bytes."""
    data = rendered(content)
    kind = str(DocumentKind(content["kind"]).value)
    store(BytesIO(data), filename=f"{kind}.txt", at=at, limit_bytes=LIMIT)
    return hashlib.sha256(data).hexdigest()


def blob_of(content: Mapping[str, Any], *, at: datetime) -> Blob:
    """The file of a rendered document."""
    return store(BytesIO(rendered(content)), filename="document.txt", at=at, limit_bytes=LIMIT)
