"""`yiwang version`: which release this is."""

import argparse
import platform
from importlib.metadata import version as version_of

from yiwang import __version__
from yiwang.site.command import json_flag, report

name = "version"
help = "say which release this is"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Only `--json`."""
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Print the release and what it stands on."""
    result = {"yiwang": __version__, "python": platform.python_version(), "django": version_of("django")}
    report(result, options=options, lines=lambda: [f"{key} {value}" for key, value in result.items()])
    return 0
