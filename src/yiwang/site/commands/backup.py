"""`yiwang backup`: save everything in one file."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from yiwang.site import database
from yiwang.site.command import json_flag, progress, report

name = "backup"
help = "save the database and the files in one file, while the site goes on working"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument(
        "file", metavar="FILE.tar", type=Path, help="the file to write; it must not exist yet"
    )
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Write the backup and say what it holds."""
    target = options.file.absolute()
    with database.ready(as_owner=True), progress() as bar:
        from yiwang.site import backups

        task = bar.add_task("files", total=None)
        summary = backups.write(
            target,
            at=datetime.now(UTC),
            told=lambda done, whole: bar.update(task, completed=done, total=whole),
        )
        cases = backups.count_of_cases()
    result = {
        "file": str(target),
        "made_at": summary.made_at,
        "release": summary.release,
        "cases": cases,
        "files": summary.files,
        "bytes": summary.bytes,
    }
    report(
        result,
        options=options,
        lines=lambda: [f"{target}: {cases:,} cases, {summary.files:,} files, {summary.bytes:,} bytes"],
    )
    return 0
