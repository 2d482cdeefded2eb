"""Whether a file is an official document as the standard wants it: what was found, by clause, and what wasn't seen."""

from dataclasses import dataclass
from typing import Any

from yiwang.facilities.office.layout import page_rules_below
from yiwang.facilities.office.layout.read_packages import read_docx, read_ofd
from yiwang.facilities.office.layout.read_pdf import Unreadable, read_pdf
from yiwang.facilities.office.layout.recognise import Parts, recognise
from yiwang.facilities.office.layout.seen import Seen, face_of
from yiwang.facilities.office.layout.words_of_pages import document_of
from yiwang.facilities.office.rules.between import faults_between
from yiwang.facilities.office.rules.ruling import Fault
from yiwang.facilities.office.rules.secrecy import LAW

LARGEST = 64 << 20
PAGE_RULES = page_rules_below.page_rules
"""The rules of the page, both parts."""
FROM_PAGES = (
    "title-subject",
    "title-twice",
    "number-year",
    "up-one-addressee",
    "request-one-matter",
    "request-closing",
    "report-asks",
    "to-a-person",
    "recipient-copied",
    "to-itself",
    "named-twice",
    "attachments-announced",
    "printed-early",
    "section-outward",
    "joint-rank",
    "levels-in-order",
    "cited-brackets",
    "cited-zero",
    "body-date-zero",
    "recipients-missing",
)
"""The rules between offices that the words on the pages alone can break."""


@dataclass(frozen=True)
class Verdict:
    """What a file was found to be."""

    kind: str
    pages: int
    elements: dict[str, str]
    faults: tuple[Fault, ...]
    unseen: tuple[str, ...]
    is_refused: bool

    @property
    def is_sound(self) -> bool:
        """Whether nothing but advice was found."""
        return not any(not fault.rule.is_advice for fault in self.faults)

    def record(self) -> dict[str, Any]:
        """The verdict as plain values."""
        return {
            "is_sound": self.is_sound,
            "is_refused": self.is_refused,
            "format": self.kind,
            "pages": self.pages,
            "elements": self.elements,
            "faults": [fault.record() for fault in self.faults],
            "unseen": list(self.unseen),
        }


def verify(data: bytes) -> Verdict:
    """Look at a PDF, DOCX or OFD as it is rendered and name every fault. Raises `Unreadable`."""
    return verdict_on(see(data))


def see(data: bytes) -> Seen:
    """Read a file by what it is, not by its name. Raises `Unreadable`."""
    if len(data) > LARGEST:
        raise Unreadable("文件过大")
    if data[:5] == b"%PDF-":
        return read_pdf(data)
    if data[:4] == b"PK\x03\x04":
        return read_ofd(data) if b"OFD.xml" in data[:200] or b"OFD.xml" in data[-4000:] else read_docx(data)
    raise Unreadable("只能核验PDF、DOCX和OFD文件")


def verdict_on(seen: Seen) -> Verdict:
    """Name every fault of what was seen."""
    if seen.kind == "pdf" and not any(page.lines for page in seen.pages):
        return Verdict(
            seen.kind, len(seen.pages), {}, (), (*seen.unseen, "没有可读文字，未作任何核验"), False
        )
    parts = recognise(seen)
    faults = PAGE_RULES.faults(parts)
    is_refused = any(fault.rule.code == "secret-mark" for fault in faults)
    document = document_of(parts)
    if document is not None:
        wanted = set(FROM_PAGES)
        faults += tuple(fault for fault in faults_between(document) if fault.rule.code in wanted)
    unseen = [*seen.unseen, *_unseen(parts)]
    if is_refused:
        unseen.append(f"文件带有国家秘密标志，依照{LAW}不予受理")
    return Verdict(seen.kind, len(seen.pages), _elements(parts), faults, tuple(unseen), is_refused)


def _unseen(parts: Parts) -> list[str]:
    found = []
    fonts = {
        text.font for page in parts.seen.pages for line in page.lines for text in line.texts if text.font
    }
    strange = sorted(font for font in fonts if face_of(font) is None)
    if strange:
        found.append(f"字体{'、'.join(strange)}不是规定字体的名称，未核对其字体种类")
    if not parts.logo:
        found.append("没有找到红色版头，版头各要素的位置未核验")
    found.append("印章是否盖全、印章与正文的距离需要人工查看")
    return found


def _elements(parts: Parts) -> dict[str, str]:
    """The elements that were recognised, with their words."""
    lines = {
        "发文机关标志": "".join(line.text for line in parts.logo),
        "份号": parts.copy_number.text if parts.copy_number else "",
        "紧急程度": parts.urgency.text if parts.urgency else "",
        "发文字号": parts.number.text if parts.number else "",
        "签发人": parts.signer.text if parts.signer else "",
        "标题": parts.title_text(),
        "主送机关": "".join(line.text for line in parts.recipients),
        "正文": f"{len(parts.body)}行" if parts.body else "",
        "附件说明": "".join(line.text for _, line in parts.attachment_list),
        "发文机关署名": parts.unit[1].text if parts.unit else "",
        "成文日期": parts.date[1].text if parts.date else "",
        "附注": parts.note[1].text if parts.note else "",
        "附件": f"{len(parts.attachments)}件" if parts.attachments else "",
        "版记": "".join(line.text for _, line in parts.imprint),
        "页码": f"{len(parts.numbers)}面" if parts.numbers else "",
    }
    return {name: words for name, words in lines.items() if words}
