"""The rules of the page, part two: addressees, text, end, imprint, page numbers, the special forms."""

import re
from datetime import date

from yiwang.facilities.office.layout.lines import NOT_FIRST, NOT_LAST
from yiwang.facilities.office.layout.measures import (
    AREA_WIDTH,
    CELL,
    LEFT,
    PAGE_NUMBER_BELOW,
    PITCH,
    SIZE_4,
    TOP,
)
from yiwang.facilities.office.layout.page_rules import (
    AREA_BOTTOM,
    RIGHT_EDGE,
    Found,
    is_face,
    near,
    page_rules,
)
from yiwang.facilities.office.layout.recognise import ORDER_NUMBER, Parts
from yiwang.facilities.office.layout.seen import SeenLine, SeenStroke
from yiwang.facilities.office.layout.sheet import Face
from yiwang.facilities.office.rules.document import Form

PLACES = ((1, r"[一二三四五六七八九十]+、", Face.HEI), (2, r"（[一二三四五六七八九十]+）", Face.KAI))


@page_rules(
    "recipients-left", "7.3.2", "主送机关未顶格", "主送机关居左顶格", "The addressees aren't flush left."
)
def _recipients(parts: Parts) -> Found:
    for place, line in parts.body[:1]:
        is_list = bool(re.search(r"(政府|局|委|部门|单位|办公室|公司)：$", line.text)) and len(line.text) < 40
        if is_list and parts.column(line) > 0.5:
            yield line.text[:12], place


@page_rules(
    "recipients-colon",
    "7.3.2",
    "主送机关后没有全角冒号",
    "最后一个机关名称后标全角冒号",
    "No full-width colon after the addressees.",
)
def _colon(parts: Parts) -> Found:
    if parts.recipients and not parts.recipients[-1].text.endswith("："):
        yield parts.recipients[-1].text[-8:], 1


@page_rules(
    "recipients-below-title",
    "7.3.2",
    "主送机关不在标题下空一行位置",
    "主送机关编排于标题下空一行",
    "The addressees aren't one row below the title.",
)
def _below_title(parts: Parts) -> Found:
    if parts.recipients and parts.title:
        gap = parts.recipients[0].top - parts.title[-1].bottom
        if not 0.7 * PITCH < gap < 2.3 * PITCH:
            yield f"{gap:.1f} mm", 1


@page_rules(
    "text-on-first-page", "7.3.3", "公文首页没有正文", "公文首页必须显示正文", "The first page shows no text."
)
def _first_page(parts: Parts) -> Found:
    if not any(place == 1 for place, _ in parts.body):
        yield "", 1


@page_rules(
    "paragraph-indent",
    "7.3.3",
    "自然段首行未空二字",
    "每个自然段左空二字，回行顶格",
    "A paragraph doesn't begin two characters in.",
)
def _indent(parts: Parts) -> Found:
    for place, line in parts.body:
        column = parts.column(line)
        if any(stroke.is_upright for stroke in parts.seen.pages[place - 1].strokes):
            continue
        if 0.4 < column < 1.5 or 2.6 < column < 8:
            yield f"空{column:.1f}字：{line.text[:8]}", place
            return


@page_rules(
    "line-begins",
    "7.3.3",
    "行首出现不能居于行首的标点",
    "调整回行",
    "A line begins with a sign that must not stand there.",
)
def _begins(parts: Parts) -> Found:
    for place, line in parts.body:
        if line.text[0] in NOT_FIRST and line.text[0] not in "—…." and parts.column(line) < 1:
            yield line.text[:8], place


@page_rules(
    "line-ends",
    "7.3.3",
    "行末出现不能居于行末的标点",
    "调整回行",
    "A line ends with a sign that must not stand there.",
)
def _ends(parts: Parts) -> Found:
    for place, line in parts.body:
        if line.text[-1] in NOT_LAST:
            yield line.text[-8:], place


