"""The rules between offices (行文规则) and of a document's elements, asked before it is signed.

Pure: who is whose superior is passed in; an office that nobody knows is not judged.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yiwang.facilities.office.rules.document import (
    Direction,
    Form,
    Kind,
    OfficialDocument,
    Paragraph,
    Sealing,
    blocks,
)
from yiwang.facilities.office.rules.ruling import REGULATION, Fault, Rules
from yiwang.facilities.office.rules.secrecy import marks_of


class Relation(StrEnum):
    """What another office is to the one that writes."""

    SUPERIOR = "superior"
    HIGHER = "higher"
    SUBORDINATE = "subordinate"
    EQUAL = "equal"


@dataclass(frozen=True)
class Offices:
    """Who is what to the issuing office, and the code words of offices for their numbers."""

    relations: Mapping[str, Relation] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    def those(self, names: tuple[str, ...], relation: Relation) -> list[str]:
        """The offices among some that stand in a relation to the one that writes."""
        return [name for name in names if self.relations.get(name) is relation]


between = Rules(REGULATION)

UPWARD = (Kind.REQUEST, Kind.REPORT, Kind.BILL)
TO_EVERYBODY = (
    Kind.PROCLAMATION,
    Kind.ANNOUNCEMENT,
    Kind.COMMUNIQUE,
    Kind.RESOLUTION,
    Kind.ORDER,
    Kind.MINUTES,
    Kind.DECISION,
)
ASKING = re.compile(
    r"(妥否|当否|可否|是否妥当)[，,]?\s*请|请(予)?(批示|批准|审批|批复)|(恳请|请求|申请)[^。]{0,20}(拨付|批准|解决|追加|核定|同意)"
)
PERSON = re.compile(r"(书记|县长|市长|省长|区长|镇长|乡长|局长|厅长|主任|部长|院长|检察长|同志)$")


def faults_between(document: OfficialDocument, *, offices: Offices | None = None) -> tuple[Fault, ...]:
    """Every breach of the rules between offices and of the elements in a document that is to be signed."""
    return between.faults(document, offices or Offices())


@between(
    "secret-mark",
    "第三十条",
    "公文带有国家秘密标志",
    "改用涉密渠道办理，本系统不予受理",
    "Bears a mark of state secrecy; it is refused here and must go by the channels for secrets.",
)
def _secret(document: OfficialDocument, _: Offices) -> Iterator[str]:
    yield from (f"{mark.element}：{mark.words}" for mark in marks_of(document))


@between(
    "kind-in-title",
    "第八条、第九条第（七）项",
    "标题的文种与公文种类不一致",
    "标题以该公文的文种结尾",
    "The title doesn't end with the kind of the document.",
)
def _kind(document: OfficialDocument, _: Offices) -> Iterator[str]:
    title = "".join(document.title.split()).rstrip("）)")
    words = ("令",) if document.kind is Kind.ORDER else (document.kind.value,)
    if not title.endswith(words) and "（" not in title:
        yield f"标题“{title[-12:]}”，文种“{document.kind.value}”"


@between(
    "title-subject",
    "第九条第（七）项",
    "标题缺少事由",
    "按“发文机关名称＋关于…的＋文种”拟写标题",
    "The title doesn't say what it is about (关于…的).",
)
def _subject(document: OfficialDocument, _: Offices) -> Iterator[str]:
    free = (Kind.ORDER, Kind.MINUTES, Kind.COMMUNIQUE, Kind.PROCLAMATION, Kind.ANNOUNCEMENT)
    if document.kind not in free and "关于" not in document.title:
        yield document.title


@between(
    "title-twice",
    "第九条第（七）项",
    "标题中文种重复",
    "转发、印发通知时省去重复的“的通知”",
    "The kind stands twice in the title.",
)
def _twice(document: OfficialDocument, _: Offices) -> Iterator[str]:
    title = "".join(document.title.split())
    if re.search(rf"的{document.kind.value}》?的{document.kind.value}$", title):
        yield title[-12:]


@between(
    "order-form",
    "第九条第（十八）项",
    "命令（令）未使用命令格式或命令格式用于其他文种",
    "命令使用命令格式，其他文种不用",
    "Orders, and only they, have the form of an order.",
)
def _order(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if (document.kind is Kind.ORDER) != (document.form is Form.ORDER):
        yield f"{document.kind.value}"


@between(
    "minutes-form",
    "第九条第（十八）项",
    "纪要未使用纪要格式或纪要格式用于其他文种",
    "纪要使用纪要格式，其他文种不用",
    "Minutes, and only they, have the form of minutes.",
)
def _minutes(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if (document.kind is Kind.MINUTES) != (document.form is Form.MINUTES):
        yield f"{document.kind.value}"


@between(
    "number-missing",
    "第九条第（五）项",
    "缺少发文字号",
    "登记时编发文字号（命令编令号）",
    "There is no document number.",
)
def _number(document: OfficialDocument, _: Offices) -> Iterator[str]:
    free = (Kind.RESOLUTION, Kind.COMMUNIQUE, Kind.MINUTES)
    if document.kind not in free and document.number is None and document.order_number is None:
        yield ""


@between(
    "number-year",
    "第九条第（五）项",
    "发文字号的年份与成文日期不符",
    "年份写发文当年的四位数字",
    "The year of the number isn't that of the date.",
)
def _year(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.number and document.signed_on and document.number.year != document.signed_on.year:
        yield f"{document.number}，{document.signed_on.year}年"


@between(
    "number-serial",
    "第九条第（五）项",
    "发文顺序号无效",
    "顺序号从1起编，不编虚位",
    "The serial number is not a positive number.",
)
def _serial(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.number and not 0 < document.number.serial < 100000:
        yield str(document.number)


@between(
    "number-code",
    "第九条第（五）项",
    "机关代字不合规范",
    "机关代字用汉字，不加“第”“字”",
    "The code word of the number isn't plain Chinese, or has 第 or 字.",
)
def _code(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.number and (
        not re.fullmatch(r"[\u4e00-\u9fff]{1,10}", document.number.code)
        or document.number.code.endswith(("字", "第"))
    ):
        yield document.number.code


@between(
    "joint-number",
    "第九条第（五）项",
    "联合行文未使用主办机关的发文字号",
    "改用排在首位的主办机关的代字",
    "A joint document doesn't use the lead office's number.",
)
def _joint_number(document: OfficialDocument, offices: Offices) -> Iterator[str]:
    lead = offices.codes.get(document.units[0] if document.units else "")
    if len(document.units) > 1 and document.number and lead and document.number.code != lead:
        yield f"{document.number}，主办机关代字“{lead}”"


@between(
    "signer-missing",
    "第九条第（六）项",
    "上行文未标注签发人",
    "在发文字号同一行右侧标注签发人姓名",
    "A document to a superior doesn't name who signed it.",
)
def _signer(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.direction is Direction.UP and not document.signers:
        yield ""


@between(
    "signer-only-up",
    "第九条第（六）项",
    "非上行文标注了签发人",
    "删去签发人",
    "Only documents to superiors name who signed.",
)
def _signer_up(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if (
        document.direction is not Direction.UP
        and document.signers
        and document.sealing is not Sealing.SIGNATURE
    ):
        yield "、".join(signer.name for signer in document.signers)


@between(
    "joint-signers",
    "第九条第（六）项",
    "联合上报的公文签发人与机关数不符",
    "每个联署机关标注一位签发人",
    "A joint document to a superior needs one signer for each office.",
)
def _signers(document: OfficialDocument, _: Offices) -> Iterator[str]:
    several = len(document.units) > 1 and document.direction is Direction.UP and document.signers
    if several and len(document.signers) != len(document.units):
        yield f"{len(document.units)}个机关，{len(document.signers)}位签发人"


@between(
    "up-one-addressee",
    "第十五条第（一）项",
    "上行文主送了多个机关",
    "只主送一个上级机关，其他需要知道的机关用抄送",
    "A document to a superior has more than one addressee.",
)
def _one(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.direction is Direction.UP and len(document.recipients) > 1:
        yield "、".join(document.recipients)


@between(
    "up-not-down",
    "第十五条第（一）项",
    "上行文抄送了下级机关",
    "删去抄送的下级机关",
    "A document to a superior is copied to subordinates.",
)
def _copied(document: OfficialDocument, offices: Offices) -> Iterator[str]:
    if document.direction is Direction.UP:
        yield from offices.those(document.copies, Relation.SUBORDINATE)


@between(
    "request-one-matter",
    "第十五条第（四）项",
    "请示涉及多个事项",
    "一文一事，分别请示",
    "A request asks for more than one thing.",
)
def _matter(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.kind is not Kind.REQUEST:
        return
    asked = [
        part.text
        for part in blocks(document.body)
        if isinstance(part, Paragraph)
        and part.level in (1, 2)
        and re.search(r"请求|恳请|申请|请示", part.text[:30])
    ]
    if len(asked) > 1:
        yield "；".join(text[:14] for text in asked)
    elif len(re.findall(r"(?:妥否|当否|可否)[，,]?请", document.body)) > 1:
        yield "多处“妥否，请批示”"


@between(
    "request-closing",
    "第十五条第（四）项",
    "请示没有请求批示的结语",
    "以“妥否，请批示。”等结束",
    "A request doesn't end by asking for instructions.",
    is_advice=True,
)
def _closing(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.kind is Kind.REQUEST and not re.search(
        r"请.{0,6}(批示|批准|批复|审批|指示|审定)", document.body[-60:]
    ):
        yield document.body.strip()[-14:]


@between(
    "report-asks",
    "第十五条第（四）项",
    "报告夹带请示事项",
    "删去请示事项，另文请示",
    "A report carries a request; write a request of its own.",
)
def _asks(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.kind is Kind.REPORT:
        yield from (found[0] for found in list(ASKING.finditer(document.body))[:3])


@between(
    "skips-level",
    "第十四条",
    "越级行文而未抄送被越过的机关",
    "主送直接上级机关；确需越级的，同时抄送被越过的机关",
    "Goes past the direct superior without a copy to it.",
)
def _skips(document: OfficialDocument, offices: Offices) -> Iterator[str]:
    if document.direction is Direction.UP and not offices.those(document.copies, Relation.SUPERIOR):
        yield from offices.those(document.recipients, Relation.HIGHER)


@between(
    "to-a-person",
    "第十五条第（五）项",
    "以领导个人为主送或抄送对象",
    "主送机关，不送领导个人",
    "Is addressed to a person instead of an office.",
)
def _person(document: OfficialDocument, _: Offices) -> Iterator[str]:
    yield from (name for name in (*document.recipients, *document.copies) if PERSON.search(name))


@between(
    "in-own-name",
    "第十五条第（五）项",
    "以机关负责人个人名义向上级机关报送公文",
    "以机关名义行文",
    "Is sent to a superior in the name of a person.",
)
def _own_name(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.direction is Direction.UP:
        yield from (name for name in document.units if PERSON.search(name))


@between(
    "kind-goes-up",
    "第八条",
    "请示、报告、议案未作上行文",
    "行文方向改为上行，主送上级机关（议案主送人大）",
    "Requests, reports and bills go to superiors.",
)
def _goes_up(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.kind in UPWARD and document.direction is not Direction.UP:
        yield document.kind.value


@between(
    "kind-goes-down",
    "第八条",
    "下行文种用于上行",
    "向上级行文用请示、报告、意见",
    "Decisions, orders, notices, circulars and replies don't go to superiors.",
)
def _goes_down(document: OfficialDocument, offices: Offices) -> Iterator[str]:
    kinds = (Kind.DECISION, Kind.ORDER, Kind.NOTICE, Kind.CIRCULAR, Kind.REPLY)
    if document.kind in kinds:
        if document.direction is Direction.UP:
            yield document.kind.value
        yield from offices.those(document.recipients, Relation.SUPERIOR)


@between(
    "up-to-superior",
    "第八条第（十）项、第（十一）项",
    "请示、报告主送的不是上级机关",
    "主送有隶属关系的上级机关；不相隶属的用函",
    "A request or report is addressed to an office that is no superior.",
)
def _superior(document: OfficialDocument, offices: Offices) -> Iterator[str]:
    if document.kind in (Kind.REQUEST, Kind.REPORT):
        yield from offices.those(document.recipients, Relation.EQUAL)
        yield from offices.those(document.recipients, Relation.SUBORDINATE)


@between(
    "reply-down",
    "第八条第（十二）项",
    "批复主送的不是下级机关",
    "批复主送来文请示的下级机关",
    "A reply to a request is addressed to an office that is no subordinate.",
)
def _reply(document: OfficialDocument, offices: Offices) -> Iterator[str]:
    if document.kind is Kind.REPLY:
        for relation in (Relation.SUPERIOR, Relation.HIGHER, Relation.EQUAL):
            yield from offices.those(document.recipients, relation)


@between(
    "letter-level",
    "第八条第（十四）项",
    "函用于有隶属关系的机关",
    "对上用请示、报告，对下用通知、批复",
    "A letter goes between offices that aren't above or below each other.",
)
def _letter(document: OfficialDocument, offices: Offices) -> Iterator[str]:
    if document.kind is Kind.LETTER:
        yield from offices.those(document.recipients, Relation.SUPERIOR)
        yield from offices.those(document.recipients, Relation.SUBORDINATE)


@between(
    "recipients-missing",
    "第九条第（八）项",
    "缺少主送机关",
    "写明主要受理机关的全称、规范化简称或统称",
    "There is no addressee.",
)
def _recipients(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.kind not in TO_EVERYBODY and not document.recipients:
        yield ""


@between(
    "recipient-copied",
    "第九条第（十六）项",
    "主送机关又列为抄送机关",
    "抄送中删去主送机关",
    "An addressee also gets a copy.",
)
def _also(document: OfficialDocument, _: Offices) -> Iterator[str]:
    yield from sorted(set(document.recipients) & set(document.copies))


@between(
    "to-itself",
    "第九条第（八）项",
    "主送或抄送了发文机关自己",
    "删去发文机关",
    "The issuing office is among those addressed.",
)
def _itself(document: OfficialDocument, _: Offices) -> Iterator[str]:
    yield from sorted(set(document.units) & {*document.recipients, *document.copies})


@between(
    "named-twice",
    "第九条第（八）项、第（十六）项",
    "同一机关重复列名",
    "每个机关只列一次",
    "An office is named twice.",
)
def _named(document: OfficialDocument, _: Offices) -> Iterator[str]:
    for names in (document.units, document.recipients, document.copies):
        yield from (name for name, count in Counter(names).items() if count > 1)


@between(
    "attachments-announced",
    "第九条第（十）项",
    "正文提到附件而没有附件",
    "补上附件，或删去正文中的“见附件”",
    "The text speaks of an attachment that isn't there.",
)
def _announced(document: OfficialDocument, _: Offices) -> Iterator[str]:
    numbers = [int(found) for found in re.findall(r"附件(\d{1,2})", document.body)]
    if re.search(r"[见详]附件", document.body) and not document.attachments:
        yield "见附件"
    elif numbers and max(numbers) > max(1, len(document.attachments)):
        yield f"附件{max(numbers)}"


@between(
    "attachment-name",
    "第九条第（十）项",
    "附件没有名称或名称后有标点",
    "写明附件名称，后面不加标点",
    "An attachment has no name, or a sign after its name.",
)
def _attachment(document: OfficialDocument, _: Offices) -> Iterator[str]:
    yield from (
        each.title or "（无名称）"
        for each in document.attachments
        if not each.title.strip() or each.title.rstrip()[-1] in "。；，、;,."
    )


@between(
    "attachment-twice",
    "第九条第（十）项",
    "附件名称重复",
    "区分附件名称或合并附件",
    "Two attachments have the same name.",
)
def _attachment_twice(document: OfficialDocument, _: Offices) -> Iterator[str]:
    yield from (
        name for name, count in Counter(each.title for each in document.attachments).items() if count > 1
    )


@between(
    "date-missing", "第九条第（十二）项", "缺少成文日期", "署会议通过或负责人签发的日期", "There is no date."
)
def _date(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.signed_on is None and document.kind is not Kind.MINUTES:
        yield ""


@between(
    "printed-early",
    "第九条第（十七）项",
    "印发日期早于成文日期",
    "核对印发日期",
    "It was printed before it was signed.",
)
def _printed(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.signed_on and document.printed_on and document.printed_on < document.signed_on:
        yield f"{document.printed_on}早于{document.signed_on}"


@between(
    "seal-missing",
    "第九条第（十三）项",
    "应当加盖印章的公文未加盖",
    "加盖发文机关印章",
    "A document that needs a seal has none.",
)
def _seal(document: OfficialDocument, _: Offices) -> Iterator[str]:
    needing = (Kind.REQUEST, Kind.REPORT, Kind.REPLY, Kind.LETTER)
    if document.kind in needing and document.sealing is Sealing.NONE:
        yield document.kind.value


@between("minutes-no-seal", "第九条第（十三）项", "纪要加盖了印章", "纪要不加盖印章", "Minutes bear no seal.")
def _no_seal(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.kind is Kind.MINUTES and document.sealing is not Sealing.NONE:
        yield ""


@between(
    "unit-missing",
    "第九条第（十一）项",
    "缺少发文机关署名",
    "署发文机关全称或规范化简称",
    "There is no issuing office.",
)
def _unit(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if not document.units or not all(name.strip() for name in document.units):
        yield ""


@between(
    "section-outward",
    "第十七条",
    "部门内设机构对外正式行文",
    "以部门名义行文（办公室除外）",
    "A section within a department writes to the outside.",
)
def _section(document: OfficialDocument, _: Offices) -> Iterator[str]:
    yield from (name for name in document.units if re.search(r"(科|股|处室|组)$", name))


@between(
    "joint-rank",
    "第十七条",
    "联合行文的机关不是同级",
    "同级机关才可联合行文",
    "Offices of different rank issue a document together.",
)
def _rank(document: OfficialDocument, _: Offices) -> Iterator[str]:
    governments = [name for name in document.units if re.search(r"(人民政府|县委|市委|委员会人大)$", name)]
    departments = [name for name in document.units if re.search(r"[局厅]$", name)]
    if governments and departments:
        yield f"{governments[0]}与{departments[0]}"


@between(
    "department-orders",
    "第十六条第（二）项",
    "部门向下级党委、政府发布指令性公文",
    "报请本级政府同意后由政府或其办公室行文，或改用函",
    "A department gives orders to a lower government.",
)
def _orders(document: OfficialDocument, offices: Offices) -> Iterator[str]:
    is_department = bool(document.units) and all(re.search(r"[局厅]$", name) for name in document.units)
    if is_department and document.kind in (Kind.DECISION, Kind.ORDER, Kind.NOTICE, Kind.OPINION):
        lower = offices.those(document.recipients, Relation.SUBORDINATE)
        yield from (name for name in (*lower, *document.recipients) if name.endswith("人民政府"))


@between(
    "order-number",
    "第九条第（五）项",
    "命令（令）没有令号",
    "编“第×号”令号",
    "An order has no number of its own.",
)
def _order_number(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.form is Form.ORDER and not document.order_number:
        yield ""


@between("body-empty", "第九条第（九）项", "没有正文", "写正文", "There is no text.")
def _empty(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if not document.body.strip():
        yield ""


@between(
    "levels-in-order",
    "第九条第（九）项",
    "结构层次序数不连续或越级",
    "按一、（一）1.（1）的顺序逐级连续编号",
    "The numbers of headings leave something out or skip a level.",
)
def _levels(document: OfficialDocument, _: Offices) -> Iterator[str]:
    counts = [0, 0, 0, 0, 0]
    for part in blocks(document.body):
        if not isinstance(part, Paragraph) or not part.level:
            continue
        found = re.search(r"[一二三四五六七八九十百]+|\d+", part.text)
        value = _value(found[0]) if found else 0
        counts[part.level] += 1
        if value == 1:
            counts[part.level] = 1
        if value != counts[part.level]:
            yield part.text[:12]
            counts[part.level] = value
        counts[part.level + 1 :] = [0] * (4 - part.level)


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    digits = "零一二三四五六七八九"
    tens, _, ones = text.rpartition("十")
    if "十" in text:
        return (digits.find(tens) if tens else 1) * 10 + (digits.find(ones) if ones else 0)
    return digits.find(text)


@between(
    "cited-brackets",
    "第九条第（五）项",
    "引用的发文字号括号不对",
    "年份用六角括号〔〕",
    "A cited number has other brackets than 〔〕.",
)
def _brackets(document: OfficialDocument, _: Offices) -> Iterator[str]:
    wrong = re.compile(r"[\u4e00-\u9fff][\[【（(［](?:19|20)\d\d[\]】）)］]\s*\d+号")
    yield from (found[0] for found in wrong.finditer(document.body))


@between(
    "cited-zero",
    "第九条第（五）项",
    "发文顺序号编了虚位或加了“第”字",
    "1不编为01，不加“第”字",
    "A cited serial number has a leading zero or 第.",
)
def _zero(document: OfficialDocument, _: Offices) -> Iterator[str]:
    yield from (found[0] for found in re.finditer(r"〔\d{4}〕(?:第|0)\d*号", document.body))


@between(
    "body-date-zero",
    "第九条第（十二）项",
    "日期的月、日编了虚位",
    "月、日不编虚位，1不编为01",
    "A date in the text has leading zeros.",
)
def _date_zero(document: OfficialDocument, _: Offices) -> Iterator[str]:
    yield from (found[0] for found in re.finditer(r"\d{4}年(?:0\d月\d{1,2}日|\d{1,2}月0\d日)", document.body))


@between(
    "no-text-note",
    "第九条第（九）项",
    "使用了“此页无正文”",
    "调整行距、字距，使印章与正文同页",
    "Says 此页无正文, which the standard forbids.",
)
def _no_text(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if "此页无正文" in document.body:
        yield "此页无正文"


@between(
    "head-names-units",
    "第九条第（四）项",
    "发文机关标志与署名不一致",
    "标志使用署名机关的全称或规范化简称",
    "The head names other offices than those that issue the document.",
)
def _head(document: OfficialDocument, _: Offices) -> Iterator[str]:
    if document.letterhead and document.form is not Form.MINUTES:
        whole = "".join(document.letterhead)
        yield from (name for name in document.units[:1] if name not in whole and whole not in name)
