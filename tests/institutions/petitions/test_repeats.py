"""The rule of the repeat petition: same person and same matter, suggested with reasons."""

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.institutions.petitions.told_matters import KINDS, pairs
from yiwang.institutions.petitions import repeats
from yiwang.institutions.petitions.repeat_search import accused_keys, person
from yiwang.institutions.petitions.repeats import (
    EarlierMatter,
    NewMatter,
    common_stretches,
    likeness,
    strongest_first,
)

BESIDE = Path(__file__).resolve().parents[3].parent / "shared" / "data"
MESSAGES = Path(os.environ.get("YIWANG_SHARED_DATA") or BESIDE) / "messages"
TEXT = "村口主水管漏水已有半月,路面结冰,请尽快派人修理。"
SOMEBODY = person(name="欧阳建华", phone="13900000001", address="东街8号")


def earlier(case_id: int = 1, *, text: str = TEXT, **changes: object) -> EarlierMatter:
    """A petition about a leaking pipe."""
    fields: dict[str, object] = {
        "number": f"信访2026-{case_id:06d}",
        "title": "村口水管漏水",
        "category": "供水",
        "received_on": date(2026, 11, 1),
        "state": "registered",
        "people": (SOMEBODY,),
    }
    return EarlierMatter(case_id=case_id, text=text, **{**fields, **changes})  # type: ignore[arg-type]


def reason(new: NewMatter, matter: EarlierMatter) -> str:
    """The reason for which both are of one person."""
    found = likeness(new, matter)
    return found.person_reason if found else ""


def test_precision_and_recall_on_labelled_pairs() -> None:
    wrong: Counter[str] = Counter()
    right_suggestions = 0
    for pair in pairs(20261123, number=120):
        found = likeness(pair.new, pair.earlier)
        is_suggested = found is not None and found.is_suggested
        if is_suggested != pair.is_repeat:
            wrong[pair.kind] += 1
        elif is_suggested:
            right_suggestions += 1
    missed = sum(count for kind, count in wrong.items() if KINDS[kind])
    false = sum(count for kind, count in wrong.items() if not KINDS[kind])
    recall = right_suggestions / (right_suggestions + missed)
    precision = right_suggestions / (right_suggestions + false)
    print(f"precision {precision:.3f}, recall {recall:.3f}, wrong {dict(wrong)}")
    assert precision >= 0.95
    assert recall >= 0.95


def test_reasons_from_the_strongest() -> None:
    number = "110101199003070070"
    same = person(name="欧阳建华", phone="13900000001", identity_number=number)
    by_identity = earlier(people=(person(name="另一名字", identity_number=number),))
    assert reason(NewMatter(people=(same,)), by_identity) == repeats.BY_IDENTITY
    assert reason(NewMatter(people=(same,)), earlier()) == repeats.BY_NAME_AND_PHONE
    at_home = person(name="欧阳建华", address="东街 8号")
    assert reason(NewMatter(people=(at_home,)), earlier()) == repeats.BY_NAME_AND_ADDRESS
    assert reason(NewMatter(people=(person(name="李", phone="13900000001"),)), earlier()) == repeats.BY_PHONE
    assert reason(NewMatter(people=(person(name="欧阳建华"),)), earlier()) == repeats.BY_NAME
    assert reason(NewMatter(people=(person(name="李秀英", phone="1"),)), earlier()) == ""


def test_two_identity_numbers_make_two_people_of_one_name_and_telephone() -> None:
    one = person(name="王伟", phone="13900000001", identity_number="110101199003070070")
    other = person(name="王伟", phone="13900000001", identity_number="110101196001010011")
    assert reason(NewMatter(people=(one,)), earlier(people=(other,))) == repeats.BY_PHONE


def test_between_agent_and_principal_the_principal_decides() -> None:
    agent = person(name="周律师", phone="13800000000")
    other = person(name="李秀英", phone="13700000000")
    again = NewMatter(title="村口水管漏水", text=TEXT, people=(other,), agents=(agent,))
    found = likeness(again, earlier(agents=(agent,)))
    assert found is not None
    assert (found.person_reason, found.share, found.is_suggested) == (repeats.BY_AGENT, 1.0, False)