@page_rules(
    "level-1-face",
    "7.3.3",
    "第一层标题不是黑体",
    "“一、”层用黑体字",
    "Headings of the first level aren't in 黑体.",
)
def _level_1(parts: Parts) -> Found:
    yield from _level(parts, 0)


@page_rules(
    "level-2-face",
    "7.3.3",
    "第二层标题不是楷体",
    "“（一）”层用楷体字",
    "Headings of the second level aren't in 楷体.",
)
def _level_2(parts: Parts) -> Found:
    yield from _level(parts, 1)


def _level(parts: Parts, which: int) -> Found:
    _, mark, face = PLACES[which]
    for place, line in parts.body:
        if re.match(mark, line.text) and parts.column(line) > 1 and not is_face(line, face):
            yield f"{line.texts[0].font}：{line.text[:8]}", place
            return


@page_rules(
    "level-marks",
    "7.3.3",
    "结构层次序数写法不规范",
    "依次用“一、”“（一）”“1.”“（1）”",
    "The numbers of headings aren't written 一、（一）1.（1）.",
)
def _marks(parts: Parts) -> Found:
    wrong = re.compile(
        r"^(\d{1,2}、|（[一二三四五六七八九十]+）[、.．]|（\d{1,2}）[、.．]|[一二三四五六七八九十]{1,3}[.．]|\([一二三四五六七八九十\d]+\))"
    )
    for place, line in parts.body:
        if parts.column(line) > 1 and wrong.match(line.text):
            yield line.text[:8], place


@page_rules(
    "level-order",
    "7.3.3",
    "结构层次越级",
    "先用“一、”，再用“（一）”",
    "A second level stands before any first level.",
)
def _order(parts: Parts) -> Found:
    for place, line in parts.body:
        if parts.column(line) > 1 and re.match(r"[一二三四五六七八九十]+、", line.text):
            return
        if parts.column(line) > 1 and re.match(r"（1）", line.text):
            yield line.text[:8], place
            return


@page_rules(
    "attachment-list-gap",
    "7.3.4",
    "附件说明与正文之间没有空一行",
    "附件说明在正文下空一行",
    "The list of attachments isn't one row below the text.",
)
def _list_gap(parts: Parts) -> Found:
    if parts.attachment_list and parts.body:
        place, line = parts.attachment_list[0]
        other, above = parts.body[-1]
        if place == other and not 1.5 * PITCH < line.top - above.top < 2.5 * PITCH:
            yield f"{line.top - above.top:.1f} mm", place


@page_rules(
    "attachment-list-indent",
    "7.3.4",
    "附件说明未左空二字",
    "左空二字编排“附件”",
    "The list of attachments isn't two characters in.",
)
def _list_indent(parts: Parts) -> Found:
    if parts.attachment_list and not near(parts.column(parts.attachment_list[0][1]), 2, by=0.4):
        yield f"空{parts.column(parts.attachment_list[0][1]):.1f}字", parts.attachment_list[0][0]


@page_rules(
    "attachment-list-colon",
    "7.3.4",
    "“附件”后没有全角冒号",
    "“附件”后标全角冒号",
    "附件 lacks its full-width colon.",
)
def _list_colon(parts: Parts) -> Found:
    if parts.attachment_list and not parts.attachment_list[0][1].text.startswith("附件："):
        yield parts.attachment_list[0][1].text[:6], parts.attachment_list[0][0]


@page_rules(
    "attachment-list-stop",
    "7.3.4",
    "附件名称后有标点",
    "附件名称后不加标点符号",
    "There is a sign after an attachment's name.",
)
def _list_stop(parts: Parts) -> Found:
    for place, line in parts.attachment_list:
        if line.text[-1] in "。；，、;,":
            yield line.text[-8:], place


