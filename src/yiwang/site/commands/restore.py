"""`yiwang restore`: bring a backup back into an empty installation."""

import argparse
from pathlib import Path
from typing import Any

from yiwang.site import database
from yiwang.site.command import json_flag, progress, report

name = "restore"
help = "bring a backup back into an empty data directory"


def arguments(parser: argparse.ArgumentParser) -> None:
    """From which file; `--check` only reads it."""
    parser.add_argument("file", metavar="FILE.tar", type=Path, help="the file that `yiwang backup` wrote")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; only look whether the backup is whole"
    )
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Check the backup as a whole, then put it back. Nothing is touched unless both can be done."""
    database.set_up()
    from yiwang.site import backups

    source = options.file.absolute()
    with progress() as bar:
        contents = backups.contents_of(source, told=_telling(bar, "checking"))
    backups.require_known(contents)
    cases = None
    if not options.check:
        with database.ready(as_owner=True, is_migrating=True), progress() as bar:
            backups.require_empty()
            backups.read_back(source, told=_telling(bar, "restoring"))
            cases = backups.count_of_cases()
    result = {
        "file": str(source),
        "made_at": contents["made_at"],
        "release": contents["release"],
        "parts": len(contents["sha256"]),
        "is_restored": not options.check,
        "cases": cases,
    }
    report(result, options=options, lines=lambda: _lines(result))
    return 0


def _telling(bar: Any, description: str) -> Any:
    task = bar.add_task(description, total=None)
    return lambda done, whole: bar.update(task, completed=done, total=whole)


def _lines(result: dict[str, Any]) -> list[str]:
    whole = (
        f"made at {result['made_at']} by release {result['release']}, {result['parts']:,} parts, all as saved"
    )
    if not result["is_restored"]:
        return [whole]
    return [whole, f"restored: {result['cases']:,} cases. Now run `yiwang verify`."]
