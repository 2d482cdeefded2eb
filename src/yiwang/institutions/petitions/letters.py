"""The words of the petition office's letters: each function writes one kind, from the journal alone.

The text is official Chinese, whatever language a reader's screen speaks: a letter is evidence.
Whoever accuses somebody (信访工作条例 30) or asks not to be named is never named in a letter: the letters lie in a
dossier that every unit in the chain reads.
"""

from datetime import date
from typing import Any

from yiwang.institutions.petitions.laws import REGULATIONS
from yiwang.institutions.petitions.rules import Signing
from yiwang.kernel.casework.letters import LetterContext, composes
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.casetype import Citation
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.casework.rules.progress import Entry, Node
from yiwang.kernel.orgs.enums import UnitKind


def _article(article: int, paragraph: int | None = None, item: int | None = None, *, phrase: str) -> Citation:
    return Citation(REGULATIONS, article, paragraph, item, phrase)


REPEATED_ABOVE = _article(19, 3, phrase="上级机关、单位不予受理")
QUERY = _article(21, 2, phrase="查询、评价")
REGISTER = _article(22, 1, phrase="予以登记")
TO_OWN_LEVEL = _article(22, 1, 1, phrase="应当转送有权处理的机关、单位")
TO_LOWER_LEVEL = _article(22, 1, 2, phrase="涉及下级机关")
TO_REPORT_BACK = _article(22, 1, 3, phrase="提交办结报告")
NOT_OURS = _article(23, 1, phrase="应当告知信访人向有权处理的机关、单位提出")
HAND_ON = _article(23, 1, phrase="应当转送、交办有权处理的机关、单位")
DIRECT_NOTICE = _article(23, 1, phrase="应当告知信访人接收情况以及处理途径和程序")
NOTICE = _article(23, 3, phrase="书面告知信访人接收情况以及处理途径和程序")
OBJECTION = _article(23, 3, phrase="5个工作日内提出异议")
SUGGESTION = _article(29, 1, phrase="认真研究论证")
ACCUSATION = _article(30, 1, phrase="依规依纪依法接收、受理、办理和反馈")
SECRECY = _article(30, 3, phrase="不得将信访人的检举、揭发材料以及有关情况透露或者转给")
SECRECY_BROKEN = _article(46, None, 5, phrase="将信访人的检举、揭发材料或者有关情况透露")
OTHER_ROUTES = _article(31, phrase="导入相应程序处理")
INVESTIGATION = _article(31, None, 6, phrase="出具信访处理意见书")
SUPPORTED = _article(32, 1, 1, phrase="予以支持")
EXPLAINED = _article(32, 1, 2, phrase="作出解释说明")
NOT_SUPPORTED = _article(32, 1, 3, phrase="不予支持")
TERM = _article(34, phrase="60日内办结")
EXTENSION = _article(34, phrase="延长期限不得超过30日")
REVIEW = _article(35, phrase="上一级机关、单位复查")

QUOTED = (
    *(REPEATED_ABOVE, QUERY, REGISTER, TO_OWN_LEVEL, TO_LOWER_LEVEL, TO_REPORT_BACK, NOT_OURS, HAND_ON),
    *(
        DIRECT_NOTICE,
        NOTICE,
        OBJECTION,
        SUGGESTION,
        ACCUSATION,
        SECRECY,
        SECRECY_BROKEN,
        OTHER_ROUTES,
        INVESTIGATION,
    ),
    *(SUPPORTED, EXPLAINED, NOT_SUPPORTED, TERM, EXTENSION, REVIEW),
)
"""Every place that the letters quote; a test looks each up in the statute."""

OUTCOMES = {
    "supported": ("对您提出的请求，本机关予以支持。", SUPPORTED),
    "explained": ("对您提出的请求，本机关作出如下解释说明。", EXPLAINED),
    "not_supported": ("对您提出的请求，本机关不予支持。", NOT_SUPPORTED),
}
CHANNELS = {
    "web": "通过网上信访",
    "counter": "以走访形式",
    "phone": "通过电话",
    "letter": "以书信形式",
    "mailbox": "通过监督信箱",
}
LONGEST_REQUEST = 800
"""Characters of the petition that an answer quotes; the whole stands in the dossier."""


