"""`yiwang verify`: recompute what can be recomputed and compare."""

import argparse
import pkgutil
from importlib import import_module
from typing import Any

from yiwang.kernel.base.problems import Problem
from yiwang.site import checks, database
from yiwang.site.checks import Outcome
from yiwang.site.command import json_flag, progress, report
from yiwang.site.document_check import verify_document

name = "verify"
help = "recompute the audit log, clocks, files or search index and compare"


def known_checks() -> dict[str, Any]:
    """Every module in `checks` by its name."""
    names = sorted(module.name for module in pkgutil.iter_modules(checks.__path__))
    found = [import_module(f"{checks.__name__}.{each}") for each in names]
    return {module.name: module for module in found}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which checks; all of them unless some are named."""
    known = known_checks()
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n".join(f"  {module.name:<10} {module.help}" for module in known.values())
    parser.add_argument(
        "checks",
        nargs="*",
        metavar="CHECK",
        help=f"{', '.join(known)} (default: all); or `document FILE` for one PDF, DOCX or OFD",
    )
    parser.add_argument("--mend", action="store_true", help="write anew what differs, where a check can")
    parser.add_argument("--signature", metavar="FILE", help="of a document: its signature, kept beside it")
    parser.add_argument(
        "--authority", metavar="FILE", help="of a document: the certificate of who issues certificates"
    )
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Run the checks one after another; exit code 1 when any of them found something."""
    known = known_checks()
    if options.checks[:1] == ["document"]:
        return verify_document(options)
    strange = [each for each in options.checks if each not in known]
    if strange:
        raise Problem(f"There is no check {strange[0]}; there are {', '.join(known)}, and `document FILE`.")
    outcomes: dict[str, Outcome] = {}
    with database.ready():
        for each in options.checks or known:
            outcomes[each] = _check(known[each], is_mending=options.mend)
    is_sound = all(outcome.is_sound for outcome in outcomes.values())
    result = {
        "is_sound": is_sound,
        "checks": {
            each: {"is_sound": outcome.is_sound, **outcome.figures} for each, outcome in outcomes.items()
        },
    }

    def lines() -> list[str]:
        told = []
        for each, outcome in outcomes.items():
            told.append(f"{each}: {'sound' if outcome.is_sound else 'NOT SOUND'}")
            told += [f"  {line}" for line in outcome.lines]
        return told

    report(result, options=options, lines=lines)
    return 0 if is_sound else 1


def _check(module: Any, *, is_mending: bool) -> Outcome:
    mending = {"is_mending": True} if is_mending and getattr(module, "mends", False) else {}
    with progress() as bar:
        task = bar.add_task(module.name, total=None)
        outcome: Outcome = module.check(
            lambda done, whole: bar.update(task, completed=done, total=whole), **mending
        )
    return outcome
