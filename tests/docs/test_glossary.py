"""The glossary holds every word that the code declares, in the Chinese that people read on the screen."""

import re
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from yiwang.institutions.petitions.casetypes.petition_2022 import PETITION
from yiwang.kernel.casework.enums import Channel, PartyRole, ReadPurpose
from yiwang.kernel.casework.rules.casetype import Citation
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.people.enums import Role
from yiwang.site import catalogues

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yiwang"
HAN = re.compile(r"[\u4e00-\u9fff]")

DECLARED: dict[str, dict[str, str]] = {
    "Steps": {step.verb: step.label for step in PETITION.steps},
    "States": {state.key: state.label for state in PETITION.states},
    "Clocks": {clock.key: clock.label for clock in PETITION.clocks},
    "Letters": {letter.key: letter.label for letter in PETITION.letters},
    "Purposes": dict(PETITION.purposes),
}
CHOICES = {
    "Roles": Role,
    "Channels": Channel,
    "Parties": PartyRole,
    "Reasons for reading personal data": ReadPurpose,
    "Kinds of units": UnitKind,
}
HEADINGS = sorted({*DECLARED, *CHOICES})


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """The catalogues as they stand."""
    catalogues.compile_stale()


def rows() -> dict[str, dict[str, list[str]]]:
    """Heading → identifier → the cells of its row: Chinese, English, identifier, source, note."""
    found: dict[str, dict[str, list[str]]] = {}
    heading = ""
    for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:]
            found[heading] = {}
        elif line.startswith("| ") and "`" in line:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found[heading][cells[2].strip("`")] = cells
    return found


def declared(heading: str) -> dict[str, str]:
    """Key → Chinese, for what one table is about; where the catalogue has no Chinese yet, nothing."""
    with override("zh-hans"):
        if heading in CHOICES:
            shown = {str(member.value): str(member.label) for member in CHOICES[heading]}
        else:
            shown = {key: gettext(label) for key, label in DECLARED[heading].items()}
    return {key: chinese if HAN.search(chinese) else "" for key, chinese in shown.items()}


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_declared_key_stands_in_the_glossary_with_its_chinese(heading: str) -> None:
    table = rows()[heading]
    known = declared(heading)
    assert sorted(table) == sorted(known)
    for key, chinese in known.items():
        words = table[key][0].split(" / ")
        assert all(HAN.search(word) for word in words), key
        assert not chinese or chinese in words, f"{key}: the screen says {chinese}"


def test_sources_are_the_citations_of_the_declaration() -> None:
    cited: dict[str, dict[str, Citation | None]] = {
        "Steps": {step.verb: step.citation for step in PETITION.steps},
        "Clocks": {clock.key: clock.citations[0] for clock in PETITION.clocks},
        "Letters": {letter.key: letter.citation for letter in PETITION.letters},
    }
    for heading, citations in cited.items():
        table = rows()[heading]
        assert {key: cells[3] for key, cells in table.items()} == {
            key: citation.text().replace("《信访工作条例》", "条例") if citation else "house"
            for key, citation in citations.items()
        }


def test_every_word_has_a_source() -> None:
    without = [key for table in rows().values() for key, cells in table.items() if not cells[3]]
    assert without == []


def test_identifiers_of_the_first_table_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")))
    modules = {folder.name for folder in SOURCE.glob("*/*") if folder.is_dir()}
    named = {
        name for cells in rows()["Words of the house"].values() for name in re.findall(r"`(\w+)`", cells[2])
    }
    missing = [
        name
        for name in sorted(named)
        if name not in modules
        and not re.search(rf"^(class|def) {name}\b|^\s*{name}\s*[:=]|verb == \"{name}\"", text, re.MULTILINE)
        and not re.search(rf"^    def {name}\b", text, re.MULTILINE)
    ]
    assert missing == []


PINYIN = re.compile(r"(?:xinfang|banli|dengji|shouli|zhuansong|jiaoban|banjie|guidang|huifu|shixiang|danwei)")


def test_no_name_in_the_code_is_pinyin() -> None:
    names = {key for heading in HEADINGS for key in declared(heading)}
    names |= {re.sub(r"\W", "", path.stem) for path in SOURCE.rglob("*.py")}
    assert [name for name in sorted(names) if PINYIN.search(name)] == []
    assert [
        key for heading in HEADINGS for key in declared(heading) if not re.fullmatch(r"[a-z_]+", key)
    ] == []