@composes("petition", "receipt")
def receipt(context: LetterContext) -> dict[str, Any]:
    """信访事项收件回执: what came in when, under which number, and what happens by when."""
    case, kind = context.case, context.case_type
    notice, handling = kind.clock("notice"), kind.clock("handling")
    due = _due(context, "registration")
    terms = [
        {
            "what": "登记，并转送、交办有权处理的机关、单位或者直接办理",
            "by": f"{_chinese(due)}前（含当日）"
            if due
            else f"收到之日起{kind.clock('registration').term}日内",
            "basis": _law(REGISTER),
        },
        {
            "what": "有权处理的机关、单位书面告知接收情况以及处理途径和程序",
            "by": f"该机关、单位收到之日起{notice.term}日内",
            "basis": _law(NOTICE),
        },
    ]
    if case.purpose in ("claim", ""):
        terms.append(
            {
                "what": "出具信访处理意见书",
                "by": f"受理之日起{handling.term}日内；情况复杂的，经批准可以延长，延长不超过30日",
                "basis": _law(TERM),
            }
        )
    paragraphs = [
        f"您于{_chinese(case.received_on)}{CHANNELS.get(case.channel, '')}提出的信访事项“{case.title}”，"
        f"本机关已经收到并予以登记，登记编号为{case.number}。",
        _promise(case.purpose),
        f"办理期间，您可以凭登记编号和查询码查询办理进展和结果；办结后，您可以对办理情况作出评价"
        f"（{_law(QUERY)}）。请妥善保管查询码，不要告诉他人。",
    ]
    return _letter(context, "信访事项收件回执", paragraphs, terms=terms)


@composes("petition", "transfer")
def transfer(context: LetterContext) -> dict[str, Any]:
    """转送函 or 交办函: what is sent to whom under which rule, and what the law asks of the receiver."""
    case, entry, units = context.case, context.entry, context.units
    to = units.get(context.derived.progress.holding.unit_id)
    is_assigned = entry.verb == "assign"
    verb = "交办" if is_assigned else "转送"
    notice, objection = context.case_type.clock("notice"), context.case_type.clock("objection")
    basis = TO_LOWER_LEVEL if to.kind in (UnitKind.TOWNSHIP, UnitKind.VILLAGE) else TO_OWN_LEVEL
    if entry.node:
        basis = HAND_ON
    paragraphs = [
        f"信访人{_who(context)}提出的信访事项“{case.title}”（登记编号：{case.number}，{_chinese(case.received_on)}收到），"
        f"经审查，属于你单位职权范围。根据{_law(TO_REPORT_BACK if is_assigned else basis)}的规定，现{verb}你单位依规依法办理。",
        f"请自收到之日起{notice.term}日内{_until(_due(context, 'notice'))}书面告知信访人接收情况以及处理途径和程序。"
        f"不属于你单位或者本系统职权范围的，请自收到之日起{objection.term}个工作日内{_until(_due(context, 'objection'))}"
        f"提出异议，并详细说明理由，经我单位核实同意后，交还相关材料（{_law(NOTICE)}）。",
    ]
    if is_assigned:
        due_on = date.fromisoformat(str(entry.data["due_on"]))
        paragraphs.append(
            f"请于{_chinese(due_on)}前（含当日）向我单位反馈办理结果，提交办结报告（{_law(TO_REPORT_BACK)}）。"
        )
    if case.is_confidential:
        paragraphs.append(
            "本件属于检举控告类信访事项，请严格保密，不得将检举、揭发材料以及有关情况透露或者转给被检举、揭发的"
            f"人员或者单位（{_law(SECRECY)}，{_law(SECRECY_BROKEN, is_short=True)}）。"
        )
    sections = (
        [{"heading": "办理要求", "paragraphs": _lines(entry.data["note"])}] if entry.data.get("note") else []
    )
    return _letter(
        context,
        f"关于{verb}信访事项的函",
        paragraphs,
        to=to.name,
        sections=sections,
        closing="特此函告。",
        attachments=[f"信访事项材料1份（电子卷宗{case.number}）"],
        copy_to=_root_unless_it_signs(context),
    )