@page_rules(
    "attachments-there",
    "7.3.7",
    "附件与附件说明数量不一致",
    "附件说明列出的附件逐件编排在版记之前",
    "There aren't as many attachments as the list says.",
)
def _there(parts: Parts) -> Found:
    if not parts.attachment_list:
        if parts.attachments:
            yield f"附件说明0件，附件{len(parts.attachments)}件", parts.attachments[0][0]
        return
    listed = len(_names(parts))
    if parts.attachments and len(parts.attachments) != listed:
        yield f"附件说明{listed}件，附件{len(parts.attachments)}件", parts.attachments[0][0]


def _names(parts: Parts) -> list[str]:
    """The attachments that the list names, a name that goes on over lines in one piece."""
    names: list[str] = []
    for at, (_, line) in enumerate(parts.attachment_list):
        text = re.sub(r"^附件[：:]", "", line.text).strip()
        mark = re.match(r"^\d{1,2}\s*[.．]\s*", text)
        if at == 0 or mark:
            names.append(text[mark.end() :] if mark else text)
        else:
            names[-1] += text
    return names


@page_rules(
    "attachment-title",
    "7.3.7",
    "附件标题与附件说明不一致",
    "附件顺序号和标题应与附件说明的表述一致",
    "An attachment's title isn't that of the list.",
)
def _attachment_title(parts: Parts) -> Found:
    for name, (place, lines) in zip(_names(parts), parts.attachments, strict=False):
        title = "".join(line.text for line in lines if line.size > 6.6)
        if title and title.replace(" ", "") != name.replace(" ", ""):
            yield f"“{title}”与“{name}”", place


@page_rules(
    "attachment-mark",
    "7.3.7",
    "“附件”二字未用黑体顶格编排在第一行",
    "“附件”二字及顺序号用3号黑体字顶格编排在版心左上角第一行",
    "附件 isn't in 黑体 flush left in the first row.",
)
def _attachment_mark(parts: Parts) -> Found:
    for place, lines in parts.attachments:
        first = lines[0]
        if not (is_face(first, Face.HEI) and near(first.left, LEFT, by=1.5) and near(first.top, TOP, by=2)):
            yield first.text, place


@page_rules(
    "attachment-title-row",
    "7.3.7",
    "附件标题不在第三行",
    "附件标题居中编排在版心第三行",
    "An attachment's title isn't in the third row.",
)
def _title_row(parts: Parts) -> Found:
    for place, lines in parts.attachments:
        titles = [line for line in lines if line.size > 6.6]
        if titles and not near(titles[0].top, TOP + 2 * PITCH, by=3):
            yield titles[0].text[:10], place


@page_rules("date-missing", "7.3.5", "没有成文日期", "编排成文日期", "There is no date.")
def _date(parts: Parts) -> Found:
    if parts.date is None and parts.form is not Form.MINUTES:
        yield "", None


@page_rules(
    "date-arabic",
    "7.3.5",
    "成文日期未用阿拉伯数字",
    "用阿拉伯数字将年、月、日标全",
    "The date isn't in Arabic figures.",
)
def _arabic(parts: Parts) -> Found:
    if parts.date and not re.match(r"^\d+年\d+月\d+日$", parts.date[1].text.replace(" ", "")):
        yield parts.date[1].text, parts.date[0]


@page_rules(
    "date-zero",
    "7.3.5",
    "成文日期的月、日编了虚位",
    "月、日不编虚位（1不编为01）",
    "The date has leading zeros.",
)
def _zero(parts: Parts) -> Found:
    if parts.date and re.search(r"年0|月0", parts.date[1].text):
        yield parts.date[1].text, parts.date[0]


@page_rules("date-valid", "7.3.5", "成文日期无效", "核对年、月、日", "The date doesn't exist.")
def _valid(parts: Parts) -> Found:
    found = re.match(r"^(\d+)年(\d+)月(\d+)日$", parts.date[1].text.replace(" ", "")) if parts.date else None
    if parts.date and found:
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            yield parts.date[1].text, parts.date[0]
            return
        if day.year < 1949:
            yield parts.date[1].text, parts.date[0]


