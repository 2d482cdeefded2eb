"""The desk: what waits for whom, in which order, page by page; and what must not be seen there."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from tests.builders import ANSWER, NOON, a_county, a_petition, an_answered_petition, moved
from tests.kernel.casework.screens import listed, queries_of, signed_in, words
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework import lists, queries
from yiwang.kernel.casework.columns import days_left
from yiwang.kernel.casework.filters import wanted_from
from yiwang.kernel.casework.lists import Key, key_from, page_by_key
from yiwang.kernel.casework.models import Case, SavedView, Watch
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import forget_tree

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def county():
    return a_county()


def test_a_new_petition_waits_for_the_petition_office_and_for_nobody_else(client, county):
    case = a_petition(county).case
    found = {
        name: listed(signed_in(client, county, name).get("/desk/"))
        for name in ("office.clerk", "office.head", "water.clerk")
    }
    assert found == {"office.clerk": [case.title], "office.head": [case.title], "water.clerk": []}


def test_only_heads_have_an_extension_waiting_for_them(client, county):
    case = a_petition(county).case
    moved(case, "accept", by=county.standing("office.clerk"))
    moved(case, "request_extension", by=county.standing("office.clerk"), days=20, reasons="须现场鉴定。")
    assert listed(signed_in(client, county, "office.clerk").get("/desk/")) == []
    assert listed(signed_in(client, county, "office.head").get("/desk/")) == [case.title]


def test_a_clerk_at_the_root_waits_for_the_head_to_issue_but_a_department_s_clerk_approves(client, county):
    case = a_petition(county).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    moved(case, "forward", by=county.standing("water.clerk"), unit_id=county.unit("heping").pk)
    moved(case, "accept", by=county.standing("heping.clerk"))
    moved(case, "answer", by=county.standing("heping.clerk"), **ANSWER)
    assert listed(signed_in(client, county, "water.clerk").get("/desk/")) == [case.title]
    moved(case, "approve", by=county.standing("water.head"))
    assert listed(signed_in(client, county, "office.clerk").get("/desk/")) == []
    assert listed(signed_in(client, county, "office.head").get("/desk/")) == [case.title]


def test_what_was_given_out_stands_under_my_unit_until_it_comes_back(client, county):
    case = a_petition(county).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    moved(case, "forward", by=county.standing("water.clerk"), unit_id=county.unit("heping").pk)
    for name in ("office.clerk", "water.clerk"):
        signed_in(client, county, name)
        assert listed(client.get("/desk/unit/")) == []
        assert listed(client.get("/desk/unit/?part=out")) == [case.title]
    signed_in(client, county, "heping.clerk")
    assert listed(client.get("/desk/unit/")) == [case.title]
    assert listed(client.get("/desk/unit/?part=out")) == []


def test_pages_follow_one_another_by_clock_forwards_and_backwards_and_lose_nothing(county):
    for days in (3, 1, 1, 2, 0):
        a_petition(county, at=NOON - days * DAY)
    undated = an_answered_petition(county, at=NOON - 40 * DAY)
    assert undated.due_on is None
    with county.asking_as("office.head") as standing:
        listing = queries.waiting_for(standing, on=NOON.date())
        whole = [row.id for row in page_by_key(listing, standing).rows]
        forwards, key = [], None
        while True:
            page = page_by_key(listing, standing, after=key, size=2)
            forwards += [row.id for row in page.rows]
            key = page.after
            if key is None:
                break
        backwards, key = [row.id for row in page.rows], page.before
        while key is not None:
            page = page_by_key(listing, standing, before=key, size=2)
            backwards = [row.id for row in page.rows] + backwards
            key = page.before
    assert len(whole) == 6
    assert whole[-1] == undated.pk
    assert forwards == whole
    assert backwards == whole


def test_a_key_survives_the_address_and_nonsense_is_passed_over():
    key = Key(NOON.date(), 7)
    assert key_from(str(key)) == key
    assert key_from(str(Key(None, 7))) == Key(None, 7)
    assert [key_from(text) for text in ("", "x", "2026-13-01.5", "-.x", "-." + "9" * 30)] == [None] * 5


def test_counts_stop_at_the_cap_and_say_so(county):
    for _ in range(4):
        a_petition(county)
    with county.asking_as("office.clerk") as standing:
        listing = queries.waiting_for(standing, on=NOON.date())
        assert lists.counted(listing, standing, cap=3) == (3, True)
        assert lists.counted(listing, standing, cap=4) == (4, False)


def test_a_list_longer_than_the_cap_is_counted_once_and_a_short_one_each_time(
    county, django_assert_num_queries
):
    for _ in range(3):
        a_petition(county)
    with county.asking_as("office.clerk") as standing:
        listing = queries.waiting_for(standing, on=NOON.date())
        with django_assert_num_queries(1):
            assert [lists.counted(listing, standing, cap=2) for _ in range(3)] == [(2, True)] * 3
        with django_assert_num_queries(3):
            assert [lists.counted(listing, standing, cap=3) for _ in range(3)] == [(3, False)] * 3


def test_kept_statements_tell_lists_and_people_apart(county):
    mine, theirs = (a_petition(county, at=NOON - days * DAY).case for days in (1, 2))
    moved(theirs, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    found = {}
    for _ in range(2):
        for name in ("office.clerk", "water.clerk", "heping.clerk"):
            with county.asking_as(name) as standing:
                for words in ("", "state=transferred", "since=2026-01-01&until=2026-01-02"):
                    wanted = wanted_from(QueryDict(words), account_id=standing.account_id, on=NOON.date())
                    listing = queries.everything(standing).narrow(wanted.narrowed, key=wanted.key)
                    found[name, words] = [row.id for row in page_by_key(listing, standing).rows]
    empty = {key: [] for key in found}
    assert found == empty | {
        ("office.clerk", ""): [theirs.pk, mine.pk],
        ("office.clerk", "state=transferred"): [theirs.pk],
        ("water.clerk", ""): [theirs.pk],
        ("water.clerk", "state=transferred"): [theirs.pk],
    }


def test_the_filters_are_read_anew_when_a_unit_gets_another_name(county):
    water = county.unit("water")

    def offered():
        wanted = wanted_from(QueryDict(""), account_id=1, on=NOON.date(), unit_ids=frozenset({water.pk}))
        return wanted, [label for _, label in wanted.form.fields["unit"].choices]

    first, names = offered()
    assert (names, offered()[0] is first, water.short_name in first.fields) == (
        ["全部", "水务局"],
        True,
        True,
    )
    with acting_as_system():
        Unit.objects.filter(pk=water.pk).update(short_name="水利局")
    forget_tree()
    second, names = offered()
    assert (names, "水利局" in second.fields, "水务局" in second.fields) == (["全部", "水利局"], True, False)


def test_a_merged_unit_s_matters_wait_for_its_successor(client, county):
    from yiwang.kernel.access.queries import forget_standings
    from yiwang.kernel.orgs.actions import merge_unit

    case = a_petition(county).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("heping").pk)
    with acting_as_system():
        merge_unit(
            county.unit("heping"), into=county.unit("chengguan"), on=NOON.date() - DAY, by_account_id=None
        )
    forget_standings()
    assert listed(signed_in(client, county, "chengguan.clerk").get("/desk/")) == [case.title]


def test_filters_stand_in_the_address_and_can_be_kept_under_a_name(client, county):
    late = a_petition(county, at=NOON - 200 * DAY, title="早该办的事")
    a_petition(county, title="新来的事")
    signed_in(client, county, "office.clerk")
    assert listed(client.get("/desk/?term=late")) == [late.case.title]
    client.post("/desk/views/", {"screen": "casework:desk", "query": "?term=late&next=//x", "name": "超期"})
    kept = SavedView.objects.get()
    assert (kept.name, kept.query) == ("超期", "/desk/?term=late")
    assert ">超期</a>" in words(client.get("/desk/"))
    assert ">超期</a>" not in words(signed_in(client, county, "office.head").get("/desk/"))
    client.post(f"/desk/views/{kept.pk}/")
    assert SavedView.objects.count() == 1
    signed_in(client, county, "office.clerk").post(f"/desk/views/{kept.pk}/")
    assert SavedView.objects.count() == 0


def test_a_term_that_ends_on_a_free_day_is_soon_while_its_clock_says_three_working_days(county):
    tuesday = date(2026, 11, 24)
    sunday = a_petition(county, at=NOON - 9 * DAY, title="周日到期").case
    monday = a_petition(county, at=NOON - 8 * DAY, title="周一到期").case
    assert (sunday.due_on, monday.due_on) == (date(2026, 11, 29), date(2026, 11, 30))
    assert [days_left(case.due_on, today=tuesday) for case in (sunday, monday)] == [
        (3, "working"),
        (4, "working"),
    ]
    wanted = wanted_from(QueryDict("term=soon"), account_id=None, on=tuesday)
    with acting_as_system():
        assert [case.title for case in Case.objects.filter(wanted.narrowed)] == [sunday.title]


def test_everything_is_newest_first_and_narrowed_by_class_state_and_day(client, county):
    one = a_petition(county, at=NOON - 2 * DAY, category="城乡建设/供水", title="甲").case
    two = a_petition(county, at=NOON, category="城乡建设/供水二", title="乙").case
    moved(two, "accept", by=county.standing("office.clerk"))
    signed_in(client, county, "office.clerk")
    assert listed(client.get("/desk/all/")) == ["乙", "甲"]
    assert listed(client.get("/desk/all/?category=城乡建设/供水")) == ["甲"]
    assert listed(client.get("/desk/all/?state=handling")) == ["乙"]
    assert listed(client.get(f"/desk/all/?until={one.received_on}")) == ["甲"]
    assert listed(client.get(f"/desk/all/?unit={county.unit('office').pk}&state=registered")) == ["甲"]


def test_an_empty_list_says_why_and_what_to_do(client, county):
    signed_in(client, county, "water.clerk")
    assert "没有等您办的事项" in words(client.get("/desk/"))
    assert "没有符合条件的事项" in words(client.get("/desk/?term=late"))


def test_marks_stand_beside_a_title_as_marks_not_as_their_markup(client, county):
    a_petition(county, title="<b>甲</b>", purpose="accusation")
    found = words(signed_in(client, county, "office.clerk").get("/desk/"))
    assert '&lt;b&gt;甲&lt;/b&gt; <span class="tag">保密</span></a>' in found


def test_names_are_masked_and_hostile_words_are_words(client, county):
    hostile = "<script>alert(1)</script>\"'&"
    a_petition(county, title=hostile)
    page = words(signed_in(client, county, "office.clerk").get("/desk/"))
    assert "欧**" in page
    assert "欧阳建华" not in page
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(("name", "mine"), [("water.clerk", False), ("heping.clerk", True)])
def test_an_accused_unit_never_sees_the_accusation(client, county, name, mine):
    case = a_petition(
        county,
        purpose="accusation",
        title="举报水务局收费",
        accused_unit_ids=(county.unit("water").pk,),
    ).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("heping").pk)
    with acting_as_system():
        Watch.objects.create(case=case, account_id=county.accounts[name].pk, since_at=NOON)
    signed_in(client, county, name)
    expected = [case.title] if mine else []
    assert listed(client.get("/desk/")) == expected
    assert listed(client.get("/desk/watched/")) == expected
    assert listed(client.get("/desk/all/")) == expected
    assert client.get(f"/cases/{case.pk}/").status_code == (200 if mine else 404)


def test_a_recused_clerk_loses_the_matter_from_desk_count_and_lists(client, county):
    case = a_petition(county).case
    account = county.accounts["office.clerk"]
    moved(case, "recuse", by=county.standing("office.head"), account_id=account.pk, reasons="亲属关系。")
    signed_in(client, county, "office.clerk")
    page = client.get("/desk/")
    assert listed(page) == []
    assert page.context["frame"].place_counts == {}
    assert listed(client.get("/desk/all/")) == []
    assert [client.get(f"/cases/{case.pk}/{part}").status_code for part in ("", "print/")] == [404, 404]
    assert client.post(f"/cases/{case.pk}/steps/accept/").status_code == 404
    assert listed(signed_in(client, county, "office.head").get("/desk/")) == [case.title]


def test_news_counts_what_came_since_and_nothing_before(client, county):
    a_petition(county, at=NOON - DAY)
    signed_in(client, county, "office.clerk")
    address = "/desk/news/?since=" + (NOON - timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert words(client.get(address)) == ""
    a_petition(county, at=NOON)
    assert "1 件新到" in words(client.get(address))
    assert words(client.get("/desk/news/?since=nonsense")) == ""


@pytest.mark.parametrize(
    "address", ["/desk/", "/desk/unit/", "/desk/unit/?part=out", "/desk/all/", "/desk/watched/"]
)
def test_fifty_rows_cost_as_many_queries_as_one(client, county, address):
    signed_in(client, county, "office.clerk")

    def fill(number):
        for place in range(number):
            case = a_petition(county).case
            if place % 2 or number == 1:
                moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
            client.post(f"/cases/{case.pk}/watch/", {"watch": "1"})

    fill(1)
    a_petition(county)
    one = queries_of(client, address)
    fill(48)
    assert queries_of(client, address) == one
    assert one <= 6
