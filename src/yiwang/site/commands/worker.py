"""`yiwang worker`: background jobs alone, for an installation that spreads over several machines."""

import argparse

from yiwang.kernel.base.config import installation
from yiwang.site import database

name = "worker"
help = "do background jobs only, until Ctrl-C"


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(options: argparse.Namespace) -> int:
    """Work until Ctrl-C or SIGTERM."""
    with database.ready():
        from yiwang.site import worker

        worker.main(host=installation().host, port=None)
    return 0