@composes("petition", "acceptance")
def acceptance(context: LetterContext) -> dict[str, Any]:
    """信访事项受理告知书: that the unit takes the matter on, how it goes on, and by when."""
    case, kind, is_direct = context.case, context.case_type, context.entry.node == 0
    handling, review = kind.clock("handling"), kind.clock("review")
    paragraphs = [
        f"您提出的信访事项“{case.title}”（登记编号：{case.number}），{_came_here(context)}"
        f"经审查，属于本机关职权范围，现予受理。根据{_law(DIRECT_NOTICE if is_direct else NOTICE)}的规定，将处理途径和程序告知如下。",
    ]
    if case.purpose in ("claim", ""):
        paragraphs += [
            f"本机关将听取您陈述事实和理由，调查核实，并自受理之日起{handling.term}日内{_until(_due(context, 'handling'))}"
            f"出具信访处理意见书（{_law(INVESTIGATION)}，{_law(TERM, is_short=True)}）。情况复杂的，经本机关负责人批准，"
            "可以适当延长办理期限，延长期限不超过30日，并告知您延期理由。",
            f"您对处理意见不服的，可以自收到书面答复之日起{review.term}日内，请求本机关的上一级机关、单位复查"
            f"（{_law(REVIEW)}）。",
        ]
    else:
        paragraphs.append(_promise(case.purpose))
    paragraphs.append(
        "在规定期限内，您就同一信访事项又向受理、办理机关、单位的上级机关、单位提出的，上级机关、单位不予受理"
        f"（{_law(REPEATED_ABOVE)}）。"
    )
    return _letter(
        context,
        "信访事项受理告知书",
        paragraphs,
        closing="特此告知。",
        copy_to=_root_unless_it_signs(context),
    )


@composes("petition", "refusal")
def refusal(context: LetterContext) -> dict[str, Any]:
    """信访事项不予受理告知书: why the unit doesn't take the matter on and where the person can turn."""
    case, data = context.case, context.entry.data
    basis = OTHER_ROUTES if case.purpose in ("claim", "") else NOT_OURS
    return _letter(
        context,
        "信访事项不予受理告知书",
        [
            f"您提出的信访事项“{case.title}”（登记编号：{case.number}），{_came_here(context)}经审查，本机关决定不予受理。"
        ],
        sections=[
            {"heading": "不予受理的理由", "paragraphs": _lines(data["reasons"])},
            {"heading": "您可以选择的途径", "paragraphs": _lines(data["route"])},
            {"heading": "依据", "paragraphs": [f"{_law(basis)}。"]},
        ],
        closing="特此告知。",
        copy_to=_root_unless_it_signs(context),
    )


@composes("petition", "objection")
def objection(context: LetterContext) -> dict[str, Any]:
    """异议函: why a unit says that a transferred matter isn't its own, within five working days."""
    case, entry = context.case, context.entry
    node = context.derived.progress.nodes[entry.node]
    to = context.units.get(context.derived.progress.holding.unit_id)
    term = context.case_type.clock("objection").term
    return _letter(
        context,
        "关于对转送信访事项提出异议的函",
        [
            f"你单位于{_chinese(local_day(node.given_at))}{_how_given(node)}本机关办理的信访事项“{case.title}”"
            f"（登记编号：{case.number}）收悉。经研究，该事项不属于本机关或者本系统职权范围。根据{_law(OBJECTION)}的规定，"
            f"在收到之日起{term}个工作日的期限内{_until(_due(context, 'objection', node=entry.node))}，现提出异议。"
        ],
        to=to.name,
        sections=[{"heading": "异议理由", "paragraphs": _lines(entry.data["reasons"])}],
        closing="请予核实。同意后，相关材料一并交还。",
    )