@page_rules(
    "date-place",
    "7.3.5",
    "成文日期位置不对",
    "加盖印章的右空四字；不加盖的在署名下一行、首字比署名右移二字",
    "The date isn't placed as the standard says.",
)
def _date_place(parts: Parts) -> Found:
    if parts.date and not RIGHT_EDGE - 14 * CELL < parts.date[1].right < RIGHT_EDGE - 1.5 * CELL:
        yield f"右空{(RIGHT_EDGE - parts.date[1].right) / CELL:.1f}字", parts.date[0]


@page_rules(
    "unit-above-date",
    "7.3.5",
    "成文日期之上没有发文机关署名",
    "在成文日期之上编排发文机关署名",
    "No office stands above the date.",
)
def _unit(parts: Parts) -> Found:
    if parts.date and parts.unit is None and parts.form in (Form.GENERAL, Form.LETTER):
        yield parts.date[1].text, parts.date[0]


@page_rules(
    "unit-place",
    "7.3.5",
    "发文机关署名未与成文日期居中或右空二字",
    "署名以成文日期为准居中，或右空二字",
    "The office is neither in the middle above the date nor two characters in.",
)
def _unit_place(parts: Parts) -> Found:
    holds_office = parts.unit is not None and re.search(r"(长|主任|书记)$", parts.unit[1].text)
    if parts.unit and parts.date and not holds_office:
        line, day = parts.unit[1], parts.date[1]
        is_middle = near(line.middle, day.middle, by=2.5)
        is_right = near(line.right, RIGHT_EDGE - 2 * CELL, by=3) or near(day.left - line.left, 2 * CELL, by=3)
        is_joint = len(line.texts) > 1 or line.text.count("局") > 1 or line.left < 100
        if not (is_middle or is_right or is_joint):
            yield line.text, parts.unit[0]


@page_rules(
    "end-alone",
    "7.3.5",
    "署名和成文日期所在页没有正文",
    "调整行距、字距，使印章与正文同处一面，不用“此页无正文”",
    "The end stands on a page without text.",
)
def _alone(parts: Parts) -> Found:
    if parts.date:
        place = parts.date[0]
        if not any(other == place for other, _ in parts.body):
            yield "", place


@page_rules("no-text-note", "7.3.5", "使用了“此页无正文”", "调整行距、字距解决", "Says 此页无正文.")
def _note_words(parts: Parts) -> Found:
    for place, page in enumerate(parts.seen.pages, 1):
        if any("此页无正文" in line.text for line in page.lines):
            yield "此页无正文", place


@page_rules("note-brackets", "7.3.6", "附注未加圆括号", "附注加圆括号", "The note isn't in round brackets.")
def _note(parts: Parts) -> Found:
    words = parts.note[1].text if parts.note else "（）"
    is_open = not words.endswith("）") and len(words) < 24
    if parts.note and (is_open or not words.startswith("（")):
        yield parts.note[1].text[:10], parts.note[0]


@page_rules("note-indent", "7.3.6", "附注未左空二字", "附注居左空二字", "The note isn't two characters in.")
def _note_indent(parts: Parts) -> Found:
    if parts.note and not near(parts.column(parts.note[1]), 2, by=0.6):
        yield f"空{parts.column(parts.note[1]):.1f}字", parts.note[0]


@page_rules(
    "note-below-date",
    "7.3.6",
    "附注不在成文日期下一行",
    "附注编排在成文日期下一行",
    "The note isn't on the row below the date.",
)
def _note_below(parts: Parts) -> Found:
    if parts.note and parts.date and parts.note[0] == parts.date[0]:
        gap = parts.note[1].top - parts.date[1].top
        if not near(gap, PITCH, by=3):
            yield f"{gap:.1f} mm", parts.note[0]


