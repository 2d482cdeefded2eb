"""What the tests of the voice process share; Django isn't set up yet when this is read."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.facilities.hotline.voice.running import Site, VoiceProcess
    from yiwang.kernel.orgs.models import Unit


@pytest.fixture(autouse=True)
def _one_telephone_at_a_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep real telephones of parallel tests apart: they share a data directory, and so what a killed one left."""
    if not {"centre", "voice", "site", "carrier"} & set(request.fixturenames):
        yield
        return
    with (Path(os.environ["YIWANG_DATA"]) / "telephone.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


@pytest.fixture
def voice(transactional_db: None) -> "Iterator[VoiceProcess]":
    """A running voice process."""
    from tests.facilities.hotline.voice.running import VoiceProcess

    process = VoiceProcess()
    process.start()
    yield process
    process.stop()
    # What a killed process left would be stored by the next test's.
    shutil.rmtree(Path(os.environ["YIWANG_DATA"]) / "voice", ignore_errors=True)


@pytest.fixture
def site(transactional_db: None) -> "Iterator[Site]":
    """A whole site with a telephone."""
    from tests.facilities.hotline.voice.running import Site

    made = Site()
    made.start()
    deadline = time.monotonic() + 30
    while not made.has_pages() and time.monotonic() < deadline:
        time.sleep(0.05)
    yield made
    made.stop()
    shutil.rmtree(Path(os.environ["YIWANG_DATA"]) / "voice", ignore_errors=True)


@pytest.fixture
def centre(transactional_db: None) -> "Unit":
    """A unit whose agents answer 96519."""
    from tests.facilities.hotline.centre import a_centre

    return a_centre()
