"""`yiwang sms`: what became of short messages, and a trial of the gateway."""

import argparse
from collections.abc import Iterator
from typing import Any

from yiwang.kernel.base.problems import Problem
from yiwang.site import database
from yiwang.site.command import json_flag, report

name = "sms"
help = "what became of short messages, and a trial of the gateway"
NEWEST = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whom to send a trial."""
    parser.add_argument("--to", metavar="NUMBER", help="send a trial message to this number now")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Send a trial through the gateway, or list the newest messages without number and words."""
    from yiwang.kernel.channels.gateway import NotTaken, gateway

    to = gateway()
    if options.to:
        if to is None:
            raise Problem(
                "There is no gateway: set YIWANG_SMS_URL.", "尚未设置短信网关，请设置 YIWANG_SMS_URL。"
            )
        try:
            answer = to.send(options.to, "一网短信测试 Yiwang test")
        except NotTaken as fault:
            raise Problem(f"The gateway didn't take it: {fault}.", f"短信网关未接收：{fault}。") from None
        report({"answer": answer}, options=options, lines=lambda: iter([f"taken 已接收: {answer}"]))
        return 0
    with database.ready():
        from yiwang.kernel.channels.models import Message

        rows = [
            {
                "made_at": message.made_at.isoformat(timespec="seconds"),
                "number": f"…{message.hint}",
                "state": message.state,
                "tries": message.tries,
                "answer": message.answer,
            }
            for message in Message.objects.order_by("-pk")[:NEWEST]
        ]
    report({"gateway": to is not None, "messages": rows}, options=options, lines=lambda: _lines(rows))
    return 0


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield "  ".join(str(value) for value in row.values())