def _rules_of_imprint(parts: Parts) -> list[SeenStroke]:
    if not parts.imprint:
        return []
    top = parts.imprint[0][1].top - 6
    page = parts.seen.pages[parts.imprint[0][0] - 1]
    strokes = [each for each in page.strokes if each.y > top and not each.is_red and not each.is_upright]
    found: list[SeenStroke] = []
    for stroke in sorted(strokes, key=lambda each: each.y):
        # A word processor may draw the border of one paragraph and the next in the same place.
        if not found or stroke.y - found[-1].y > 0.6:
            found.append(stroke)
    return found


@page_rules(
    "imprint-bottom",
    "7.4",
    "版记末条分隔线未与版心下边缘重合",
    "末条分隔线与公文最后一面的版心下边缘重合",
    "The last line of the imprint isn't on the lower edge of the type area.",
)
def _imprint_bottom(parts: Parts) -> Found:
    if parts.imprint and parts.form is not Form.LETTER:
        strokes = _rules_of_imprint(parts)
        bottom = strokes[-1].y if strokes else parts.imprint[-1][1].bottom
        if not near(bottom, AREA_BOTTOM, by=2):
            yield f"{bottom:.1f} mm", parts.imprint[0][0]


@page_rules(
    "imprint-lines", "7.4.1", "版记没有分隔线", "版记首条、中间、末条加分隔线", "The imprint has no lines."
)
def _imprint_lines(parts: Parts) -> Found:
    if parts.imprint and parts.form is not Form.LETTER and len(_rules_of_imprint(parts)) < 2:
        yield "", parts.imprint[0][0]


@page_rules(
    "imprint-line-width",
    "7.4.1",
    "版记分隔线与版心不等宽",
    "分隔线与版心等宽（156 mm）",
    "The lines of the imprint aren't as wide as the type area.",
)
def _imprint_width(parts: Parts) -> Found:
    for stroke in _rules_of_imprint(parts):
        if not near(stroke.length, AREA_WIDTH, by=1.5):
            yield f"{stroke.length:.1f} mm", parts.imprint[0][0]
            return


@page_rules(
    "imprint-line-weight",
    "7.4.1",
    "版记首末条分隔线不是粗线或中间分隔线不是细线",
    "首末条0.35 mm，中间0.25 mm",
    "The outer lines of the imprint aren't thicker than those between.",
)
def _imprint_weight(parts: Parts) -> Found:
    strokes = _rules_of_imprint(parts)
    if len(strokes) > 2:
        outer = min(strokes[0].thickness, strokes[-1].thickness)
        if any(stroke.thickness >= outer for stroke in strokes[1:-1]):
            yield "、".join(f"{stroke.thickness:.2f}" for stroke in strokes), parts.imprint[0][0]


@page_rules(
    "imprint-size", "7.4.2", "版记不是4号字", "版记用4号仿宋体字", "The imprint isn't in the fourth size."
)
def _imprint_size(parts: Parts) -> Found:
    for place, line in parts.imprint:
        if not near(line.size, SIZE_4, by=0.25):
            yield f"{line.size:.2f} mm", place
            return


@page_rules(
    "imprint-indent", "7.4.2", "版记未左右各空一字", "左右各空一字编排", "The imprint isn't one character in."
)
def _imprint_indent(parts: Parts) -> Found:
    if parts.imprint and not near(parts.imprint[0][1].left, LEFT + SIZE_4, by=1.6):
        yield f"左{parts.imprint[0][1].left - LEFT:.1f} mm", parts.imprint[0][0]


@page_rules(
    "copies-stop",
    "7.4.2",
    "最后一个抄送机关后没有句号",
    "最后一个抄送机关名称后标句号",
    "No full stop after the last office that gets a copy.",
)
def _copies(parts: Parts) -> Found:
    lines = [line for _, line in parts.imprint if not re.search(r"印发。?$", line.text)]
    if lines and lines[0].text.startswith("抄送") and not lines[-1].text.endswith("。"):
        yield lines[-1].text[-8:], parts.imprint[0][0]