@composes("petition", "extension")
def extension(context: LetterContext) -> dict[str, Any]:
    """信访事项延期办理告知书: until when the term is extended, and why."""
    case, data = context.case, context.entry.data
    accepted = _entry(context, "accept")
    began = f"本机关于{_chinese(local_day(accepted.at))}受理，" if accepted else ""
    return _letter(
        context,
        "信访事项延期办理告知书",
        [
            f"您提出的信访事项“{case.title}”（登记编号：{case.number}），{began}因情况复杂，难以在"
            f"{context.case_type.clock('handling').term}日内办结。根据{_law(EXTENSION)}的规定，经本机关负责人批准，"
            f"决定延长办理期限{data['days']}日{_until(_due(context, 'handling'))}。"
        ],
        sections=[{"heading": "延期理由", "paragraphs": _lines(data["reasons"])}],
        closing="特此告知。",
        copy_to=_root_unless_it_signs(context),
    )


@composes("petition", "answer")
def answer(context: LetterContext) -> dict[str, Any]:
    """信访事项处理意见书: request, facts and reasons, opinion and legal basis (信访工作条例 32), and the remedy."""
    case = context.case
    written = _written(context)
    accepted = _entry(context, "accept")
    began = f"本机关于{_chinese(local_day(accepted.at))}受理。" if accepted else ""
    sentence, basis = OUTCOMES[written["outcome"]]
    is_claim = case.purpose in ("claim", "")
    decided = [f"{sentence[:-1]}（{_law(basis)}）。"] if is_claim else []
    request = (
        [case.title, *_lines(_shortened(case.text))] if case.text.strip() != case.title else [case.title]
    )
    return _letter(
        context,
        "信访事项处理意见书" if is_claim else "信访事项答复意见书",
        [
            f"您于{_chinese(case.received_on)}提出的信访事项（登记编号：{case.number}），{began}"
            "经调查核实，现将处理意见答复如下。"
        ],
        sections=[
            {"heading": "投诉请求" if is_claim else "反映的事项", "paragraphs": request},
            {"heading": "查明的事实和理由", "paragraphs": _lines(written["facts"])},
            {"heading": "处理意见", "paragraphs": [*decided, *_lines(written["opinion"])]},
            {"heading": "法律法规依据", "paragraphs": _lines(written["basis"])},
        ],
        remedy=_remedy(context) if is_claim else "",
        copy_to=_root_unless_it_signs(context),
    )


def _letter(
    context: LetterContext,
    title: str,
    paragraphs: list[str],
    *,
    to: str | None = None,
    sections: list[dict[str, Any]] | None = None,
    terms: list[dict[str, str]] | None = None,
    remedy: str = "",
    closing: str = "",
    attachments: list[str] | None = None,
    copy_to: list[str] | None = None,
) -> dict[str, Any]:
    unit = context.units.get(context.unit_id)
    return {
        "title": title,
        "to": to or _addressed(context),
        "paragraphs": paragraphs,
        "sections": sections or [],
        "terms": terms or [],
        "remedy": remedy,
        "closing": closing,
        "attachments": attachments or [],
        "copy_to": copy_to or [],
        "unit_name": unit.name,
        "contact": "，".join(part for part in (unit.address, unit.phone) if part),
        "day": local_day(context.entry.at).isoformat(),
    }


def _is_secret(case: Case) -> bool:
    """Whether nobody may be named: the law hides whoever accuses, others may ask for it."""
    return case.is_confidential or case.facts.get("signing") == Signing.CONFIDENTIAL


