"""The rules of the page, part one: paper, grid, head and title (GB/T 9704-2012 第5章至第7.3.1条)."""

import re
from collections.abc import Iterator

from yiwang.facilities.office.layout.lines import NOT_FIRST, NOT_LAST, width_of
from yiwang.facilities.office.layout.measures import (
    AREA_WIDTH,
    CELL,
    LEFT,
    PITCH,
    SIZE_2,
    SIZE_3,
    TOP,
)
from yiwang.facilities.office.layout.recognise import NUMBER, Parts
from yiwang.facilities.office.layout.seen import SeenLine
from yiwang.facilities.office.layout.sheet import Face
from yiwang.facilities.office.rules.document import Form, Kind
from yiwang.facilities.office.rules.ruling import STANDARD, Rules
from yiwang.facilities.office.rules.secrecy import marks_in

page_rules = Rules(STANDARD)
RIGHT_EDGE = LEFT + AREA_WIDTH
AREA_BOTTOM = TOP + 225
Found = Iterator[tuple[str, int | None]]


def near(value: float, wanted: float, *, by: float) -> bool:
    """Whether a measure is as wanted, within a tolerance in millimetres."""
    return abs(value - wanted) <= by


def is_face(line: SeenLine, face: Face) -> bool:
    """Whether a line is in a face, as far as its font's name tells."""
    return line.face in (face, None)


def head_is_own(parts: Parts) -> bool:
    """Whether the head is that of the general form."""
    return parts.form is Form.GENERAL and bool(parts.logo)


@page_rules("paper-size", "5.1", "用纸不是A4型", "用纸设为210 mm×297 mm", "The paper isn't A4.")
def _paper(parts: Parts) -> Found:
    for place, page in enumerate(parts.seen.pages, 1):
        if not (near(page.width, 210, by=1) and near(page.height, 297, by=1)):
            yield f"{page.width:.0f}×{page.height:.0f} mm", place


@page_rules(
    "top-margin",
    "5.2.1",
    "天头不是37 mm±1 mm",
    "上边距设为37 mm（文字处理软件为34.58 mm）",
    "The upper margin isn't 37 mm.",
)
def _top(parts: Parts) -> Found:
    for place, page in enumerate(parts.seen.pages, 1):
        if place > 1 and place <= parts.text_pages and page.lines and page.lines[0].size < 7:
            first = min((each for each in (*page.lines,)), key=lambda line: line.top)
            if not near(first.top, TOP, by=1.6) and first.top < 60:
                yield f"{first.top:.1f} mm", place


@page_rules("left-margin", "5.2.1", "订口不是28 mm±1 mm", "左边距设为28 mm", "The left margin isn't 28 mm.")
def _left(parts: Parts) -> Found:
    for place, line in parts.body:
        if line.left < LEFT - 1.2:
            yield f"{line.left:.1f} mm", place
            return


@page_rules(
    "right-margin",
    "5.2.1",
    "文字超出版心右边缘",
    "版心宽156 mm，每行28字",
    "Text goes beyond the right edge of the type area.",
)
def _right(parts: Parts) -> Found:
    for place, line in parts.body:
        hangs = CELL + 0.6 if line.text[-1] in "，。、；：" else 0
        if line.right > RIGHT_EDGE + 2.5 + hangs:
            yield f"右端{line.right:.1f} mm：{line.text[-6:]}", place


@page_rules("bottom-margin", "5.2.1", "正文超出版心下边缘", "版心高225 mm", "Text goes below the type area.")
def _bottom(parts: Parts) -> Found:
    for place, line in parts.body:
        if line.bottom > AREA_BOTTOM + 1.5:
            yield f"下端{line.bottom:.1f} mm", place


@page_rules("lines-per-page", "5.2.3", "一面超过22行", "一般每面排22行", "A page has more than 22 lines.")
def _lines(parts: Parts) -> Found:
    for place, page in enumerate(parts.seen.pages, 1):
        rows = [line for line in page.lines if TOP - 2 < line.top < AREA_BOTTOM - 2 and line.size < 7]
        if len(rows) > 22 and not any(stroke.is_upright for stroke in page.strokes):
            yield f"{len(rows)}行", place


