"""The letters of an order: confirmation, refusal, service statement, decision. Chinese is their language."""

from datetime import date
from typing import Any

from yiwang.institutions.community.casetypes.order_2026 import (
    ASSISTANCE,
    DECISIONS,
    KEY,
    REMEDY,
    RULES,
    VOUCHER,
    WAYS,
    WITHDRAWAL,
)
from yiwang.kernel.casework.letters import LetterContext, composes
from yiwang.kernel.casework.rules.clocks import local_day

DECIDED = {"again": "由中心安排重新服务", "refund": "退还费用", "refused": "服务符合约定"}
assert set(DECIDED) == {key for key, _label in DECISIONS}


@composes(KEY, "receipt")
def receipt(context: LetterContext) -> dict[str, Any]:
    """服务预约单: what was ordered, what happens by when, how to cancel."""
    case = context.case
    paragraphs = [
        f"您于{_chinese(case.received_on)}预约的服务“{case.title}”已经登记，编号{case.number}。",
        "服务完成前您可以随时取消；服务队伍上门后，请报出预约回执页上的门口验证码，再开始服务。"
        f"价格不超过服务目录公布的最高价，不收取任何未予标明的费用（{WITHDRAWAL.text()}）。",
    ]
    terms = [
        {"what": "核实预约，确认服务或者说明不能服务的理由", "by": "1个工作日内", "basis": "本中心服务承诺"},
        {"what": "服务完成后回访", "by": "2个工作日内", "basis": "本中心服务承诺"},
        {"what": "对服务不满意的，可以提出争议", "by": "服务完成后7日内", "basis": "本中心服务承诺"},
    ]
    return _letter(context, "服务预约单", paragraphs, terms=terms)


@composes(KEY, "refusal")
def refusal(context: LetterContext) -> dict[str, Any]:
    """不予服务告知书: why it isn't served, and where else to turn."""
    data = context.entry.data
    paragraphs = [
        f"您预约的服务“{context.case.title}”（编号{context.case.number}），本中心不能提供，理由如下：",
        *_lines(data["reasons"]),
    ]
    if data.get("route"):
        paragraphs += ["您可以通过以下途径办理：", *_lines(data["route"])]
    return _letter(context, "不予服务告知书", paragraphs)


@composes(KEY, "statement")
def statement(context: LetterContext) -> dict[str, Any]:
    """服务单: what was done by whom for how much."""
    data, units = context.entry.data, context.units
    company = units.get(context.unit_id).name
    paragraphs = [
        f"{company}{data['team']}于{_chinese(local_day(context.entry.at))}完成服务“{context.case.title}”（编号{context.case.number}）。",
        f"应付金额：{_yuan(int(data['price']))}。",
    ]
    if data.get("materials"):
        paragraphs.append(f"使用材料：{data['materials']}")
    paragraphs.append(f"本服务单是服务凭证（{VOUCHER.text()}），请妥善保存。")
    remedy = (
        f"对服务不满意的，可以自服务完成之日起7日内在预约回执页提出争议，由社区服务中心协助处理（{ASSISTANCE.text()}）；"
        f"也可以请求消费者组织调解、向有关部门投诉、提请仲裁或者提起诉讼（{WAYS.text()}）。"
    )
    return _letter(context, "服务单", paragraphs, remedy=remedy)


@composes(KEY, "decision")
def decision(context: LetterContext) -> dict[str, Any]:
    """争议处理决定书: what was decided, why, and what else can be done."""
    data = context.entry.data
    decided = f"处理决定：{DECIDED[str(data['decision'])]}"
    if data.get("refund"):
        decided += f"，金额{_yuan(int(data['refund']))}"
    paragraphs = [
        f"您就服务“{context.case.title}”（编号{context.case.number}）提出的争议，本中心已经核实。",
        *_lines(data["reasons"]),
        f"{decided}（{RULES.text()}，{REMEDY.text()}）。",
    ]
    remedy = (
        f"不同意本决定的，可以请求消费者组织调解、向有关部门投诉、提请仲裁或者提起诉讼（{WAYS.text()}）。"
    )
    return _letter(context, "争议处理决定书", paragraphs, remedy=remedy)


def _letter(
    context: LetterContext,
    title: str,
    paragraphs: list[str],
    *,
    terms: list[dict[str, str]] | None = None,
    remedy: str = "",
) -> dict[str, Any]:
    unit = context.units.get(context.unit_id)
    return {
        "title": title,
        "to": "、".join(context.petitioners) or "预约人",
        "paragraphs": paragraphs,
        "sections": [],
        "terms": terms or [],
        "remedy": remedy,
        "closing": "",
        "attachments": [],
        "copy_to": [],
        "unit_name": unit.name,
        "contact": "，".join(part for part in (unit.address, unit.phone) if part),
        "day": local_day(context.entry.at).isoformat(),
    }


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02}元" if rest else f"{whole}元"


def _lines(text: Any) -> list[str]:
    return [line.strip() for line in str(text).splitlines() if line.strip()]
