"""`settings.md` names every environment variable that the code reads, and none that it doesn't."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = r"(?:YIWANG|DATABASE)_[A-Z_]*[A-Z]"
READ = re.compile(
    rf"""(?:env|environ)(?:\.get|\.pop|\.setdefault)?[(\[]\s*["']({NAME})["']"""
    rf"""|["']({NAME})["']\s+(?:not\s+)?in\s+os\.environ|\$\{{?({NAME})|^export\s+({NAME})""",
    re.MULTILINE,
)


def read_in(*places: str) -> set[str]:
    """The variables that the files below these places read."""
    files = [path for place in places for path in sorted((ROOT / place).rglob("*")) or [ROOT / place]]
    files += [ROOT / place for place in places if (ROOT / place).is_file()]
    found: set[str] = set()
    for path in files:
        if path.suffix in (".py", ".sh", ".mk") or path.name == "Makefile":
            found |= {
                name for match in READ.findall(path.read_text(encoding="utf-8")) for name in match if name
            }
    return found


def named_in(path: str) -> set[str]:
    """The variables that have a row in a table of a document."""
    text = (ROOT / path).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(rf"`({NAME})`", row.split("|")[1])}


def test_the_scan_sees_the_ways_in_which_variables_are_read() -> None:
    text = """env.get("YIWANG_A") os.environ["YIWANG_B"] if "YIWANG_C" in os.environ: ${YIWANG_D:-}
export YIWANG_E ?= 1
"""
    assert {name for match in READ.findall(text) for name in match if name} == {
        f"YIWANG_{letter}" for letter in "ABCDE"
    }


def test_every_variable_that_is_read_is_documented_and_no_other() -> None:
    read = read_in("src", "scripts", "benchmarks", "tests", "Makefile")
    # The scan's own examples stand in this file.
    read -= {f"YIWANG_{letter}" for letter in "ABCDE"}
    assert named_in("docs/reference/settings.md") == read


def test_the_readme_names_only_variables_that_exist() -> None:
    assert named_in("README.md") <= named_in("docs/reference/settings.md")