@page_rules(
    "line-pitch",
    "5.2.3",
    "正文行距不匀或不是每面22行的行距",
    "行距为3号字高加其高度的7/8（约10.4 mm）",
    "The distance of lines isn't that of 22 lines on a page.",
)
def _pitch(parts: Parts) -> Found:
    for (place, above), (other, below) in zip(parts.body, parts.body[1:], strict=False):
        step = below.top - above.top
        if place == other and 4 < step < 16 and not near(step, PITCH, by=0.6) and 5 < below.size < 7:
            yield f"{step:.1f} mm", place
            return


@page_rules(
    "characters-per-line", "5.2.3", "一行超过28字", "每行排28字", "A line has more than 28 characters."
)
def _characters(parts: Parts) -> Found:
    for place, line in parts.body:
        spare = 1.0 if line.text[-1] in "，。、；：" else 0.0
        if width_of(line.text) > 28.6 + spare and line.size > 5:
            yield f"{width_of(line.text):.0f}字：{line.text[:8]}", place


@page_rules("body-size", "5.2.2", "正文不是3号字", "正文用3号字", "The text isn't in the third size.")
def _size(parts: Parts) -> Found:
    for place, line in parts.body:
        is_cell = any(stroke.is_upright for stroke in parts.seen.pages[place - 1].strokes)
        if not near(line.size, SIZE_3, by=0.25) and not is_cell and not near(line.size, 4.94, by=0.1):
            yield f"{line.size:.2f} mm：{line.text[:8]}", place
            return


@page_rules(
    "body-colour", "5.2.4", "正文不是黑色", "文字颜色均为黑色（版头另有规定的除外）", "The text isn't black."
)
def _colour(parts: Parts) -> Found:
    for place, line in parts.body:
        if line.is_red:
            yield line.text[:10], place
            return


@page_rules("body-face", "5.2.2", "正文不是仿宋体", "正文用3号仿宋体字", "The text isn't in 仿宋.")
def _face(parts: Parts) -> Found:
    plain = [
        (place, line)
        for place, line in parts.body
        if not re.match(r"^([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)", line.text)
    ]
    for place, line in plain:
        faces = {face for face in (line.face,) if face is not None}
        if faces - {Face.FANG} and parts.column(line) < 1 and len(line.text) > 15:
            yield f"{line.texts[0].font}：{line.text[:8]}", place
            return


@page_rules(
    "copy-number-digits",
    "7.2.1",
    "份号不是6位阿拉伯数字",
    "份号用6位3号阿拉伯数字",
    "The copy number hasn't six figures.",
)
def _copy(parts: Parts) -> Found:
    if parts.copy_number and not re.match(r"^\d{6}(\D|$)", parts.copy_number.text):
        yield parts.copy_number.text[:12], 1


@page_rules(
    "copy-number-place",
    "7.2.1",
    "份号未顶格编排在版心左上角第一行",
    "份号顶格编排在版心左上角第一行",
    "The copy number isn't flush left in the first row.",
)
def _copy_place(parts: Parts) -> Found:
    line = parts.copy_number
    if line and (
        not near(line.left, LEFT, by=1.5) or (parts.form is not Form.LETTER and not near(line.top, TOP, by=2))
    ):
        yield f"左{line.left:.1f} mm，上{line.top:.1f} mm", 1


@page_rules(
    "secret-mark",
    "7.2.2",
    "公文带有国家秘密标志",
    "本系统不处理涉密公文，请改用涉密渠道",
    "Bears a mark of state secrecy; it is refused.",
)
def _secret(parts: Parts) -> Found:
    for place, page in enumerate(parts.seen.pages, 1):
        for mark in marks_in("\n".join(line.text for line in page.lines)):
            yield mark.words, place


@page_rules(
    "urgency-words",
    "7.2.3",
    "紧急程度用语不规范",
    "紧急公文标注“特急”或“加急”",
    "The urgency isn't 特急 or 加急.",
)
def _urgency(parts: Parts) -> Found:
    if parts.urgency and not re.match(r"^(特急|加急)(?=$|[^件])", parts.urgency.text):
        yield parts.urgency.text[:6], 1


