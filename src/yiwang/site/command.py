"""The one command-line program; its sub-commands are the modules in `commands`, found by discovery."""

import argparse
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from yiwang.kernel.base.problems import Problem
from yiwang.kernel.base.trouble import Trouble, trouble_of
from yiwang.site import commands

_SENTENCES = {
    Trouble.NO_ROOM: "There is no room on the disk; what was finished before is kept. Make room and start again."
    "\n磁盘已满；此前已完成的内容均已保存。请清理空间后重试。",
    Trouble.NO_MEMORY: "There is too little memory; what was finished before is kept. Close other programs and "
    "start again.\n内存不足；此前已完成的内容均已保存。请关闭其他程序后重试。",
    Trouble.NO_DATABASE: "The database has gone away; what was finished before is kept. See whether its disk is "
    "full or its server was stopped, and start again."
    "\n数据库连接已中断；此前已完成的内容均已保存。请检查磁盘是否已满、数据库是否停止，然后重试。",
}
"""What the person at the terminal is told when the machine lacks something in the middle of the work."""


class Command(Protocol):
    """What a module in `commands` offers: a name, a line of help, its arguments and what it does."""

    name: str
    help: str

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it and return the exit code."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a problem becomes a sentence on stderr and exit code 1."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. 已停止。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output (head, less) has gone; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        print(_SENTENCES[trouble], file=sys.stderr)
        return 1


def known_commands() -> list[Any]:
    """Every module in `commands`, sorted by name."""
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    found = [import_module(f"{commands.__name__}.{name}") for name in names]
    return sorted(found, key=lambda module: str(module.name))


def report(
    result: dict[str, Any], *, options: argparse.Namespace, lines: Callable[[], Iterable[str]]
) -> None:
    """Print a command's result: as JSON with `--json`, else as lines for people."""
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=2, default=str))
    else:
        for line in lines():
            print(line)


def json_flag(parser: argparse.ArgumentParser) -> None:
    """Give a reporting command its `--json`."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def progress() -> Progress:
    """A progress bar on stderr for long work, shown on a terminal only."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yiwang",
        description="一网: the platform on which a county's institutions work.",
        epilog="YIWANG_DATA names the data directory; DATABASE_URL a PostgreSQL of your own.",
    )
    children = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in known_commands():
        child = children.add_parser(module.name, help=module.help, description=module.help)
        module.arguments(child)
        child.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
