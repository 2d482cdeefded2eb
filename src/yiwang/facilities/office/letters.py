"""The letters of the receiving chain: a document goes back, a document is answered. Chinese is their language."""

from datetime import date
from typing import Any

from yiwang.facilities.office.casetypes import receipt_2012
from yiwang.facilities.office.models import Handling
from yiwang.kernel.casework.letters import LetterContext, composes
from yiwang.kernel.casework.rules.clocks import local_day


@composes(receipt_2012.KEY, "document_return")
def return_note(context: LetterContext) -> dict[str, Any]:
    """退文通知单: which document goes back, and why."""
    return _letter(
        context,
        "退文通知单",
        [
            f"你单位{_named(context)}收悉。经初审，该文不符合公文处理规定，现予退回，理由如下：",
            *context.entry.data["reasons"].splitlines(),
            f"（依据：{receipt_2012.SENT_BACK.text()}）",
        ],
    )


@composes(receipt_2012.KEY, "document_answer")
def answer(context: LetterContext) -> dict[str, Any]:
    """答复: what came of it."""
    paragraphs = [
        f"你单位{_named(context)}收悉。现将办理结果答复如下：",
        *context.entry.data["text"].splitlines(),
    ]
    return _letter(context, "办理结果答复", paragraphs)


def _named(context: LetterContext) -> str:
    document = Handling.objects.select_related("document").get(case_id=context.case.pk).document
    return f"《{document.title}》（{document.number}）" if document.number else f"《{document.title}》"


def _letter(context: LetterContext, title: str, paragraphs: list[str]) -> dict[str, Any]:
    document = Handling.objects.select_related("document").get(case_id=context.case.pk).document
    to = context.units.name(document.origin_unit_id) if document.origin_unit_id else document.origin
    day: date = local_day(context.entry.at)
    return {
        "title": title,
        "to": to,
        "paragraphs": paragraphs,
        "unit_name": context.units.get(context.unit_id).name,
        "day": day.isoformat(),
    }