@page_rules(
    "urgency-face",
    "7.2.3",
    "紧急程度不是3号黑体字",
    "紧急程度用3号黑体字",
    "The urgency isn't in 黑体 of the third size.",
)
def _urgency_face(parts: Parts) -> Found:
    line = parts.urgency
    if line and not (is_face(line, Face.HEI) and near(line.texts[0].size, SIZE_3, by=0.25)):
        yield f"{line.texts[0].font} {line.texts[0].size:.2f} mm", 1


@page_rules(
    "urgency-place",
    "7.2.3",
    "紧急程度未顶格",
    "紧急程度顶格编排在版心左上角",
    "The urgency isn't flush left.",
)
def _urgency_place(parts: Parts) -> Found:
    if parts.urgency and not near(parts.urgency.left, LEFT, by=1.5):
        yield f"左{parts.urgency.left:.1f} mm", 1


@page_rules(
    "logo-missing",
    "7.2.4",
    "没有红色的发文机关标志",
    "加发文机关全称或规范化简称加“文件”二字，红色",
    "There is no red head with the office's name.",
)
def _logo(parts: Parts) -> Found:
    if not parts.logo:
        yield "", 1


@page_rules("logo-centred", "7.2.4", "发文机关标志未居中", "发文机关标志居中排布", "The head isn't centred.")
def _logo_middle(parts: Parts) -> Found:
    if parts.logo:
        left = min(line.left for line in parts.logo)
        right = max(line.right for line in parts.logo)
        if not near((left + right) / 2, LEFT + AREA_WIDTH / 2, by=3):
            yield f"中线{(left + right) / 2:.1f} mm", 1


@page_rules(
    "logo-top",
    "7.2.4",
    "发文机关标志上边缘至版心上边缘不是35 mm",
    "发文机关标志上边缘至版心上边缘为35 mm",
    "The head isn't 35 mm below the edge of the type area.",
)
def _logo_top(parts: Parts) -> Found:
    if parts.logo and parts.form in (Form.GENERAL, Form.MINUTES):
        top = parts.logo[0].top - TOP
        if not near(top, 35, by=2.5):
            yield f"{top:.1f} mm", 1


@page_rules(
    "logo-width",
    "7.2.4",
    "发文机关标志宽于版心",
    "缩小字号，使标志不超出版心",
    "The head is wider than the type area.",
)
def _logo_width(parts: Parts) -> Found:
    for line in parts.logo:
        if line.left < LEFT - 2 or line.right > RIGHT_EDGE + 2:
            yield f"{line.right - line.left:.0f} mm", 1


@page_rules("number-missing", "7.2.5", "没有发文字号", "编排发文字号", "There is no document number.")
def _number(parts: Parts) -> Found:
    needs_one = parts.form in (Form.GENERAL, Form.LETTER) and not parts.title_text().endswith(
        ("决议", "公报")
    )
    if parts.number is None and needs_one:
        yield "", 1


@page_rules(
    "number-brackets",
    "7.2.5",
    "发文字号的年份未用六角括号〔〕",
    "年份用六角括号“〔〕”括入",
    "The year of the number isn't in 〔〕.",
)
def _brackets(parts: Parts) -> Found:
    found = NUMBER.search(parts.number.text) if parts.number else None
    if found and not re.search(r"〔\s*\d+\s*〕", found[0]):
        yield found[0], 1


@page_rules(
    "number-year",
    "7.2.5",
    "发文字号的年份未标全称",
    "年份用四位阿拉伯数字",
    "The year of the number hasn't four figures.",
)
def _number_year(parts: Parts) -> Found:
    found = NUMBER.search(parts.number.text) if parts.number else None
    year = re.search(r"\d+", found[0]) if found else None
    if found and year and len(year[0]) != 4:
        yield found[0], 1


