"""The published formulas are those that are counted."""

from pathlib import Path

from yiwang.kernel.stats.indicators import DIMENSIONS, INDICATORS, RATES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "indicators.md"


def test_every_indicator_is_published_with_its_formula() -> None:
    rows = [
        line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    published = {row[0].strip("| `"): row[-1].removesuffix(" |") for row in rows if len(row) == 3}
    declared = {indicator.key: indicator.formula for indicator in INDICATORS}
    declared |= {key: formula for key, _, _, _, formula in RATES}
    declared |= {f"by_{dimension.key}": dimension.formula for dimension in DIMENSIONS}
    assert published == declared
