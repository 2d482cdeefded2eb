"""The bytes that people read, sign and download: one text laid out, and written in three formats."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from yiwang.facilities.office.enums import DocumentKind, Urgency
from yiwang.facilities.office.faults import Classified, NotThese
from yiwang.facilities.office.layout.compose import lay_out
from yiwang.facilities.office.layout.docx import write_docx
from yiwang.facilities.office.layout.fonts.faces import Fonts, MissingGlyph, fonts_in
from yiwang.facilities.office.layout.ofd import write_ofd
from yiwang.facilities.office.layout.pdf import write_pdf
from yiwang.facilities.office.layout.sheet import Sheet
from yiwang.facilities.office.rules import document as rules
from yiwang.facilities.office.rules.secrecy import SecretRefused
from yiwang.kernel.base.config import installation
from yiwang.kernel.files.actions import store
from yiwang.kernel.files.models import Blob

LIMIT = 50 * 1024 * 1024
FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ofd": "application/ofd",
}
"""The formats in which a document is taken along."""

KINDS = {
    DocumentKind.RESOLUTION: rules.Kind.RESOLUTION,
    DocumentKind.DECISION: rules.Kind.DECISION,
    DocumentKind.ORDER: rules.Kind.ORDER,
    DocumentKind.COMMUNIQUE: rules.Kind.COMMUNIQUE,
    DocumentKind.ANNOUNCEMENT: rules.Kind.PROCLAMATION,
    DocumentKind.PUBLIC_NOTICE: rules.Kind.ANNOUNCEMENT,
    DocumentKind.OPINIONS: rules.Kind.OPINION,
    DocumentKind.NOTICE: rules.Kind.NOTICE,
    DocumentKind.CIRCULAR: rules.Kind.CIRCULAR,
    DocumentKind.REPORT: rules.Kind.REPORT,
    DocumentKind.REQUEST: rules.Kind.REQUEST,
    DocumentKind.REPLY: rules.Kind.REPLY,
    DocumentKind.PROPOSAL: rules.Kind.BILL,
    DocumentKind.LETTER: rules.Kind.LETTER,
    DocumentKind.MINUTES: rules.Kind.MINUTES,
}
FORMS = {
    DocumentKind.LETTER: rules.Form.LETTER,
    DocumentKind.MINUTES: rules.Form.MINUTES,
    DocumentKind.ORDER: rules.Form.ORDER,
}
UPWARDS = frozenset({DocumentKind.REQUEST, DocumentKind.REPORT})
URGENCIES = {Urgency.URGENT: rules.Urgency.SPEEDY, Urgency.MOST_URGENT: rules.Urgency.TOP}


@cache
def fonts() -> Fonts:
    """The fonts of this installation, read once: those that the office laid into `fonts` of its data come first."""
    return fonts_in(installation().data / "fonts")


def as_document(content: Mapping[str, Any]) -> rules.OfficialDocument:
    """What a document says, as the layout wants it."""
    kind = DocumentKind(content["kind"])
    day = date.fromisoformat(content["written_on"]) if content.get("written_on") else None
    sealing = _sealing(kind, str(content.get("sealing", "")))
    is_named = kind in UPWARDS or sealing is rules.Sealing.SIGNATURE
    joint = tuple(filter(None, str(content.get("joint", "")).split("、")))
    signer: tuple[rules.Signer, ...] = ()
    if content.get("signer") and is_named:
        lead = content["issuer"] if joint else ""
        signer = (rules.Signer(content["signer"], unit=lead, post=content.get("signer_post", "")),)
        signer += tuple(rules.Signer(name, unit=unit) for unit, name in content.get("joint_signers", ()))
    head = [line.strip() for line in content.get("letterhead", "").splitlines() if line.strip()]
    texts = rules.attachment_texts(content.get("attachment_texts", ""))
    order = str(content.get("order_number", ""))
    return rules.OfficialDocument(
        kind=KINDS[kind],
        title=content["title"],
        units=(content["issuer"], *joint),
        body=content["body"],
        signed_on=day,
        form=FORMS.get(kind, rules.Form.GENERAL),
        sealing=sealing,
        order_number=int(order) if order.isdecimal() else None,
        letterhead=tuple(line.removesuffix("文件") for line in head),
        has_word_document=not head or head[-1].endswith("文件"),
        direction=rules.Direction.UP if kind in UPWARDS else rules.Direction.DOWN,
        number=rules.Number.parse(content.get("number", "")),
        urgency=URGENCIES.get(Urgency(content["urgency"])),
        signers=signer,
        recipients=tuple(filter(None, [*content["main"].split("、"), content["others"]])),
        attachments=tuple(
            rules.Attachment(name, texts.get(place, ""))
            for place, name in enumerate(content["attachments"], 1)
        ),
        note=content["note"],
        copies=tuple(filter(None, content["copy"].split("、"))),
        printed_by=content["issuer"] if day else "",
        printed_on=day,
    )


def head_lines(content: Mapping[str, Any]) -> tuple[Sequence[str], str]:
    """What the head prints in red, as the pages have it: each name on a line, and in the general form 文件 beside."""
    document = as_document(content)
    ending = "文件" if document.has_word_document and document.form is rules.Form.GENERAL else ""
    return document.heads, ending


def _sealing(kind: DocumentKind, chosen: str) -> rules.Sealing:
    """Minutes bear no seal; everything else bears one unless somebody chose otherwise."""
    if kind == DocumentKind.MINUTES:
        return rules.Sealing.NONE
    return rules.Sealing(chosen) if chosen in set(rules.Sealing) else rules.Sealing.SEAL


def laid_out(content: Mapping[str, Any]) -> Sheet:
    """The pages of a document; raises `Classified` when it bears a mark of secrecy."""
    try:
        return lay_out(as_document(content))
    except SecretRefused as refused:
        raise Classified(refused.marks[0].words) from refused


def rendered(content: Mapping[str, Any], *, form: str = "pdf") -> bytes:
    """The document in a format; the same content and fonts always give the same bytes.

    Raises `NotThese` for a character that no font has.
    """
    sheet = laid_out(content)
    try:
        if form == "docx":
            return write_docx(sheet)
        if form == "ofd":
            return write_ofd(sheet, fonts=fonts(), on=as_document(content).signed_on)
        return write_pdf(sheet, fonts=fonts())
    except MissingGlyph as missing:
        words = _("No font here has the character %(character)s; please write it otherwise, or add a font.")
        raise NotThese(words % {"character": missing.character}) from missing


def kept(content: Mapping[str, Any], *, at: datetime) -> tuple[str, str]:
    """Keep the document as PDF; returns the SHA-256 of its bytes, which is signed, and where they are kept."""
    data = rendered(content)
    blob = store(BytesIO(data), filename="document.pdf", at=at, limit_bytes=LIMIT)
    return hashlib.sha256(data).hexdigest(), blob.digest


def blob_of(content: Mapping[str, Any]) -> Blob | None:
    """The kept bytes of a version, exactly as they were signed."""
    return Blob.objects.filter(digest=content.get("file", "")).first()
