"""Every place in a statute that the house names exists and says what it is named for."""

import pytest

from tests.law.statutes import cited, folder
from yiwang.facilities.office.laws import DOCUMENTS
from yiwang.institutions.community.laws import CONSUMERS, CONTRACTS, E_COMMERCE, PERSONAL_DATA, PRICES
from yiwang.institutions.petitions.laws import CIVIL_CODE, REGULATIONS
from yiwang.institutions.petitions.letters import QUOTED
from yiwang.kernel.casework.registry import declared
from yiwang.kernel.casework.rules.casetype import Citation

NAMED = sorted(
    {citation for case_type in declared() for _, citation in case_type.citations()} | set(QUOTED),
    key=lambda c: (c.law.key, c.article, c.paragraph or 0, c.item or 0, c.phrase),
)


@pytest.mark.parametrize("citation", NAMED, ids=lambda c: f"{c.text(language='en')} {c.phrase}")
def test_stands_where_it_is_cited(citation: Citation) -> None:
    assert citation.phrase
    assert citation.phrase in cited(citation)


def test_cites_every_statute_that_an_institution_works_under() -> None:
    community = {CONTRACTS, E_COMMERCE, CONSUMERS, PERSONAL_DATA, PRICES}
    assert {citation.law for citation in NAMED} == {REGULATIONS, CIVIL_CODE, DOCUMENTS} | community


def test_notices_a_wrong_article() -> None:
    folder()
    wrong = Citation(REGULATIONS, 34, phrase="90日内办结")
    assert wrong.phrase not in cited(wrong)
    with pytest.raises(AssertionError, match="no article 51"):
        cited(Citation(REGULATIONS, 51, phrase=""))
    with pytest.raises(AssertionError, match="no such paragraph"):
        cited(Citation(REGULATIONS, 34, 2, phrase=""))
    with pytest.raises(AssertionError, match="no such item"):
        cited(Citation(REGULATIONS, 22, 1, 4, phrase=""))


def test_a_clock_is_as_long_as_its_article_says() -> None:
    folder()
    for case_type in declared():
        for clock in case_type.clocks:
            if clock.due_on_field is None and clock.norm is None:
                said = "".join(cited(citation) for citation in clock.citations)
                unit = {"calendar_day": "日", "working_day": "个工作日"}[clock.unit]
                assert f"{clock.term}{unit}" in said, clock.key
