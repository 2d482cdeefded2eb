"""Founding, renaming and merging units, and the desk on which it is done."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tests.builders import NOON, a_county, a_petition, moved
from yiwang.kernel.base import events
from yiwang.kernel.orgs import queries
from yiwang.kernel.orgs.actions import change_unit, found_unit, merge_unit
from yiwang.kernel.orgs.events import UnitChanged, UnitFounded, UnitMerged
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import tree

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)


@pytest.fixture
def county():
    """A small county."""
    return a_county()


@pytest.fixture
def admin(county):
    """The administrator's browser, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(county.accounts["admin"], backend="yiwang.kernel.people.backends.AccountBackend")
    return client


@pytest.fixture
def heard(monkeypatch):
    """The events about units, in order."""
    told = []
    for kind in (UnitFounded, UnitChanged, UnitMerged):
        monkeypatch.setitem(events._handlers_within, kind, [told.append])
    return told


def merged(unit, into, *, on=DAY):
    """A merger done by nobody in particular."""
    return merge_unit(unit, into=into, on=on, by_account_id=None, at=NOON)


def words(response):
    """The page's text on one line."""
    return " ".join(response.content.decode().split())


def test_a_unit_goes_over_on_its_day_and_not_before(county, heard):
    heping, chengguan = county.unit("heping"), county.unit("chengguan")
    merged(heping, chengguan)
    assert heard == [UnitMerged(heping.pk, chengguan.pk, DAY, None, NOON)]
    before = DAY - timedelta(days=1)
    assert [tree().successor(heping.pk, on=day) for day in (before, DAY)] == [heping.pk, chengguan.pk]
    assert heping.pk in {unit.pk for unit in tree().valid(on=before)}
    assert heping.pk not in {unit.pk for unit in tree().valid(on=DAY)}


def test_a_chain_of_mergers_leads_to_its_end(county):
    heping, chengguan, water = (county.unit(name) for name in ("heping", "chengguan", "water"))
    merged(heping, chengguan)
    later = DAY + timedelta(days=30)
    merged(chengguan, water, on=later)
    assert tree().successor(heping.pk, on=DAY) == chengguan.pk
    assert tree().successor(heping.pk, on=later) == water.pk
    assert tree().predecessors([water.pk], on=later) == {heping.pk, chengguan.pk}
    assert tree().predecessors([water.pk], on=DAY) == set()


def test_mergers_that_make_no_sense_are_refused(county):
    water, housing = county.unit("water"), county.unit("housing")
    part = found_unit(
        code="part", name="供水科", kind="section", parent=water, valid_from_on=date(2020, 1, 1)
    )
    coming = found_unit(
        code="new",
        name="新局",
        kind="department",
        parent=county.unit("county"),
        valid_from_on=DAY + timedelta(days=1),
    )
    for unit, into, on in [
        (water, water, DAY),
        (water, part, DAY),
        (housing, coming, DAY),
        (housing, water, date(1999, 1, 1)),
        (water, housing, DAY),
    ]:
        with pytest.raises(ValidationError):
            merged(unit, into, on=on)
    merged(part, housing)
    merged(water, housing)
    with pytest.raises(ValidationError):
        merged(water, housing)
    with pytest.raises(ValidationError):
        merged(county.unit("heping"), water)


@pytest.mark.parametrize("sooner", [1, 30, -30])
def test_two_units_never_go_over_into_each_other(county, sooner):
    water, housing = county.unit("water"), county.unit("housing")
    merged(water, housing)
    with pytest.raises(ValidationError):
        merged(housing, water, on=DAY - timedelta(days=sooner))
    assert Unit.objects.get(pk=housing.pk).successor_id is None


def test_renaming_tells_what_stood_there_before(county, heard):
    water = county.unit("water")
    change_unit(water, name="水利局", short_name="水利局", phone=" 0871-1 ", by_account_id=7, at=NOON)
    assert heard == [
        UnitChanged(
            water.pk,
            (("name", "水务局", "水利局"), ("short_name", "水务局", "水利局"), ("phone", "", "0871-1")),
            7,
            NOON,
        )
    ]
    change_unit(water, name="水利局", by_account_id=7, at=NOON)
    assert len(heard) == 1
    assert tree().name(water.pk) == "水利局"
    with pytest.raises(TypeError):
        change_unit(water, path=[1], by_account_id=7, at=NOON)
    with pytest.raises(ValidationError):
        change_unit(water, name="", by_account_id=7, at=NOON)


