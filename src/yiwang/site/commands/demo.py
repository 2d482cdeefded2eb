"""`yiwang demo`: fill the invented county 云川县, with a hundred days of matters or with a great many."""

import argparse
import time
from typing import Any

from yiwang.site import database
from yiwang.site.command import json_flag, progress, report

name = "demo"
help = "fill the invented demo county; never beside real units"

MOST = 5_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many matters."""
    parser.add_argument(
        "--cases",
        type=_number,
        metavar="N",
        help="so many matters over three years, by a bulk path (default: a hundred days told by the actions)",
    )
    parser.add_argument("--seed", type=int, default=8, help="the same seed tells the same matters")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Fill the county, all or nothing, and say what is there now."""
    from django.utils import timezone

    began = time.monotonic()
    with database.ready(as_owner=True, is_migrating=True):
        from yiwang.site import first_run, upgrade

        upgrade.migrate()
        now = timezone.now()
        filled: dict[str, Any]
        if options.cases is None:
            from yiwang.site import demo

            filled = {"cases": demo.fill(at=now)}
        else:
            filled = _fill_many(options, at=now)
        first_run.remember_filled()
    filled["seconds"] = round(time.monotonic() - began, 1)
    report(
        filled,
        options=options,
        lines=lambda: [f"{filled['cases']:,} matters in {filled['seconds']} seconds."],
    )
    return 0


def _fill_many(options: argparse.Namespace, *, at: Any) -> dict[str, Any]:
    from yiwang.site.demo.bulk import fill_many

    with progress() as bar:
        task = bar.add_task("matters", total=options.cases)
        filled = fill_many(
            number=options.cases,
            at=at,
            seed=options.seed,
            told=lambda what, done, whole: bar.update(task, description=what, completed=done, total=whole),
        )
    return {"cases": filled.cases, "entries": filled.entries, "letters": filled.letters}


def _number(text: str) -> int:
    try:
        number = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from None
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"between 1 and {MOST:,}")
    return number