@page_rules(
    "copies-colon",
    "7.4.2",
    "“抄送”后没有全角冒号",
    "“抄送”二字后加全角冒号",
    "抄送 lacks its full-width colon.",
)
def _copies_colon(parts: Parts) -> Found:
    if parts.imprint and re.match(r"^抄\s*送[^：]", parts.imprint[0][1].text):
        yield parts.imprint[0][1].text[:4], parts.imprint[0][0]


@page_rules(
    "printed-words",
    "7.4.3",
    "印发日期写法不对",
    "阿拉伯数字标全年、月、日，不编虚位，后加“印发”",
    "The printing date isn't written as the standard says.",
)
def _printed(parts: Parts) -> Found:
    for place, line in parts.imprint:
        if line.text.endswith("印发") and not re.search(
            r"\d{4}年[1-9]\d?月[1-9]\d?日印发$", line.text.replace(" ", "")
        ):
            yield line.text[-12:], place


@page_rules(
    "printed-place",
    "7.4.3",
    "印发日期未右空一字",
    "印发机关左空一字，印发日期右空一字",
    "The printing date isn't one character in from the right.",
)
def _printed_place(parts: Parts) -> Found:
    for place, line in parts.imprint:
        if line.text.endswith("印发") and not near(line.right, RIGHT_EDGE - SIZE_4, by=2.5):
            yield f"右{RIGHT_EDGE - line.right:.1f} mm", place


@page_rules(
    "imprint-page", "7.4", "版记不在最后一面", "版记编排在公文最后一面", "The imprint isn't on the last page."
)
def _imprint_page(parts: Parts) -> Found:
    for place, page in enumerate(parts.seen.pages[:-1], 1):
        for line in page.lines:
            if re.search(r"\d日印发$", line.text) and line.size < 5.3 and line.top > 200:
                yield line.text[-10:], place


@page_rules("page-number-missing", "7.5", "没有页码", "编排页码", "There is no page number.")
def _numbered(parts: Parts) -> Found:
    if parts.seen.kind == "docx":
        return
    first = 2 if parts.form is Form.LETTER else 1
    for place in range(first, parts.text_pages + 1):
        if place not in parts.numbers:
            yield "", place


@page_rules(
    "page-number-dashes",
    "7.5",
    "页码左右没有一字线",
    "数字左右各放一条一字线",
    "The page number has no dashes beside it.",
)
def _dashes(parts: Parts) -> Found:
    for place, line in parts.numbers.items():
        if not re.match(r"^—\s*\d+\s*—$", line.text):
            yield line.text, place


@page_rules(
    "page-number-side",
    "7.5",
    "页码位置不对",
    "单页码居右空一字，双页码居左空一字",
    "Odd page numbers stand at the right, even ones at the left, one character in.",
)
def _side(parts: Parts) -> Found:
    for place, line in parts.numbers.items():
        found = re.search(r"\d+", line.text)
        is_odd = bool(found) and int(found[0]) % 2 == 1 if found else True
        wanted = (
            near(line.right, RIGHT_EDGE - SIZE_4, by=2.5)
            if is_odd
            else near(line.left, LEFT + SIZE_4, by=2.5)
        )
        if not wanted:
            yield line.text, place


@page_rules(
    "page-number-height",
    "7.5",
    "页码一字线不在版心下边缘之下7 mm",
    "一字线上距版心下边缘7 mm",
    "The page number isn't 7 mm below the type area.",
)
def _height(parts: Parts) -> Found:
    for place, line in parts.numbers.items():
        gap = line.top + line.size / 2 - AREA_BOTTOM
        if not near(gap, PAGE_NUMBER_BELOW, by=2):
            yield f"{gap:.1f} mm", place
            return


