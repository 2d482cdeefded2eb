"""What is kept of a document when its case is archived: 正本, 定稿, the slip, signatures with their certificate."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils import timezone

from yiwang.facilities.office.casetypes import issue_2012, receipt_2012
from yiwang.facilities.office.content import whole
from yiwang.facilities.office.enums import Direction, SignatureKind
from yiwang.facilities.office.faults import OfficeFault
from yiwang.facilities.office.models import DocumentVersion, Handling
from yiwang.facilities.office.queries import Papers, papers_of
from yiwang.facilities.office.rendering import LIMIT, blob_of, rendered
from yiwang.kernel.casework.keeping import Kept, KeptPart, keeps
from yiwang.kernel.casework.models import Case
from yiwang.kernel.files.actions import store
from yiwang.kernel.files.models import Blob
from yiwang.kernel.orgs.queries import tree

TAKEN = ("application/pdf", "application/zip", "text/plain")
"""PDF, OFD (a zip), signatures and certificate (texts)."""


@keeps(issue_2012.KEY)
@keeps(receipt_2012.KEY)
def kept_of_document(case: Case, at: datetime) -> Kept | None:
    """The parts of a document's file unit, and whose document of which day it is.

    Of one that went out: what was released as PDF and OFD with its signature, the text that was signed with every
    signature under it, texts signed before a change, the slip. Of one that came in: the slip and the document.
    """
    handling = Handling.objects.filter(case=case).select_related("document").first()
    if handling is None:
        return None
    document, papers = handling.document, papers_of(handling)
    gathered = _Gathered(document.number or document.title, at)
    if handling.direction == Direction.OUT:
        _sent(gathered, papers)
    else:
        _received(gathered, handling, papers)
    _slip(gathered, handling, case, papers)
    says = dict(papers.released.content) if papers.released else whole(document)
    return Kept(
        title=document.title,
        number=document.number,
        author="、".join(filter(None, [says["issuer"], says.get("joint", "")])),
        dated_on=_day(handling),
        parts=gathered.parts,
        missing=gathered.missing,
        metadata=_facts(handling, papers, says),
    )


class _Gathered:
    """Parts as they are found, and the names of what isn't there any more."""

    def __init__(self, name: str, at: datetime) -> None:
        self.name, self.at = name, at
        self.parts: list[KeptPart] = []
        self.missing: list[str] = []

    def add(self, role: str, what: str, blob: Blob | None) -> None:
        name = f"{self.name} {what}"
        if blob is None:
            self.missing.append(name)
        else:
            self.parts.append(KeptPart(role, name, blob))

    def write(self, role: str, what: str, data: bytes) -> None:
        self.add(
            role,
            what,
            store(BytesIO(data), filename=what, at=self.at, limit_bytes=LIMIT, allowed=TAKEN),
        )


def _sent(gathered: _Gathered, papers: Papers) -> None:
    released = papers.released
    if released is not None:
        _released(gathered, released, papers)
    signed = [one for one in papers.versions if not one.is_release and any(_texts(one, papers))]
    for version in reversed(signed):
        is_final = version is signed[-1] and released is not None
        what = "定稿" if is_final else f"签发稿（第{version.place}稿）"
        gathered.add("final" if is_final else "earlier", f"{what}.pdf", blob_of(version.content))
        for unit_id, seal in _texts(version, papers):
            if seal:
                by = f"{what} {tree().get(unit_id).name}签发签名.sig"
                gathered.write("text_signature", by, seal.encode())
    if not signed and papers.text is not None:
        gathered.add("earlier", f"未签发稿（第{papers.text.place}稿）.pdf", blob_of(papers.text.content))
    if any(one.seal for one in papers.signatures):
        # Here and not above: keys and certificates take megabytes that most processes never need.
        from yiwang.facilities.office.seals import house_certificate

        gathered.write("certificate", "签名证书.pem", house_certificate(at=gathered.at))


def _released(gathered: _Gathered, released: DocumentVersion, papers: Papers) -> None:
    gathered.add("original", "正本.pdf", blob_of(released.content))
    try:
        gathered.write("rendition", "正本.ofd", rendered(released.content, form="ofd"))
    except OfficeFault:  # a font that is no longer here
        gathered.missing.append(f"{gathered.name} 正本.ofd")
    seal = papers.signature_over(released)
    if seal is not None:
        gathered.write("original_signature", "正本签名.sig", seal.seal.encode())


def _texts(version: DocumentVersion, papers: Papers) -> Iterator[tuple[int, str]]:
    """The signatures under a text, by unit."""
    for one in papers.signatures:
        if one.version_id == version.pk and one.kind == SignatureKind.TEXT:
            yield one.unit_id, one.seal


def _received(gathered: _Gathered, handling: Handling, papers: Papers) -> None:
    document = handling.document
    if papers.released is not None:
        gathered.add("original", "来文.pdf", blob_of(papers.released.content))
        seal = papers.signature_over(papers.released)
        if seal is not None:
            gathered.write("original_signature", "来文签名.sig", seal.seal.encode())
    elif document.file_digest:
        blob = Blob.objects.filter(digest=document.file_digest).first()
        gathered.add("original", document.file_name or "来文", blob)


def _slip(gathered: _Gathered, handling: Handling, case: Case, papers: Papers) -> None:
    # Here and not above: the typesetter takes megabytes that most processes never need.
    from yiwang.facilities.office.slips import slip_pdf

    is_out = handling.direction == Direction.OUT
    role, what = ("issue_slip", "发文稿纸.pdf") if is_out else ("receipt_slip", "文件处理单.pdf")
    gathered.write(role, what, slip_pdf(handling, case, papers, at=gathered.at))


def _day(handling: Handling) -> date:
    """The day that stands on the document; the day on which it came or began where none does."""
    return handling.document.written_on or timezone.localdate(handling.began_at)


def _facts(handling: Handling, papers: Papers, says: dict[str, Any]) -> dict[str, Any]:
    """What a reader in thirty years must know of the document, without what people wrote on it."""
    return {
        "document": {
            "kind": handling.document.kind,
            "direction": handling.direction,
            "urgency": handling.document.urgency,
            "register_number": handling.register_number,
            "main": says["main"],
            "copy": says["copy"],
            "signatures": [
                {
                    "kind": one.kind,
                    "unit": tree().get(one.unit_id).name,
                    "at": one.at.isoformat(),
                    "sha256": one.digest,
                }
                for one in papers.signatures
                if handling.direction == Direction.OUT or one.kind == SignatureKind.RELEASE
            ],
        }
    }
