"""Finding earlier petitions: only what may be seen, masked, by index, newest first."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from django.utils import translation

from tests.builders import County, a_county, a_petition, moved
from yiwang.institutions.petitions.repeat_search import (
    MOST_CANDIDATES,
    MOST_SHOWN,
    _ids_of_same_people,
    accused_keys,
    candidates,
    person,
    shown,
    suggestions_for,
)
from yiwang.institutions.petitions.repeats import BY_ACCUSED, BY_NAME_AND_PHONE, NewMatter
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.actions import PartyData

pytestmark = pytest.mark.django_db

TEXT = "村口主水管漏水已有半月,路面结冰,请尽快派人修理。"
OUYANG = PartyData(name="欧阳建华", phone="139 0000 0001")
NEW = NewMatter(title="村口水管漏水", text=TEXT, people=(person(name="欧阳建华", phone="13900000001"),))


@pytest.fixture
def county() -> Iterator[County]:
    """A county with its petition office, looked at in English."""
    with acting_as_system(), translation.override("en"):
        yield a_county()


def test_shows_number_holder_masked_names_and_reasons(county: County) -> None:
    agent = PartyData(role="agent", name="周小明", phone="13800000000")
    case = a_petition(county, text=TEXT, parties=(OUYANG, agent)).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    with county.asking_as("office.clerk") as standing:
        (found,) = shown(NEW, standing)
    assert (found.pk, found.is_suggested, found.holder) == (case.pk, True, "水务局")
    assert (found.names, found.is_named) == (("欧阳建华", "周**"), True)
    assert found.reasons[0] == "same name and telephone"
    assert found.reasons[1].startswith("100 % of the words in common: “村口主水管漏水已有半月”")


def test_confidential_names_stay_masked_even_when_typed(county: County) -> None:
    a_petition(county, parties=(OUYANG,), facts={"signing": "confidential"})
    a_petition(county, parties=(OUYANG,), purpose="accusation")
    with county.asking_as("office.clerk") as standing:
        found = shown(NEW, standing)
    assert [(one.names, one.is_named) for one in found] == [(("欧**",), False)] * 2


def test_nobody_learns_of_a_petition_that_isn_t_theirs_to_see(county: County) -> None:
    hidden = a_petition(
        county, text=TEXT, parties=(OUYANG,), accused_unit_ids=(county.unit("office").pk,)
    ).case
    seen = a_petition(county, text=TEXT, parties=(OUYANG,)).case
    with county.asking_as("office.clerk") as standing:
        assert [one.pk for one in shown(NEW, standing)] == [seen.pk]
    with county.asking_as("heping.clerk") as standing:
        assert shown(NEW, standing) == []
    assert {one.matter.case_id for one in candidates(NEW, county.standing("county.leader"))} >= {seen.pk}
    assert hidden.pk != seen.pk


def test_the_policy_holds_without_the_database_s_lock(county: County) -> None:
    a_petition(county, text=TEXT, parties=(OUYANG,), accused_unit_ids=(county.unit("office").pk,))
    with acting_as_system():
        assert candidates(NEW, county.standing("office.clerk")) == []


def test_of_many_namesakes_the_same_person_is_not_lost(county: County) -> None:
    mine = a_petition(county, text=TEXT, parties=(OUYANG,)).case
    for _ in range(MOST_CANDIDATES + 5):
        a_petition(county, parties=(PartyData(name="欧阳建华", phone="13700000000"),))
    found = candidates(NEW, county.standing("office.clerk"))
    assert len(found) == MOST_CANDIDATES
    assert (found[0].matter.case_id, found[0].person_reason) == (mine.pk, BY_NAME_AND_PHONE)
    newest = [one.matter.case_id for one in found[1:]]
    assert newest == sorted(newest, reverse=True)
    assert len(shown(NEW, county.standing("office.clerk"))) == MOST_SHOWN


def test_an_unsigned_report_is_compared_by_the_accused(county: County) -> None:
    water = county.unit("water").pk
    case = a_petition(
        county,
        text=TEXT,
        purpose="accusation",
        accused_unit_ids=(water,),
        parties=(PartyData(is_anonymous=True),),
    ).case
    new = NewMatter(title="村口水管漏水", text=TEXT, accused=accused_keys(unit_ids=[water]))
    (found,) = candidates(new, county.standing("office.clerk"))
    assert (found.matter.case_id, found.person_reason, found.is_suggested) == (case.pk, BY_ACCUSED, True)


def test_suggestions_beside_a_case_are_earlier_alike_and_not_left_aside(county: County) -> None:
    first = a_petition(county, text=TEXT, parties=(OUYANG,)).case
    aside = a_petition(county, text=TEXT, parties=(OUYANG,)).case
    a_petition(county, title="宅基地", text="宅基地申请递交三个月没有审批。", category="", parties=(OUYANG,))
    case = a_petition(county, text=TEXT, parties=(OUYANG,), facts={"not_repeat_of": [aside.pk]}).case
    a_petition(county, text=TEXT, parties=(OUYANG,))
    standing = county.standing("office.clerk")
    (found,) = suggestions_for(case, standing)
    assert found.pk == first.pk
    moved(case, "link_repeat", by=standing, earlier_case_id=first.pk, reasons=found.words)
    case.refresh_from_db()
    assert suggestions_for(case, standing) == []
    assert suggestions_for(first, standing) == []


def test_costs_three_queries_however_many_there_are(
    county: County, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    standing = county.standing("office.clerk")
    for _ in range(12):
        a_petition(county, text=TEXT, parties=(OUYANG,))
    with django_assert_num_queries(3):
        assert len(shown(NEW, standing)) == MOST_SHOWN
    with django_assert_num_queries(0):
        assert shown(NewMatter(text=TEXT), standing) == []


def test_people_are_looked_up_by_index(
    county: County, as_owner: Callable[[], AbstractContextManager[None]]
) -> None:
    case = a_petition(county, parties=(OUYANG,)).case
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_party (case_id, role, name, name_key, phone, phone_key, identity_number,"
            " address, is_anonymous) SELECT %s, 'petitioner', 'n' || i, 'n' || i, '', (13000000000 + i)::text,"
            " (100000000000000000 + i)::text, '', false FROM generate_series(1, 20000) AS i",
            [case.pk],
        )
        cursor.execute("ANALYZE casework_party")
    new = NewMatter(
        people=(person(name="欧阳建华", phone="13900000001", identity_number="110101199003070070"),)
    )
    with county.asking_as("office.clerk"):
        plan = _plan_of(lambda: _ids_of_same_people(new, before=None))
    for index in ("party_name", "party_phone", "party_identity"):
        assert f"Bitmap Index Scan on {index}" in plan
    assert "Seq Scan on casework_party" not in plan


def _plan_of(ask: Callable[[], object]) -> str:
    """How PostgreSQL answers the only query of a question."""
    plans: list[str] = []

    def explained(
        execute: Callable[..., object], sql: str, params: object, many: bool, context: object
    ) -> object:
        if sql.startswith("SELECT "):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        ask()
    (plan,) = plans
    return plan
