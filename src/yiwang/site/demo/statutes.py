"""The demo county's lawbook: a few official texts, brought in like anybody's, without the Internet."""

from datetime import datetime
from pathlib import Path

from yiwang.facilities.lawbook.actions import load
from yiwang.facilities.lawbook.sources import opened

TEXTS = Path(__file__).with_name("laws.zip")
"""Written by `scripts/demo_laws.py`; it says in itself where the words are from."""


def shelve(*, at: datetime) -> int:
    """Load the statutes; returns how many versions there are."""
    with opened(TEXTS) as (_number, texts):
        return load(texts, source=TEXTS.name, at=at).new
