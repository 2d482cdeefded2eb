"""The letters about companies: applications, removals, appeals, commendations and warnings. Chinese is their language."""

from datetime import date
from typing import Any

from yiwang.institutions.community.casetypes import admission_2026, mark_appeal_2026, removal_2026
from yiwang.institutions.community.company_enums import ActKind
from yiwang.institutions.community.company_models import CompanyAct
from yiwang.kernel.casework.letters import LetterContext, composes
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.orgs.models import Unit

DECIDED = {
    removal_2026.KEPT: "保留加盟资格，不予处理",
    removal_2026.WARNED: "给予警告",
    removal_2026.REMOVED: "清理出加盟服务队伍，解除加盟协议",
}
APPEALED = {
    mark_appeal_2026.UPHELD: "申诉成立，该订单不计入本项评价",
    mark_appeal_2026.REJECTED: "申诉不成立，维持原评价",
}


@composes(admission_2026.KEY, "receipt")
def receipt(context: LetterContext) -> dict[str, Any]:
    """加盟申请受理单: what came in, what happens by when."""
    case = context.case
    paragraphs = [
        f"{case.title}于{_chinese(case.received_on)}提交的加盟申请已经登记，编号{case.number}。",
        f"本中心将核验所提交的身份、地址、联系方式、行政许可等信息（{admission_2026.VERIFIED_BY_LAW.text()}）。",
    ]
    terms = [
        {"what": "核验，或者一次告知需要补正的内容", "by": "10个工作日内", "basis": "本中心加盟规则"},
        {"what": "核验通过后作出决定", "by": "5个工作日内", "basis": "本中心加盟规则"},
    ]
    return _letter(context, "加盟申请受理单", paragraphs, to=case.title, terms=terms)


@composes(admission_2026.KEY, "completion")
def completion(context: LetterContext) -> dict[str, Any]:
    """补正通知书: what is missing."""
    paragraphs = [
        f"你单位的加盟申请（编号{context.case.number}）需要补正以下内容：",
        *_lines(context.entry.data["missing"]),
        "请自收到本通知之日起15日内在申请回执页补正；逾期未补正的，本中心可以不予加盟。",
    ]
    return _letter(context, "补正通知书", paragraphs, to=context.case.title)


@composes(admission_2026.KEY, "admission")
def admission(context: LetterContext) -> dict[str, Any]:
    """加盟通知书: from when to when, and what comes next."""
    data = context.entry.data
    begin, end = (date.fromisoformat(data[key]) for key in ("contract_from", "contract_until"))
    paragraphs = [
        f"经核验，同意你单位加盟（编号{context.case.number}）。协议期限自{_chinese(begin)}至{_chinese(end)}。",
        "你单位人员的账号经安全保密员核准后开通。许可、资质证书到期前请及时更新；证书过期的队伍不再派单。",
        f"双方应当按照约定全面履行义务（{admission_2026.AGREEMENT.text()}）。",
    ]
    return _letter(context, "加盟通知书", paragraphs, to=context.case.title)


@composes(admission_2026.KEY, "refusal")
def refusal(context: LetterContext) -> dict[str, Any]:
    """不予加盟通知书: the reasons."""
    paragraphs = [
        f"你单位的加盟申请（编号{context.case.number}），本中心决定不予加盟，理由如下：",
        *_lines(context.entry.data["reasons"]),
        "情况改变后，可以重新申请。",
    ]
    return _letter(context, "不予加盟通知书", paragraphs, to=context.case.title)


@composes(removal_2026.KEY, "notice")
def notice(context: LetterContext) -> dict[str, Any]:
    """拟清理告知书: what is held against the company, and its right to state its case."""
    paragraphs = [
        "本中心拟对你单位作出处理，事实和理由如下：",
        *_lines(context.entry.data["grounds"]),
        "你单位可以自收到本告知书之日起10个工作日内在本系统查阅证据、陈述意见、提交材料；逾期未陈述的，视为放弃。",
        f"依据：{removal_2026.CAUSE.text()}、{removal_2026.NOTIFIED.text()}和加盟协议。",
    ]
    return _letter(context, "拟清理告知书", paragraphs, to=_party(context))


