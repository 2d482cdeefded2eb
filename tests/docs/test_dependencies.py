"""`dependencies.md` names what is used, with its licence, and nothing distributed is under the GPL."""

import json
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/explanation/dependencies.md").read_text(encoding="utf-8")
FAMILIES = ("AGPL", "LGPL", "GPL", "MPL", "OFL", "CC0", "BSD", "MIT", "Apache", "ISC")


def table(heading: str) -> dict[str, str]:
    """Name → licence of the rows below one heading."""
    part = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", part, flags=re.MULTILINE))


def asked_for(name: str) -> list[str]:
    """The packages that one `requirements/*.in` names itself."""
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return [re.split(r"[\[<>=;\s]", line)[0] for line in lines if line and not line.startswith(("-", "#"))]


def families(text: str) -> set[str]:
    """The families of licences that a text speaks of; LGPL isn't GPL."""
    found = set()
    for family in FAMILIES:
        if re.search(rf"(?<![A-Za-z]){family}(?![a-z])", text, re.IGNORECASE):
            found.add(family)
    if "SIL Open Font" in text:
        found.add("OFL")
    return found


def own_words(name: str) -> str:
    """What a package says of its licence: the expression, else the field's first line and classifiers."""
    told = metadata(name)
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    classifiers = [c for c in told.get_all("Classifier") or [] if c.startswith("License")]
    return " ".join([(told.get("License") or "")[:120], *classifiers])


@pytest.mark.parametrize(
    ("heading", "name"), [("At runtime", "runtime.in"), ("For development only, never distributed", "dev.in")]
)
def test_every_package_asked_for_is_explained_and_no_other(heading: str, name: str) -> None:
    assert sorted(table(heading)) == sorted(asked_for(name))


@pytest.mark.parametrize("heading", ["At runtime", "For development only, never distributed"])
def test_licences_are_those_that_the_packages_state(heading: str) -> None:
    differing = {
        name: (licence, own_words(name))
        for name, licence in table(heading).items()
        if families(own_words(name)) and families(licence) != families(own_words(name))
    }
    assert differing == {}


def test_nothing_in_the_runtime_lock_is_under_the_gpl() -> None:
    locked = re.findall(
        r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE
    )
    assert "django" in locked
    found = set()
    for name in locked:
        try:
            if families(own_words(name)) & {"GPL", "AGPL"}:
                found.add(name)
        except PackageNotFoundError:
            continue  # meant for another operating system
    assert found == set()


def test_the_gpl_is_seen_where_it_is() -> None:
    assert families(own_words("djlint")) == {"GPL"}


def test_vendored_files_are_those_of_the_manifest() -> None:
    manifest = json.loads((ROOT / "src/yiwang/kernel/ui/static/ui/vendor/MANIFEST.json").read_text())
    assert table("Vendored for the browser") == {each["name"]: each["licence"] for each in manifest}