@page_rules(
    "page-number-size",
    "7.5",
    "页码不是4号字",
    "页码用4号半角宋体阿拉伯数字",
    "The page number isn't in the fourth size.",
)
def _number_size(parts: Parts) -> Found:
    for place, line in parts.numbers.items():
        if not near(line.size, SIZE_4, by=0.3):
            yield f"{line.size:.2f} mm", place
            return


@page_rules("page-number-order", "7.5", "页码不连续", "页码连续编排", "The page numbers leave something out.")
def _sequence(parts: Parts) -> Found:
    for place, line in parts.numbers.items():
        found = re.search(r"\d+", line.text)
        if found and int(found[0]) != place:
            yield line.text, place


@page_rules(
    "letter-lines",
    "10.1",
    "信函格式缺少红色双线",
    "标志下4 mm处印上粗下细的红色双线，距下页边20 mm处印上细下粗的红色双线，长170 mm",
    "A letter lacks its pairs of red lines.",
)
def _letter_lines(parts: Parts) -> Found:
    if parts.form is Form.LETTER and parts.seen.kind != "docx":
        wide = [each for each in parts.red if near(each.length, 170, by=2)]
        if len(wide) < 4 or not any(each.y > 270 for each in wide):
            yield f"{len(wide)}条", 1


@page_rules(
    "letter-logo",
    "10.1",
    "信函的发文机关标志不在上页边30 mm处",
    "发文机关标志上边缘至上页边为30 mm",
    "A letter's head isn't 30 mm from the upper edge of the paper.",
)
def _letter_logo(parts: Parts) -> Found:
    if parts.form is Form.LETTER and not near(parts.logo[0].top, 30, by=2.5):
        yield f"{parts.logo[0].top:.1f} mm", 1


@page_rules(
    "letter-number",
    "10.1",
    "信函的发文字号未居右顶格",
    "发文字号顶格居版心右边缘",
    "A letter's number isn't flush right.",
)
def _letter_number(parts: Parts) -> Found:
    if parts.form is Form.LETTER and parts.number and not near(parts.number.right, RIGHT_EDGE, by=2.5):
        yield f"右{RIGHT_EDGE - parts.number.right:.1f} mm", 1


@page_rules(
    "letter-first-page", "10.1", "信函首页印了页码", "首页不显示页码", "A letter's first page bears a number."
)
def _letter_first(parts: Parts) -> Found:
    if parts.form is Form.LETTER and 1 in parts.numbers:
        yield parts.numbers[1].text, 1


@page_rules(
    "order-logo",
    "10.2",
    "命令标志上边缘至版心上边缘不是20 mm",
    "命令标志上边缘至版心上边缘为20 mm",
    "An order's head isn't 20 mm below the edge of the type area.",
)
def _order_logo(parts: Parts) -> Found:
    if parts.form is Form.ORDER and not near(parts.logo[0].top - TOP, 20, by=2.5):
        yield f"{parts.logo[0].top - TOP:.1f} mm", 1


@page_rules("order-number", "10.2", "命令没有令号", "标志下空二行居中编排“第×号”", "An order has no number.")
def _order_number(parts: Parts) -> Found:
    if parts.form is Form.ORDER and not (parts.number and ORDER_NUMBER.match(parts.number.text)):
        yield "", 1


@page_rules(
    "minutes-people",
    "10.3",
    "纪要没有出席人员名单",
    "在正文或附件说明下空一行编排“出席”等名单",
    "Minutes don't say who attended.",
)
def _people(parts: Parts) -> Found:
    if parts.form is Form.MINUTES and not parts.labels:
        yield "", None


@page_rules(
    "minutes-label-face", "10.3", "“出席”等字不是黑体", "“出席”“请假”“列席”用3号黑体字", "出席 isn't in 黑体."
)
def _label(parts: Parts) -> Found:
    for place, line in parts.labels:
        if not is_face(SeenLine(line.texts[:1]), Face.HEI):
            yield line.text[:6], place
            return


__all__ = ["page_rules"]
