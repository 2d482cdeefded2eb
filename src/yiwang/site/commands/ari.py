"""`yiwang ari`: take and place calls by an Asterisk."""

import argparse

from yiwang.facilities.hotline.ari.settings import ari_settings
from yiwang.kernel.base.problems import Problem
from yiwang.site import database

name = "ari"
help = "take and place telephone calls by an Asterisk, until Ctrl-C (needs its address: YIWANG_ARI_URL)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(options: argparse.Namespace) -> int:
    """Serve calls until Ctrl-C or SIGTERM."""
    settings = ari_settings()
    if settings is None:
        raise Problem(
            "No Asterisk is named; name it, such as YIWANG_ARI_URL=http://10.0.0.1:8088/ari.",
            "尚未配置 Asterisk；请设置，例如 YIWANG_ARI_URL=http://10.0.0.1:8088/ari。",
        )
    with database.ready():
        from yiwang.facilities.hotline.ari import process

        process.main(settings)
    return 0