@page_rules(
    "number-zero", "7.2.5", "发文顺序号编了虚位", "1不编为01", "The serial number has a leading zero."
)
def _number_zero(parts: Parts) -> Found:
    if parts.number and re.search(r"[〕\]】）)］]\s*第?\s*0\d*\s*号", parts.number.text):
        yield parts.number.text, 1


@page_rules(
    "number-di", "7.2.5", "发文顺序号加了“第”字", "顺序号前不加“第”字", "The serial number has 第 before it."
)
def _number_di(parts: Parts) -> Found:
    if parts.number and re.search(r"[〕\]】）)］]\s*第", parts.number.text):
        yield parts.number.text, 1


@page_rules(
    "number-place",
    "7.2.5",
    "发文字号位置不对",
    "居中排布；上行文居左空一字",
    "The number isn't centred, or one character in on the left when there is a signer.",
)
def _number_place(parts: Parts) -> Found:
    line = parts.number
    if line is None or not head_is_own(parts):
        return
    if parts.signer is not None:
        if not near(line.left, LEFT + CELL, by=2):
            yield f"左{line.left:.1f} mm", 1
    elif not near(line.middle, LEFT + AREA_WIDTH / 2, by=3):
        yield f"中线{line.middle:.1f} mm", 1


@page_rules(
    "number-below-logo",
    "7.2.5",
    "发文字号不在发文机关标志下空二行位置",
    "发文字号编排在发文机关标志下空二行",
    "The number isn't two rows below the head.",
)
def _number_below(parts: Parts) -> Found:
    if parts.number and head_is_own(parts) and parts.signer is None:
        gap = parts.number.top - parts.logo[-1].bottom
        if not 1.4 * PITCH < gap < 3.2 * PITCH:
            yield f"{gap:.1f} mm", 1


@page_rules(
    "number-size",
    "7.2.5",
    "发文字号不是3号字",
    "发文字号用3号仿宋体字",
    "The number isn't in the third size.",
)
def _number_size(parts: Parts) -> Found:
    if parts.number and not near(parts.number.texts[-1].size, SIZE_3, by=0.25):
        yield f"{parts.number.texts[-1].size:.2f} mm", 1


@page_rules(
    "signer-colon",
    "7.2.6",
    "“签发人”后没有全角冒号",
    "“签发人”三字后标全角冒号",
    "签发人 lacks its full-width colon.",
)
def _signer_colon(parts: Parts) -> Found:
    if parts.signer and "签发人：" not in parts.signer.text:
        yield parts.signer.text[-10:], 1


@page_rules(
    "signer-face", "7.2.6", "签发人姓名不是楷体", "签发人姓名用3号楷体字", "The signer's name isn't in 楷体."
)
def _signer_face(parts: Parts) -> Found:
    if parts.signer:
        name = SeenLine(parts.signer.texts[-1:])
        if not is_face(name, Face.KAI):
            yield name.texts[0].font, 1


@page_rules(
    "signer-place",
    "7.2.6",
    "签发人未居右空一字",
    "签发人居右空一字编排",
    "The signer isn't one character in from the right.",
)
def _signer_place(parts: Parts) -> Found:
    if parts.signer and not RIGHT_EDGE - 3.2 * CELL < parts.signer.right < RIGHT_EDGE:
        yield f"右{RIGHT_EDGE - parts.signer.right:.1f} mm", 1


@page_rules(
    "signer-with-kind",
    "7.2.6",
    "上行文没有签发人",
    "上行文标注签发人",
    "A request or report doesn't name its signer.",
)
def _signer_missing(parts: Parts) -> Found:
    if (
        parts.signer is None
        and parts.form is Form.GENERAL
        and parts.title_text().endswith(("请示", "的报告"))
    ):
        yield "", 1


@page_rules(
    "red-line-missing",
    "7.2.7",
    "发文字号下没有红色分隔线",
    "发文字号下4 mm处加红色分隔线",
    "There is no red line below the number.",
)
def _red(parts: Parts) -> Found:
    if head_is_own(parts) and parts.number and not parts.red:
        yield "", 1


