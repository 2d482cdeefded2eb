"""`yiwang stats`: the figures of a month or year, as the leader's page shows them."""

import argparse
from collections.abc import Iterator
from typing import Any

from yiwang.kernel.base.problems import Problem
from yiwang.site import database
from yiwang.site.command import json_flag, report

name = "stats"
help = "the figures of a month or year, as the leader's page shows them"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Of which institution, and which month or year."""
    parser.add_argument("institution", help="whose figures, such as petitions")
    parser.add_argument("--year", type=_year, required=True, help="the year, such as 2019")
    parser.add_argument(
        "--month", type=int, choices=range(1, 13), metavar="1-12", help="one month of the year"
    )
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Print the whole county's figures, counted today."""
    with database.ready():
        from django.utils import timezone, translation

        from yiwang.kernel.access.locks import acting_as_system
        from yiwang.kernel.access.rules import SYSTEM
        from yiwang.kernel.stats.addresses import institutions
        from yiwang.kernel.stats.report import labels, report_of
        from yiwang.kernel.stats.rules import Period

        if options.institution not in institutions():
            known = ", ".join(institutions())
            raise Problem(
                f"{options.institution} has no figures; those that have: {known}.",
                f"{options.institution} 没有统计数据；可选：{known}。",
            )
        with acting_as_system(), translation.override("zh-hans"):
            found = report_of(
                SYSTEM,
                institution=options.institution,
                period=Period(options.year, options.month),
                as_of=timezone.localdate(),
            )
            names = labels(options.institution)
        report(found.as_json(), options=options, lines=lambda: _lines(found, names))
    return 0


def _year(text: str) -> int:
    """A year that can be counted; argparse says what is wrong otherwise."""
    from yiwang.kernel.stats.rules import BadPeriod, Period

    try:
        return Period.parse(text).year
    except BadPeriod:
        raise argparse.ArgumentTypeError(f"{text} is not a year") from None


def _lines(found: Any, names: dict[str, str]) -> Iterator[str]:
    yield f"{found.institution} {found.period}, {found.as_of}"
    for key, value in found.shown(found.figures).items():
        yield f"{names[key]}  {'–' if value is None else f'{value:g}'}"
    for dimension, parts in found.parts.items():
        yield f"[{names[f'by_{dimension}']}]"
        for part in parts:
            yield f"  {part.label}  {part.received}"
    for part in found.times:
        if part.received:
            yield f"  {part.key}  {part.received}"
