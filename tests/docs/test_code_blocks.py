"""Shell blocks marked `<!-- runs -->` run as they stand, one after another, on an installation of their own."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"<!-- runs -->\n```sh\n(.*?)```", re.DOTALL)
PAGES = [page for page in sorted((ROOT / "docs").rglob("*.md")) if "<!-- runs -->" in page.read_text("utf-8")]


def blocks(page: Path) -> list[str]:
    """The marked blocks of a page."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


@pytest.fixture
def home() -> Iterator[Path]:
    """A home folder that the database's system user can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="yw-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def run(script: str, *, home: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script from the root of the repository, as a person with this home folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YIWANG_", "DATABASE_", "PYTEST"))}
    return subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=ROOT,
        env=kept | {"HOME": str(home), "YIWANG_DATA": str(home / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_mark_stands_above_a_block() -> None:
    marks = {page.name: page.read_text("utf-8").count("<!-- runs -->") for page in PAGES}
    assert marks == {page.name: len(blocks(page)) for page in PAGES}
    assert marks != {}


def test_english_and_chinese_run_the_same() -> None:
    chinese = [page for page in PAGES if "zh" in page.parts]
    assert [blocks(page) for page in chinese] == [
        blocks(ROOT / "docs" / page.relative_to(ROOT / "docs/zh")) for page in chinese
    ]


@pytest.mark.server
@pytest.mark.parametrize(
    "page", [page for page in PAGES if "zh" not in page.parts], ids=lambda page: str(page.relative_to(ROOT))
)
def test_blocks_run(page: Path, home: Path) -> None:
    assert run(".venv/bin/yiwang migrate", home=home).returncode == 0
    done = run("\n".join(blocks(page)), home=home)
    assert done.returncode == 0, done.stderr
