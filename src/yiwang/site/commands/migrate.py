"""`yiwang migrate`: bring the tables up to this release."""

import argparse

from yiwang.site import database
from yiwang.site.command import json_flag, report

name = "migrate"
help = "bring the tables up to this release"


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--check` only asks."""
    json_flag(parser)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 if something is waiting"
    )


def run(options: argparse.Namespace) -> int:
    """Apply what is pending as the owner of the tables, and say what it was."""
    with database.ready(as_owner=True, is_migrating=True):
        from yiwang.site import upgrade

        if options.check:
            waiting = upgrade.pending()
            report({"waiting": waiting}, options=options, lines=lambda: waiting)
            return 1 if waiting else 0
        applied = upgrade.migrate()
    report({"applied": applied}, options=options, lines=lambda: [f"applied {len(applied)} migrations"])
    return 0