def test_the_desk_founds_a_unit_and_shows_it_in_the_tree(county, admin, heard):
    typed = {
        "parent": county.unit("water").pk,
        "kind": "section",
        "name": "供水科",
        "short_name": "",
        "code": "supply",
        "valid_from_on": timezone.localdate(),
    }
    answer = admin.post("/units/new/", typed)
    made = Unit.objects.get(code="supply")
    assert answer["Location"] == f"/units/{made.pk}/"
    assert (made.path, made.short_name) == ([*county.unit("water").path, made.pk], "供水科")
    assert heard[0].by_account_id == county.accounts["admin"].pk
    assert "供水科" in words(admin.get("/units/"))
    taken = admin.post("/units/new/", typed)
    assert taken.status_code == 422
    assert "already exists" in words(taken)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "长" * 81},
        {"code": "有汉字"},
        {"code": "../x"},
        {"valid_from_on": "soon"},
        {"parent": "x"},
        {"kind": "empire"},
        {"functions": ["petitions.rule_the_world"]},
    ],
)
def test_a_unit_that_does_not_do_is_refused_and_kept(county, admin, change):
    typed = {
        "parent": county.unit("water").pk,
        "kind": "section",
        "name": "供水科",
        "code": "supply",
        "phone": "0871-<script>",
        "valid_from_on": "2026-01-01",
    }
    answer = admin.post("/units/new/", typed | change)
    assert answer.status_code == 422
    assert "0871-&lt;script&gt;" in words(answer)
    assert not Unit.objects.filter(code="supply").exists()


def test_a_merger_says_what_follows_before_it_happens(county, admin, monkeypatch):
    monkeypatch.setattr(queries, "_consequences", list(queries._consequences))
    queries.register_consequence(lambda unit, into: f"3 matters of {unit.name} go to {into.name}.")
    heping, chengguan = county.unit("heping"), county.unit("chengguan")
    typed = {"do": "merge", "into": chengguan.pk, "on": "2027-01-01"}
    asked = words(admin.post(f"/units/{heping.pk}/", typed))
    assert "3 matters of 和平乡 go to 城关镇." in asked
    assert "2 posts of 和平乡 count at 城关镇 from then on." in asked
    assert Unit.objects.get(pk=heping.pk).valid_until_on is None
    done = admin.post(f"/units/{heping.pk}/", {**typed, "step": "confirm"})
    assert done.status_code == 302
    unit = Unit.objects.get(pk=heping.pk)
    assert (unit.valid_until_on, unit.successor_id) == (date(2027, 1, 1), chengguan.pk)
    again = admin.post(f"/units/{heping.pk}/", {**typed, "step": "confirm"})
    assert again.status_code == 422
    assert "already ended" in words(again)
    assert "和平乡" in words(admin.get("/units/?show=all"))


def test_the_matters_in_progress_are_counted_and_nothing_else_of_them_is_told(county, admin):
    case = a_petition(county).case
    moved(
        case,
        "forward",
        by=county.standing("office.clerk"),
        at=NOON + timedelta(days=1),
        unit_id=county.unit("heping").pk,
    )
    typed = {"do": "merge", "into": county.unit("chengguan").pk, "on": "2027-01-01"}
    page = words(admin.post(f"/units/{county.unit('heping').pk}/", typed))
    assert "1 matter in progress goes to 城关镇." in page
    assert case.title not in page
    assert case.number not in page


def test_the_county_itself_cannot_be_merged_and_a_unit_that_is_not_there_is_not_found(county, admin):
    assert "End or merge" not in words(admin.get(f"/units/{county.unit('county').pk}/"))
    assert admin.get("/units/999999/").status_code == 404


def test_a_merger_that_cannot_be_is_refused_before_it_is_asked_for(admin, county):
    heping = county.unit("heping")
    found_unit(code="qiaotou", name="桥头村", kind="village", valid_from_on=date(2000, 1, 1), parent=heping)
    answer = admin.post(
        f"/units/{heping.pk}/", {"do": "merge", "into": county.unit("chengguan").pk, "on": "2026-12-01"}
    )
    assert answer.status_code == 422
    assert "桥头村" in words(answer)
