"""`yiwang voice`: take and place calls."""

import argparse

from yiwang.facilities.hotline.voice.settings import voice_settings
from yiwang.kernel.base.problems import Problem
from yiwang.site import database

name = "voice"
help = "take and place telephone calls, until Ctrl-C (needs a trunk: YIWANG_SIP_TRUNK)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(options: argparse.Namespace) -> int:
    """Serve calls until Ctrl-C or SIGTERM."""
    settings = voice_settings()
    if settings is None:
        raise Problem(
            "No trunk is configured; name it, such as YIWANG_SIP_TRUNK=10.0.0.1:5060.",
            "尚未配置电话中继；请设置，例如 YIWANG_SIP_TRUNK=10.0.0.1:5060。",
        )
    with database.ready():
        from yiwang.facilities.hotline.voice import process

        process.main(settings)
    return 0