@page_rules(
    "red-line-place",
    "7.2.7",
    "红色分隔线不在发文字号下4 mm处",
    "发文字号下4 mm处居中印",
    "The red line isn't 4 mm below the number.",
)
def _red_place(parts: Parts) -> Found:
    if head_is_own(parts) and parts.number and parts.red:
        gap = parts.red[0].y - parts.number.bottom
        if not near(gap, 4, by=1.2):
            yield f"{gap:.1f} mm", 1


@page_rules(
    "red-line-width",
    "7.2.7",
    "红色分隔线与版心不等宽",
    "红色分隔线与版心等宽（156 mm）",
    "The red line isn't as wide as the type area.",
)
def _red_width(parts: Parts) -> Found:
    if head_is_own(parts) and parts.red and not near(parts.red[0].length, AREA_WIDTH, by=1.5):
        yield f"{parts.red[0].length:.1f} mm", 1


@page_rules("title-missing", "7.3.1", "没有标题", "编排标题", "There is no title.")
def _title(parts: Parts) -> Found:
    if not parts.title and parts.form is not Form.ORDER:
        yield "", 1


@page_rules(
    "title-size", "7.3.1", "标题不是2号字", "标题用2号小标宋体字", "The title isn't in the second size."
)
def _title_size(parts: Parts) -> Found:
    if parts.title and not near(parts.title[0].size, SIZE_2, by=0.35):
        yield f"{parts.title[0].size:.2f} mm", 1


@page_rules("title-face", "7.3.1", "标题不是小标宋体", "标题用2号小标宋体字", "The title isn't in 小标宋.")
def _title_face(parts: Parts) -> Found:
    if parts.title and not is_face(parts.title[0], Face.SONG):
        yield parts.title[0].texts[0].font, 1


@page_rules("title-centred", "7.3.1", "标题未居中", "标题居中排布", "The title isn't centred.")
def _title_middle(parts: Parts) -> Found:
    for line in parts.title:
        if not near(line.middle, LEFT + AREA_WIDTH / 2, by=3.5):
            yield line.text[:10], 1


@page_rules(
    "title-below-line",
    "7.3.1",
    "标题不在红色分隔线下空二行位置",
    "标题编排于红色分隔线下空二行",
    "The title isn't two rows below the red line.",
)
def _title_below(parts: Parts) -> Found:
    if parts.title and parts.red and head_is_own(parts):
        gap = parts.title[0].top - parts.red[0].y
        if not 1.6 * PITCH < gap < 3 * PITCH:
            yield f"{gap:.1f} mm", 1


@page_rules(
    "title-shape",
    "7.3.1",
    "标题排列不是梯形或菱形",
    "回行做到词意完整、排列对称、长短适宜，用梯形或菱形",
    "The lines of the title form neither a trapezoid nor a diamond.",
)
def _title_shape(parts: Parts) -> Found:
    widths = [width_of(line.text) for line in parts.title]
    steps = [b - a for a, b in zip(widths, widths[1:], strict=False)]
    if steps and all(abs(step) < 0.4 for step in steps):
        yield "各行等长", 1
    elif any(a < -0.5 and b > 0.5 for a, b in zip(steps, steps[1:], strict=False)):
        yield "沙漏形", 1


@page_rules(
    "title-break",
    "7.3.1",
    "标题回行处断开了不能断开的符号",
    "调整回行位置",
    "A line of the title begins or ends with a sign that must not stand there.",
)
def _title_break(parts: Parts) -> Found:
    for line in parts.title[1:]:
        if line.text[0] in NOT_FIRST:
            yield line.text[:6], 1
    for line in parts.title[:-1]:
        if line.text[-1] in NOT_LAST:
            yield line.text[-6:], 1


@page_rules(
    "title-kind",
    "7.3.1",
    "标题不以法定文种结尾",
    "标题由发文机关名称、事由和文种组成",
    "The title doesn't end with one of the fifteen kinds.",
)
def _title_kind(parts: Parts) -> Found:
    title = re.sub(r"（[^）]*）$", "", parts.title_text())
    if title and not title.endswith(tuple(kind.value for kind in Kind)):
        yield title[-8:], 1
