"""Everything that changes a document, a handling, a number or a circulation."""

from yiwang.facilities.office.actions.circulating import (
    add_readers,
    cancel_readings,
    circulate,
    mark_read,
    urge,
    write_opinion,
)
from yiwang.facilities.office.actions.drafting import Text, draft, save_text, submit
from yiwang.facilities.office.actions.handing_over import hand_over
from yiwang.facilities.office.actions.issuing import (
    Outcome,
    ask_countersign,
    countersign,
    end_countersigning,
    enter,
    release,
    sign,
    sign_batch,
    withdraw,
)
from yiwang.facilities.office.actions.joining import end_asking, sign_jointly
from yiwang.facilities.office.actions.numbering import open_series, reserve, void
from yiwang.facilities.office.actions.receiving import (
    FromOutside,
    answer,
    assign,
    receive_outside,
    return_document,
    sign_for,
)
from yiwang.facilities.office.actions.receiving import enter as enter_receipt
from yiwang.facilities.office.actions.reporting import NewReport, write_report
from yiwang.facilities.office.actions.tasking import NewTask, give_task

__all__ = [
    "FromOutside",
    "NewReport",
    "NewTask",
    "Outcome",
    "Text",
    "add_readers",
    "answer",
    "ask_countersign",
    "assign",
    "cancel_readings",
    "circulate",
    "countersign",
    "draft",
    "end_asking",
    "end_countersigning",
    "enter",
    "enter_receipt",
    "give_task",
    "hand_over",
    "mark_read",
    "open_series",
    "receive_outside",
    "release",
    "reserve",
    "return_document",
    "save_text",
    "sign",
    "sign_batch",
    "sign_for",
    "sign_jointly",
    "submit",
    "urge",
    "void",
    "withdraw",
    "write_opinion",
    "write_report",
]
