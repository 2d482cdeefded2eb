"""Every link, picture and path in the documentation leads somewhere, and both languages have the same pages."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:src|tests|scripts|docs|requirements)/[\w/.-]+)`")
LARGEST = 80 * 1024


def text_of(page: Path) -> str:
    """A page without its code blocks, in which brackets mean something else."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = text_of(page)
    links = [link for link in LINK.findall(text) if not re.match(r"https?:|mailto:|#", link)]
    lost = [link for link in links if not (page.parent / link.split("#")[0]).exists()]
    lost += [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    assert lost == []


def test_every_page_is_reached_from_the_index() -> None:
    reached, waiting = {DOCS / "index.md"}, [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        for link in LINK.findall(text_of(page)):
            target = (page.parent / link.split("#")[0]).resolve()
            if target.suffix == ".md" and target.is_relative_to(DOCS) and target not in reached:
                reached.add(target)
                waiting.append(target)
    unreached = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page not in reached]
    assert unreached == []


@pytest.mark.parametrize("folder", ["how-to", "tutorial"])
def test_what_people_follow_exists_in_both_languages(folder: str) -> None:
    english = {page.name for page in (DOCS / folder).glob("*.md")}
    assert english == {page.name for page in (DOCS / "zh" / folder).glob("*.md")}


def test_both_languages_show_the_same_commands() -> None:
    for page in sorted((DOCS / "how-to").glob("*.md")):
        other = DOCS / "zh" / "how-to" / page.name
        assert commands(page) == commands(other), page.name


def commands(page: Path) -> list[str]:
    """The lines that somebody would type, without their remarks."""
    lines = page.read_text(encoding="utf-8").splitlines()
    typed = [line.strip() for line in lines if line.startswith("    ") or line.startswith(".venv/")]
    return [re.sub(r"\s+#.*", "", line) for line in typed]


def test_pictures_are_light_and_all_shown() -> None:
    pictures = sorted((DOCS / "pictures").glob("*"))
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST] == []
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [picture.name for picture in pictures if picture.name not in told] == []
