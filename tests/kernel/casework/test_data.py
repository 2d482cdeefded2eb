"""What is entered for a step is cleaned once: here, amounts of money."""

from typing import Any

import pytest

from yiwang.kernel.casework.rules.casetype import FieldDef, FieldKind
from yiwang.kernel.casework.rules.data import NOT_MONEY, BadData, clean

PRICE = FieldDef("price", "Price", FieldKind.MONEY)


@pytest.mark.parametrize(
    ("entered", "fen"), [("128", 12800), (" 128.50 ", 12850), ("1,280", 128000), ("0", 0), (12850, 12850)]
)
def test_an_amount_is_kept_in_fen(entered: Any, fen: int) -> None:
    assert clean([PRICE], {"price": entered}) == {"price": fen}


@pytest.mark.parametrize("entered", ["128.505", "-1", "NaN", "Infinity", "twelve", "1" * 30, -1])
def test_what_is_no_amount_is_refused(entered: Any) -> None:
    with pytest.raises(BadData) as refused:
        clean([PRICE], {"price": entered})
    assert refused.value.faults["price"].message == NOT_MONEY
