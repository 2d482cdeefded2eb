"""State secrets are refused: one function finds the marks of secrecy, for drafts, imports and files alike."""

import re
import unicodedata
from dataclasses import dataclass

from yiwang.facilities.office.rules.document import OfficialDocument

LAW = "《中华人民共和国保守国家秘密法》第三十条、第三十一条"
"""The articles that keep state secrets out of networks that aren't made for them."""

_GRADE = r"(?:绝\s*密|机\s*密|秘\s*密)"
_TERM = r"(?:长期|\d+\s*(?:年|个月|月|天))"
_MARKS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"{_GRADE}\s*级?\s*[★☆✩✭*]\s*{_TERM}?",
        rf"密\s*级\s*(?:和保密期限)?\s*[:：]?\s*[【（(]?{_GRADE}",
        rf"^[ \t\u3000]*[【\[〔（(]?{_GRADE}级?件?[】\]〕）)]?[ \t\u3000]*{_TERM}?[ \t\u3000]*$",
        rf"[【\[〔（(]{_GRADE}级?件?[】\]〕）)]",
        rf"保密期限\s*[:：]\s*{_TERM}",
        rf"(?:本|此|该)(?:文件|公文|材料|文|件)(?:属于?|为|系|是)(?:国家)?(?:{_GRADE}|涉密)",
    )
)
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True)
class SecretMark:
    """A mark of secrecy: the element it stands in and its words."""

    element: str
    words: str


class SecretRefused(ValueError):
    """The document bears a mark of secrecy; it must not be kept, sent or set here."""

    def __init__(self, marks: tuple[SecretMark, ...]) -> None:
        self.marks = marks
        super().__init__(reason(marks))


def marks_in(text: str, *, element: str = "正文") -> tuple[SecretMark, ...]:
    """The marks of secrecy in a text; speaking *of* secrets (泄露国家秘密、商业秘密) is none."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).replace("﹡", "*")
    return tuple(SecretMark(element, found[0].strip()) for mark in _MARKS for found in mark.finditer(plain))


def marks_of(document: OfficialDocument) -> tuple[SecretMark, ...]:
    """The marks of secrecy anywhere in a document; any entry in 密级和保密期限 is one."""
    found = [SecretMark("密级和保密期限", document.secrecy)] if document.secrecy.strip() else []
    for element, text in document.texts():
        found += marks_in(text, element=element)
    return tuple(dict.fromkeys(found))


def reason(marks: tuple[SecretMark, ...]) -> str:
    """Why a document is refused, in one sentence for whoever brought it."""
    first = marks[0]
    return (
        f"{first.element}中有国家秘密标志“{first.words}”。本系统运行在非涉密网络，依照{LAW}，"
        "不得存储、处理、传输涉密公文；请改用涉密渠道办理，并按规定报告保密工作机构。"
    )


def refuse_secrets(document: OfficialDocument) -> None:
    """Raise `SecretRefused` when a document bears any mark of secrecy."""
    marks = marks_of(document)
    if marks:
        raise SecretRefused(marks)