@composes(removal_2026.KEY, "decision")
def decision(context: LetterContext) -> dict[str, Any]:
    """处理决定书: what was decided, why, from when, what can be done against it."""
    return _decision(context, "加盟企业处理决定书")


@composes(removal_2026.KEY, "review")
def review(context: LetterContext) -> dict[str, Any]:
    """异议复核决定书: what became of the objection."""
    return _decision(context, "异议复核决定书")


def _decision(context: LetterContext, title: str) -> dict[str, Any]:
    data = context.entry.data
    decided = DECIDED[str(data["decision"])]
    paragraphs = ["经调查并听取你单位的陈述，本中心认为：", *_lines(data["reasons"]), f"决定：{decided}。"]
    if data["decision"] == removal_2026.REMOVED:
        paragraphs.append(
            "自本决定作出之日起不再向你单位派单，尚未开始的服务另行安排；正在进行的服务应当完成。"
            f"合同解除后，尚未履行的，终止履行（{removal_2026.AFTERWARDS.text()}）。"
        )
        if data.get("ends_on"):
            paragraphs.append(f"加盟资格至{_chinese(date.fromisoformat(data['ends_on']))}止。")
    if data["decision"] != removal_2026.KEPT:
        paragraphs.append(f"本决定将依法公示（{removal_2026.PUBLIC.text()}）。")
    remedy = (
        f"对本决定有异议的，可以请求人民法院或者仲裁机构确认解除行为的效力（{removal_2026.COURT.text()}）。"
    )
    if title == "加盟企业处理决定书":
        remedy = "对本决定有异议的，可以自收到之日起10个工作日内向本中心提出，由其他人员复核。" + remedy
    return _letter(context, title, paragraphs, to=_party(context), remedy=remedy)


@composes(mark_appeal_2026.KEY, "decision")
def appeal_decision(context: LetterContext) -> dict[str, Any]:
    """评价申诉处理决定书: whether the order counts."""
    data = context.entry.data
    paragraphs = [
        f"你单位对评价提出的申诉（编号{context.case.number}，{context.case.title}），本中心已经核实。",
        *_lines(data["reasons"]),
        f"处理决定：{APPEALED[str(data['decision'])]}。居民的评价不作删除（{mark_appeal_2026.RATING_KEPT.text()}）。",
    ]
    return _letter(context, "评价申诉处理决定书", paragraphs, to=_party(context))


def act_content(act: CompanyAct, *, centre: Unit) -> dict[str, Any]:
    """A commendation (certificate) or warning of a company, as the typesetter takes it."""
    titles = {ActKind.COMMENDATION: "表彰证书", ActKind.WARNING: "警告通知书", ActKind.REMOVAL: "清理公告"}
    closing = {
        ActKind.COMMENDATION: "特发此证，以资鼓励。",
        ActKind.WARNING: "请你单位限期整改，并向本中心书面报告。",
        ActKind.REMOVAL: "特此公告。",
    }
    kind = ActKind(act.kind)
    return {
        "title": titles[kind],
        "to": "" if kind is ActKind.REMOVAL else act.company.unit.name,
        "paragraphs": [act.title, *_lines(act.words)],
        "sections": [],
        "terms": [],
        "remedy": "",
        "closing": closing[kind],
        "attachments": [],
        "copy_to": [],
        "unit_name": centre.name,
        "contact": "",
        "day": local_day(act.given_at).isoformat(),
    }


def _party(context: LetterContext) -> str:
    """The company that a removal or an appeal is about."""
    return context.units.get(int(context.case.facts["company"])).name


def _letter(
    context: LetterContext,
    title: str,
    paragraphs: list[str],
    *,
    to: str,
    terms: list[dict[str, str]] | None = None,
    remedy: str = "",
) -> dict[str, Any]:
    root = context.units.get(context.case.root_unit_id)
    return {
        "title": title,
        "to": to,
        "paragraphs": paragraphs,
        "sections": [],
        "terms": terms or [],
        "remedy": remedy,
        "closing": "",
        "attachments": [],
        "copy_to": [],
        "unit_name": root.name,
        "contact": "，".join(part for part in (root.address, root.phone) if part),
        "day": local_day(context.entry.at).isoformat(),
    }


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _lines(text: Any) -> list[str]:
    return [line.strip() for line in str(text).splitlines() if line.strip()]
