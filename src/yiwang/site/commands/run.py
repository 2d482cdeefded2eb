"""`yiwang run`: serve the site."""

import argparse

from rich.console import Console
from rich.table import Table

from yiwang.kernel.base.config import installation
from yiwang.site import first_run, server

name = "run"
help = "serve the site: database, pages, live updates and background jobs, until Ctrl-C"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The number of page processes."""
    parser.add_argument("--workers", type=int, help="page processes (default: one a processor, 2 to 4)")


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    return server.run(installation(), workers=options.workers, announce=_announce)


def _announce(shape: server.Shape) -> None:
    here = installation()
    console = Console(highlight=False)
    console = console if console.is_terminal else Console(highlight=False, width=100)
    host = "127.0.0.1" if shape.host == "0.0.0.0" else shape.host
    console.print(f"一网 Yiwang  {here.public_url or f'http://{host}:{shape.port}/'}")
    county = first_run.demo() if here.is_demo else None
    if county is not None:
        table = Table(title="演示登录 · sign in (demo only)", title_justify="left")
        for heading in ("角色 role", "用户名 user name", "密码 password"):
            table.add_column(heading, no_wrap=True)
        for row in county.sign_ins():
            table.add_row(*row)
        console.print(table)
    console.print("Ctrl-C 停止 · stops everything")
