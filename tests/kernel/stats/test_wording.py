"""Each institution speaks of its figures in its own words, on the page and in every export."""

import pytest
from django.utils import translation

from yiwang.kernel.stats.report import formulas, labels
from yiwang.kernel.stats.wording import SpeaksTwice, Wording, register_wording, wording_of

FOREIGN = ("信访", "petition")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_of_petitions_stands_in_figures_of_orders(language: str) -> None:
    with translation.override(language):
        without = wording_of("community").without
        words = {
            key: text
            for found in (labels("community"), formulas("community"))
            for key, text in found.items()
            if key not in without
        }
    assert [text for text in words.values() if any(one in text.lower() for one in FOREIGN)] == []


def test_the_office_is_the_centre_for_orders_and_the_petition_office_for_petitions() -> None:
    with translation.override("en"):
        said = [labels(one)["satisfaction_office"] for one in ("petitions", "community", "unheard")]
    assert said == [
        "Satisfied with the petition office %",
        "Satisfied with the service centre %",
        "Satisfied with the petition office %",
    ]


def test_an_institution_speaks_once() -> None:
    with pytest.raises(SpeaksTwice):
        register_wording(Wording("community"))
