"""Every rule of the page: what we write keeps it in each format, and a spoilt page is told so."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pytest

from tests.facilities.office.corpus import documents
from yiwang.facilities.office.layout.compose import lay_out
from yiwang.facilities.office.layout.docx import write_docx
from yiwang.facilities.office.layout.fonts.faces import fonts_in
from yiwang.facilities.office.layout.ofd import write_ofd
from yiwang.facilities.office.layout.pdf import write_pdf
from yiwang.facilities.office.layout.seen import Seen, SeenLine, SeenPage, SeenStroke, SeenText
from yiwang.facilities.office.layout.verifying import PAGE_RULES, see, verdict_on, verify

ALL = documents()
WHOLE, LONG, JOINT_REQUEST, REQUEST, LETTER, ORDER, MINUTES = 0, 1, 13, 22, 28, 30, 32
Spoil = Callable[[Seen], Seen]


@cache
def good(place: int) -> Seen:
    """A document as it is seen in its OFD."""
    return see(write_ofd(lay_out(ALL[place]), fonts=fonts_in()))


def each_text(
    change: Callable[[SeenText], SeenText | None], pattern: str, seen: Seen, *, page: int = 0
) -> Seen:
    """Change the words of the lines that match; `page` 0 is every page."""
    pages = []
    for number, one in enumerate(seen.pages, 1):
        lines = []
        for line in one.lines:
            if (page and number != page) or not re.search(pattern, line.text):
                lines.append(line)
                continue
            texts = tuple(new for text in line.texts if (new := change(text)) is not None)
            if texts:
                lines.append(SeenLine(texts))
        pages.append(replace(one, lines=tuple(lines)))
    return replace(seen, pages=tuple(pages))


def moved(pattern: str, *, right: float = 0, down: float = 0, page: int = 0) -> Spoil:
    return partial(
        each_text,
        lambda text: replace(text, x=text.x + right, right=text.right + right, top=text.top + down),
        pattern,
        page=page,
    )


def sized(pattern: str, size: float) -> Spoil:
    return partial(each_text, lambda text: replace(text, size=size), pattern)


def in_font(pattern: str, font: str) -> Spoil:
    return partial(each_text, lambda text: replace(text, font=font), pattern)


def red(pattern: str) -> Spoil:
    return partial(each_text, lambda text: replace(text, is_red=True), pattern)


def without(pattern: str, *, page: int = 0) -> Spoil:
    return partial(each_text, lambda _: None, pattern, page=page)


def said(pattern: str, old: str, new: str) -> Spoil:
    return partial(each_text, lambda text: replace(text, text=text.text.replace(old, new)), pattern)


def ruled(change: Callable[[SeenStroke], SeenStroke | None], *, red: bool) -> Spoil:
    def spoil(seen: Seen) -> Seen:
        def strokes(page: SeenPage) -> tuple[SeenStroke, ...]:
            return tuple(
                new
                for each in page.strokes
                if (new := change(each) if each.is_red == red and not each.is_upright else each) is not None
            )

        return replace(seen, pages=tuple(replace(page, strokes=strokes(page)) for page in seen.pages))

    return spoil


def with_line(text: str, *, x: float, top: float, size: float = 5.54, page: int = 1) -> Spoil:
    def spoil(seen: Seen) -> Seen:
        one = seen.pages[page - 1]
        line = SeenLine((SeenText(x, top, x + len(text) * size, size, text, "仿宋"),))
        lines = tuple(sorted((*one.lines, line), key=lambda each: each.top))
        pages = list(seen.pages)
        pages[page - 1] = replace(one, lines=lines)
        return replace(seen, pages=tuple(pages))

    return spoil


def pages_of(change: Callable[[SeenPage], SeenPage]) -> Spoil:
    return lambda seen: replace(seen, pages=tuple(change(page) for page in seen.pages))


def both(*spoils: Spoil) -> Spoil:
    def spoil(seen: Seen) -> Seen:
        for each in spoils:
            seen = each(seen)
        return seen

    return spoil


NUMBER, TITLE, DAY = "云政发〔2026〕", "关于印发$", "^2026年3月5日$"
TEXT = "^为贯彻落实"
RUNNING = "^为贯彻落实|^第12次|^政府同意|^市政府|^和市|，现将|贯彻执行。$"
BAD: dict[str, tuple[int, Spoil]] = {
    "paper-size": (WHOLE, pages_of(lambda page: replace(page, width=216.0, height=279.0))),
    "top-margin": (LONG, moved(".", down=-8, page=2)),
    "left-margin": (WHOLE, moved("^第12次|^和市|^政府", right=-6)),
    "right-margin": (
        LONG,
        partial(each_text, lambda t: replace(t, right=t.right + 9), "[^，。、；：]$", page=2),
    ),
    "bottom-margin": (LONG, with_line("多出的一行正文内容在版心之外", x=28, top=263, page=2)),
    "lines-per-page": (
        LONG,
        both(with_line("多出的一行", x=28, top=41.8, page=2), with_line("又多", x=28, top=52.3, page=2)),
    ),
    "line-pitch": (LONG, moved("^（二）", down=3, page=2)),
    "characters-per-line": (
        LONG,
        partial(each_text, lambda t: replace(t, text=t.text + "多出的字数"), "^.{24,}$", page=2),
    ),
    "body-size": (WHOLE, sized(TEXT, 4.2)),
    "body-colour": (WHOLE, red(TEXT)),
    "body-face": (LONG, in_font(".{20,}", "SimHei")),
    "copy-number-digits": (WHOLE, said("^000012$", "000012", "12")),
    "copy-number-place": (WHOLE, moved("^000012$", right=20)),
    "secret-mark": (WHOLE, with_line("机密★1年", x=28, top=58)),
    "urgency-words": (WHOLE, said("^加急$", "加急", "急件")),
    "urgency-face": (WHOLE, in_font("^加急$", "FangSong")),
    "urgency-place": (WHOLE, moved("^加急$", right=30)),
    "logo-missing": (WHOLE, without("人民政府文件")),
    "logo-centred": (WHOLE, moved("人民政府文件", right=-12)),
    "logo-top": (WHOLE, moved("人民政府文件", down=-12)),
    "logo-width": (WHOLE, partial(each_text, lambda t: replace(t, x=20, right=190), "人民政府文件")),
    "number-missing": (WHOLE, without(NUMBER)),
    "number-brackets": (WHOLE, both(said(NUMBER, "〔", "["), said("云政发\\[", "〕", "]"))),
    "number-year": (WHOLE, said(NUMBER, "2026", "26")),
    "number-zero": (WHOLE, said(NUMBER, "〕12", "〕012")),
    "number-di": (WHOLE, said(NUMBER, "〕12", "〕第12")),
    "number-place": (WHOLE, moved(NUMBER, right=20)),
    "number-below-logo": (WHOLE, moved(NUMBER, down=-12)),
    "number-size": (WHOLE, sized(NUMBER, 4.2)),
    "signer-colon": (REQUEST, said("签发人", "：", ":")),
    "signer-face": (REQUEST, in_font("签发人", "FangSong")),
    "signer-place": (REQUEST, moved("签发人", right=-30)),
    "signer-with-kind": (REQUEST, partial(each_text, lambda t: None if t.x > 100 else t, "签发人")),
    "red-line-missing": (WHOLE, ruled(lambda _: None, red=True)),
    "red-line-place": (WHOLE, ruled(lambda each: replace(each, y=each.y + 4), red=True)),
    "red-line-width": (WHOLE, ruled(lambda each: replace(each, length=120), red=True)),
    "title-missing": (WHOLE, without("关于印发$|^《云川县2026")),
    "title-size": (WHOLE, sized(TITLE, 8.5)),
    "title-face": (WHOLE, in_font(TITLE, "SimHei")),
    "title-centred": (WHOLE, moved(TITLE, right=-15)),
    "title-below-line": (WHOLE, moved("关于印发$|^《云川县2026", down=-9)),
    "title-shape": (
        WHOLE,
        said("^《云川县2026", "《云川县2026年度政务公开工作要点》的通知", "全县政务公开工作的通知"),
    ),
    "title-break": (WHOLE, said("^《云川县2026", "《云川", "，云川")),
    "title-kind": (WHOLE, said("^《云川县2026", "的通知", "的材料")),
    "recipients-left": (WHOLE, moved("^各乡镇人民政府", right=11)),
    "recipients-colon": (WHOLE, said("^各乡镇人民政府", "：", "。")),
    "recipients-below-title": (WHOLE, moved("^各乡镇人民政府", down=-9)),
    "text-on-first-page": (WHOLE, without(RUNNING)),
    "paragraph-indent": (WHOLE, moved(TEXT, right=-5.6)),
    "line-begins": (WHOLE, said("^第12次|^和市|^政府", "政府", "，府")),
    "line-ends": (WHOLE, partial(each_text, lambda t: replace(t, text=t.text[:-1] + "《"), TEXT)),
    "level-1-face": (LONG, in_font("^二、", "FangSong")),
    "level-2-face": (LONG, in_font("^（二）", "FangSong")),
    "level-marks": (LONG, said("^1\\.", "1.", "1、")),
    "level-order": (LONG, both(without("^[一二三]、"), said("^（二）|^（一）|^（三）", "（", "（1）"))),
    "attachment-list-gap": (WHOLE, moved("^附件：", down=-7)),
    "attachment-list-indent": (WHOLE, moved("^附件：", right=-11)),
    "attachment-list-colon": (WHOLE, said("^附件：", "：", ":")),
    "attachment-list-stop": (WHOLE, said("任务分工表$", "任务分工表", "任务分工表。")),
    "attachments-there": (WHOLE, without("^附件2$")),
    "attachment-title": (
        WHOLE,
        partial(each_text, lambda t: replace(t, text="任务表") if t.size > 7 else t, "^任务分工表$"),
    ),
    "attachment-mark": (WHOLE, in_font("^附件1$", "FangSong")),
    "attachment-title-row": (
        WHOLE,
        partial(each_text, lambda t: replace(t, top=t.top + 20) if t.size > 7 else t, "^任务分工表$"),
    ),
    "date-missing": (WHOLE, without(DAY)),
    "date-arabic": (WHOLE, said(DAY, "2026年3月5日", "二〇二六年三月五日")),
    "date-zero": (WHOLE, said(DAY, "3月5日", "03月05日")),
    "date-valid": (WHOLE, said(DAY, "3月5日", "2月30日")),
    "date-place": (WHOLE, moved("^2026年3月5日$|^云川县人民政府$", right=20)),
    "unit-above-date": (WHOLE, without("^云川县人民政府$")),
    "unit-place": (WHOLE, moved("^云川县人民政府$", right=-15)),
    "end-alone": (WHOLE, without(RUNNING)),
    "no-text-note": (WHOLE, with_line("（此页无正文）", x=39, top=37, page=2)),
    "note-brackets": (WHOLE, said("此件公开发布", "）", "")),
    "note-indent": (WHOLE, moved("此件公开发布", right=20)),
    "note-below-date": (WHOLE, moved("此件公开发布", down=21)),
    "imprint-bottom": (WHOLE, ruled(lambda each: replace(each, y=each.y - 12), red=False)),
    "imprint-lines": (WHOLE, ruled(lambda each: None, red=False)),
    "imprint-line-width": (WHOLE, ruled(lambda each: replace(each, length=100), red=False)),
    "imprint-line-weight": (WHOLE, ruled(lambda each: replace(each, thickness=0.25), red=False)),
    "imprint-size": (WHOLE, sized("^抄送", 5.54)),
    "imprint-indent": (WHOLE, moved("^抄送", right=-4.9)),
    "copies-stop": (WHOLE, said("县法院|检察院", "。", "")),
    "copies-colon": (WHOLE, said("^抄送", "：", ":")),
    "printed-words": (WHOLE, said("印发$", "3月6日", "03月06日")),
    "printed-place": (
        WHOLE,
        partial(each_text, lambda t: replace(t, x=t.x - 20, right=t.right - 20) if t.x > 100 else t, "印发$"),
    ),
    "imprint-page": (
        WHOLE,
        lambda seen: replace(seen, pages=(*seen.pages, replace(seen.pages[0], lines=()))),
    ),
    "page-number-missing": (WHOLE, without("^— 1 —$")),
    "page-number-dashes": (WHOLE, said("^— 1 —$", "— 1 —", "1")),
    "page-number-side": (WHOLE, moved("^— 1 —$", right=-60)),
    "page-number-height": (WHOLE, moved("^— 1 —$", down=8)),
    "page-number-size": (WHOLE, sized("^— 1 —$", 3.7)),
    "page-number-order": (WHOLE, said("^— 3 —$", "3", "5")),
    "letter-lines": (LETTER, ruled(lambda each: None if each.y > 200 else each, red=True)),
    "letter-logo": (LETTER, partial(each_text, lambda t: replace(t, top=t.top - 8) if t.is_red else t, ".")),
    "letter-number": (
        LETTER,
        partial(
            each_text,
            lambda t: replace(t, x=t.x - 20, right=t.right - 20) if "云政函" in t.text else t,
            "云政函",
        ),
    ),
    "letter-first-page": (LETTER, with_line("— 1 —", x=160, top=266.5, size=4.94)),
    "order-logo": (ORDER, partial(each_text, lambda t: replace(t, top=t.top + 9) if t.is_red else t, ".")),
    "order-number": (ORDER, without("^第3号$")),
    "minutes-people": (MINUTES, without("出席：|请假：|列席：")),
    "minutes-label-face": (MINUTES, in_font("出席：", "FangSong")),
}


def codes(seen: Seen) -> set[str]:
    return {fault.rule.code for fault in verdict_on(seen).faults}


def test_every_rule_has_a_bad_example_and_there_are_enough() -> None:
    assert set(BAD) == set(PAGE_RULES.checks)
    assert len(BAD) >= 60


@pytest.mark.parametrize("place", range(40))
def test_what_we_write_keeps_every_rule_in_each_format(place: int) -> None:
    sheet = lay_out(ALL[place])
    fonts = fonts_in()
    files: dict[str, Any] = {
        "pdf": write_pdf(sheet, fonts=fonts),
        "ofd": write_ofd(sheet, fonts=fonts),
        "docx": write_docx(sheet),
    }
    for kind, data in files.items():
        verdict = verify(data)
        assert verdict.kind == kind
        assert [fault.sentence() for fault in verdict.faults] == []
        assert verdict.pages == len(sheet.pages)


@pytest.mark.parametrize("code", sorted(BAD))
def test_a_spoilt_page_is_named(code: str) -> None:
    place, spoil = BAD[code]
    assert code not in codes(good(place))
    assert code in codes(spoil(good(place)))


def test_a_secret_document_is_refused() -> None:
    place, spoil = BAD["secret-mark"]
    assert verdict_on(good(place)).is_refused is False
    assert verdict_on(spoil(good(place))).is_refused is True
