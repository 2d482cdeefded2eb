"""What the words on the pages say, as a document again, so that the rules between offices can be asked."""

import re
from datetime import date

from yiwang.facilities.office.layout.recognise import NUMBER, Parts
from yiwang.facilities.office.rules import document
from yiwang.facilities.office.rules.document import (
    Direction,
    Kind,
    Number,
    OfficialDocument,
    Sealing,
    Signer,
)


def document_of(parts: Parts) -> OfficialDocument | None:
    """A document with what could be read; nothing when its kind can't be told."""
    title = parts.title_text()
    plain = re.sub(r"（[^）]*）$", "", title)
    kind = next((kind for kind in Kind if plain.endswith(kind.value)), None)
    if kind is None:
        return None
    is_up = kind in (Kind.REQUEST, Kind.REPORT, Kind.BILL) or parts.signer is not None
    found = NUMBER.search(parts.number.text) if parts.number else None
    copies, printed = _imprint(parts)
    return OfficialDocument(
        kind=kind,
        title=title,
        units=(parts.unit[1].text,) if parts.unit else (),
        body=_body(parts),
        signed_on=_day(parts.date[1].text) if parts.date else None,
        form=parts.form,
        direction=Direction.UP if is_up else Direction.DOWN,
        number=Number.parse(found[0]) if found else None,
        signers=(Signer(parts.signer.text),) if parts.signer else (),
        recipients=_names("".join(line.text for line in parts.recipients)),
        attachments=tuple(document.Attachment(line.text) for _, line in parts.attachment_list),
        sealing=Sealing.SEAL,
        copies=copies,
        printed_on=printed,
    )


def _body(parts: Parts) -> str:
    """The lines of the text joined to paragraphs again: one that begins two characters in begins a paragraph."""
    paragraphs: list[str] = []
    for _, line in parts.body:
        if parts.column(line) > 1.5 or not paragraphs:
            paragraphs.append(line.text)
        else:
            paragraphs[-1] += line.text
    return "\n".join(paragraphs)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in re.split(r"[、，]", text.rstrip("：:。")) if name)


def _imprint(parts: Parts) -> tuple[tuple[str, ...], date | None]:
    lines = [line.text for _, line in parts.imprint]
    copied = "".join(line for line in lines if not line.endswith("印发"))
    names = _names(re.sub(r"^抄\s*送[：:]?", "", copied)) if copied.startswith("抄") else ()
    printed = next((_day(line) for line in lines if line.endswith("印发")), None)
    return names, printed


def _day(text: str) -> date | None:
    found = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日", text.replace(" ", ""))
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
