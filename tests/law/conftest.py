"""The county in which the articles are tried."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.builders import County


@pytest.fixture
def county(db: None) -> "County":
    # Not at the top: this file may be read before Django is set up.
    from tests.builders import a_county

    return a_county()