def _addressed(context: LetterContext) -> str:
    """Whom a letter to the petitioner greets; nobody whose name is secret is named."""
    names = context.petitioners
    if not names or _is_secret(context.case):
        return "信访人"
    return "、".join(names) if len(names) <= 3 else f"{'、'.join(names[:3])}等{len(names)}人"


def _who(context: LetterContext) -> str:
    """The petitioner as a letter between units names them."""
    if _is_secret(context.case):
        return "（身份保密）"
    return _addressed(context) if context.petitioners else "（未署名）"


def _promise(purpose: str) -> str:
    """What the law says is done with a matter of this purpose."""
    if purpose == "suggestion":
        return f"对您提出的建议意见，有权处理的机关、单位将认真研究论证并予以回复（{_law(SUGGESTION)}）。"
    if purpose == "accusation":
        return (
            f"对您提出的检举控告事项，由有权处理的机关、单位依规依纪依法接收、受理、办理和反馈（{_law(ACCUSATION)}）。"
            f"您的检举、揭发材料以及有关情况，不会透露或者转给被检举、揭发的人员或者单位（{_law(SECRECY)}）。"
        )
    return f"本机关将根据{_law(REGISTER)}的规定，区分情况作出处理，期限见下表。"


def _came_here(context: LetterContext) -> str:
    """How and when the matter came to the unit that writes."""
    node = context.derived.progress.nodes[context.entry.node]
    day = _chinese(local_day(node.given_at) if node.index else context.case.received_on)
    if node.parent is None:
        return f"本机关于{day}收到。"
    giver = context.units.get(context.derived.progress.nodes[node.parent].unit_id)
    return f"由{giver.name}{_how_given(node)}，本机关于{day}收到。"


def _how_given(node: Node) -> str:
    return "交办" if node.given_by_verb == "assign" else "转送"


def _remedy(context: LetterContext) -> str:
    """The remedy of the case type as a letter says it; the last day follows from the day of service."""
    if context.definition.remedy is None:
        return ""
    definition = next(r for r in context.case_type.remedies if r.key == context.definition.remedy)
    term = context.case_type.clock(definition.clock).term
    return (
        f"如对本处理意见不服，可以自收到本意见书之日起{term}日内，请求本机关的上一级机关、单位复查"
        f"（{_law(definition.citation)}）。"
    )


def _written(context: LetterContext) -> dict[str, str]:
    """The answer as last written: what the handler wrote, with what those above changed."""
    found: dict[str, str] = {}
    for entry in context.derived.entries:
        if entry.verb in ("answer", "approve", "issue"):
            found |= {
                k: str(entry.data[k]) for k in ("outcome", "facts", "opinion", "basis") if k in entry.data
            }
    return found


def _root_unless_it_signs(context: LetterContext) -> list[str]:
    root = context.derived.progress.root.unit_id
    holder = context.derived.progress.holding.unit_id
    return (
        []
        if root in (context.unit_id, holder if not context.definition.is_for_petitioner else None)
        else [context.units.get(root).name]
    )


def _entry(context: LetterContext, verb: str) -> Entry | None:
    return next((entry for entry in reversed(context.derived.entries) if entry.verb == verb), None)


def _due(context: LetterContext, key: str, *, node: int | None = None) -> date | None:
    """The last day of a clock of the case or of the unit that holds it (or of another place in the chain)."""
    place = context.derived.progress.holder if node is None else node
    for clock in context.derived.clocks:
        if clock.key == key and (clock.definition.scope == "case" or clock.node == place):
            return clock.due_on
    return None


def _until(day: date | None) -> str:
    return f"（至{_chinese(day)}止）" if day else ""


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _law(citation: Citation, *, is_short: bool = False) -> str:
    text = citation.text()
    return text.split("》", 1)[1] if is_short else text


def _lines(text: Any) -> list[str]:
    return [line.strip() for line in str(text).splitlines() if line.strip()]


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_REQUEST else f"{text[:LONGEST_REQUEST]}……（全文见卷宗）"