def test_an_unsigned_accusation_is_compared_by_the_accused() -> None:
    accused = accused_keys(unit_ids=[5], names=["张某"])
    unsigned = NewMatter(title="村口水管漏水", text=TEXT, accused=accused_keys(names=["张 某"]))
    assert reason(unsigned, earlier(people=(), accused=accused)) == repeats.BY_ACCUSED
    signed = NewMatter(title="村口水管漏水", text=TEXT, accused=accused, people=(SOMEBODY,))
    assert reason(signed, earlier(people=(), accused=accused)) == ""


def test_a_few_words_suggest_nothing() -> None:
    found = likeness(NewMatter(title="漏水", people=(SOMEBODY,)), earlier())
    assert found is not None
    assert (found.share, found.is_suggested) == (0.0, False)


def test_the_same_class_asks_for_less() -> None:
    words = "村口主水管又坏了,家里停水三天,孩子上学没法洗漱,请派人修。"
    plain = likeness(NewMatter(text=words, people=(SOMEBODY,)), earlier())
    classed = likeness(NewMatter(text=words, category="供水", people=(SOMEBODY,)), earlier())
    assert plain is not None
    assert classed is not None
    assert repeats.PERHAPS_SAME_MATTER <= plain.share < repeats.SAME_MATTER
    assert (plain.is_suggested, classed.is_suggested) == (False, True)


def test_common_stretches_are_the_longest_without_punctuation() -> None:
    new = NewMatter(title="水管", text="村口主水管漏水已有一个月,路面结冰,请修。")
    assert common_stretches(new, earlier()) == ("村口主水管漏水已有", "路面结冰")


def test_strongest_first_then_newest() -> None:
    new = NewMatter(title="村口水管漏水", text=TEXT, people=(SOMEBODY,))
    namesake = (person(name="欧阳建华", phone="13700000000"),)
    found = [
        likeness(new, matter)
        for matter in (
            earlier(9, people=namesake),
            earlier(2, text="宅基地申请递交三个月没有答复,请尽快审批给个说法。", title="宅基地", category=""),
            earlier(3),
            earlier(4),
        )
    ]
    ordered = strongest_first(one for one in found if one is not None)
    assert [one.matter.case_id for one in ordered] == [4, 3, 2, 9]


def test_long_and_hostile_texts_are_compared_quickly_and_don_t_fall() -> None:
    long = NewMatter(title="a" * 60, text="水" * 8000, people=(SOMEBODY,))
    odd = NewMatter(title="\x00\ud800‮<b>", text="'; DROP TABLE --" * 500, people=(SOMEBODY,))
    for new in (long, odd):
        found = likeness(new, earlier())
        assert found is not None
        assert found.is_suggested is False
        assert common_stretches(new, earlier()) == ()


@pytest.mark.skipif(not MESSAGES.is_dir(), reason="the messages aren't here")
def test_real_messages_of_authors_who_wrote_several_times() -> None:
    rows = {}
    for name in ("messages", "replied"):
        for line in (MESSAGES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows[row["id"]] = row
    by_author: dict[str, list[dict[str, object]]] = {}
    for row in rows.values():
        by_author.setdefault(row["author"], []).append(row)
    compared = suggested = exact = found_exact = 0
    for author, written in by_author.items():
        somebody = person(name=author, phone="13900000000")
        written.sort(key=lambda row: str(row["submitted_at"]))
        for place, row in enumerate(written):
            new = NewMatter(title=str(row["title"]), text=str(row["text"]), people=(somebody,))
            for before in written[:place]:
                compared += 1
                found = likeness(
                    new,
                    earlier(
                        title=str(before["title"]), text=str(before["text"]), category="", people=(somebody,)
                    ),
                )
                assert found is not None
                suggested += found.is_suggested
                is_exact = str(row["text"]).split() == str(before["text"]).split()
                exact += is_exact
                found_exact += is_exact and found.is_suggested
    print(f"{compared} pairs of one author, {suggested} suggested; {found_exact} of {exact} sent twice found")
    assert found_exact == exact
    assert 0 < suggested < compared / 2
