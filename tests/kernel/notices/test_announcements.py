"""Announcements: written, approved by a second person, read by whom they are for, corrected, withdrawn, over."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.builders import NOON, County, a_county, a_post, an_account
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.access.rules import NOBODY
from yiwang.kernel.notices import actions
from yiwang.kernel.notices.actions import Draft
from yiwang.kernel.notices.faults import ChangedMeanwhile, NotNow, NotYours, SecondPersonNeeded
from yiwang.kernel.notices.models import Announcement, AnnouncementVersion, Notice, Reading
from yiwang.kernel.notices.policies import findable, topics
from yiwang.kernel.notices.queries.announcements import (
    board,
    public_now,
    readers_of,
    status_now,
    unnoted,
)
from yiwang.kernel.notices.rules import Status
from yiwang.kernel.search.queries import find

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def county() -> County:
    return a_county()


def a_draft(**changes: Any) -> Draft:
    """The words of an announcement for everybody on the staff; any field may be changed."""
    fields: dict[str, Any] = {
        "title": "周五下午停电检修",
        "text": "周五十四时至十六时停电。",
        "audience": ["everybody"],
    }
    return Draft(**{**fields, **changes})


def an_announcement(county: County, *, at: datetime = NOON, **changes: Any) -> Announcement:
    """An announcement of the office, written by its clerk and approved by its head."""
    clerk, head = county.standing("office.clerk"), county.standing("office.head")
    found = actions.begin(a_draft(**changes), unit_id=county.unit("office").pk, by=clerk, at=at)
    actions.submit(found.pk, by=clerk, at=at)
    actions.approve(found.pk, by=head, at=at)
    return Announcement.objects.select_related("current").get(pk=found.pk)


def titles(county: County, name: str, *, at: datetime = NOON) -> list[str]:
    """What somebody's board shows."""
    rows, _has_more = board(county.standing(name), at=at)
    return [row.current.title for row in rows if row.current]


def status(found: Announcement, *, at: datetime) -> Status:
    found = Announcement.objects.get(pk=found.pk)
    return status_now(found, found.versions.order_by("-number")[0], at=at)


def test_a_draft_is_seen_by_nobody_else_until_it_is_approved(county: County) -> None:
    clerk = county.standing("office.clerk")
    found = actions.begin(a_draft(), unit_id=county.unit("office").pk, by=clerk, at=NOON)
    assert (status(found, at=NOON), titles(county, "water.clerk")) == (Status.DRAFT, [])
    actions.submit(found.pk, by=clerk, at=NOON)
    assert (status(found, at=NOON), titles(county, "water.clerk")) == (Status.WAITING, [])
    assert actions.approve(found.pk, by=county.standing("office.head"), at=NOON) is Status.PUBLISHED
    assert titles(county, "water.clerk") == ["周五下午停电检修"]


def test_nobody_writes_for_another_unit(county: County) -> None:
    with pytest.raises(NotYours):
        actions.begin(a_draft(), unit_id=county.unit("water").pk, by=county.standing("office.clerk"), at=NOON)


def test_whoever_wrote_it_doesnt_approve_it(county: County) -> None:
    head = county.standing("office.head")
    found = actions.begin(a_draft(), unit_id=county.unit("office").pk, by=head, at=NOON)
    actions.submit(found.pk, by=head, at=NOON)
    with pytest.raises(SecondPersonNeeded):
        actions.approve(found.pk, by=head, at=NOON)
    with pytest.raises(NotYours):
        actions.approve(found.pk, by=county.standing("water.head"), at=NOON)
    assert actions.approve(found.pk, by=county.standing("county.leader"), at=NOON) is Status.PUBLISHED


def test_the_database_forbids_approving_ones_own_words(county: County) -> None:
    found = actions.begin(
        a_draft(), unit_id=county.unit("office").pk, by=county.standing("office.clerk"), at=NOON
    )
    clerk = county.accounts["office.clerk"].pk
    with pytest.raises(IntegrityError), transaction.atomic():
        found.versions.update(approved_by=clerk, approved_at=NOON)


def test_the_second_of_two_approvers_is_told_that_it_is_done(county: County) -> None:
    found = an_announcement(county)
    with pytest.raises(NotNow):
        actions.approve(found.pk, by=county.standing("county.leader"), at=NOON)
    version = AnnouncementVersion.objects.get(announcement=found)
    assert version.approved_by == county.accounts["office.head"].pk


def test_what_is_approved_is_what_was_read(county: County) -> None:
    clerk = county.standing("office.clerk")
    found = actions.begin(a_draft(), unit_id=county.unit("office").pk, by=clerk, at=NOON)
    actions.revise(found.pk, a_draft(title="改了"), seen=0, by=clerk, at=NOON)
    actions.submit(found.pk, by=clerk, at=NOON)
    with pytest.raises(NotNow):
        actions.approve(found.pk, by=county.standing("office.head"), at=NOON, seen=0)
    assert actions.approve(found.pk, by=county.standing("office.head"), at=NOON, seen=1) is Status.PUBLISHED


def test_a_second_window_doesnt_overwrite_the_first(county: County) -> None:
    clerk = county.standing("office.clerk")
    found = actions.begin(a_draft(), unit_id=county.unit("office").pk, by=clerk, at=NOON)
    actions.revise(found.pk, a_draft(title="甲窗口"), seen=0, by=clerk, at=NOON)
    with pytest.raises(ChangedMeanwhile):
        actions.revise(found.pk, a_draft(title="乙窗口"), seen=0, by=clerk, at=NOON)
    assert found.versions.get().title == "甲窗口"


def test_sent_back_with_a_reason_and_handed_in_again(county: County) -> None:
    clerk, head = county.standing("office.clerk"), county.standing("office.head")
    found = actions.begin(a_draft(), unit_id=county.unit("office").pk, by=clerk, at=NOON)
    actions.submit(found.pk, by=clerk, at=NOON)
    actions.send_back(found.pk, reason="请写明楼层", by=head, at=NOON + DAY)
    assert status(found, at=NOON + DAY) is Status.RETURNED
    told = Notice.objects.get(kind="sent_back")
    assert (told.account_id, told.facts["title"]) == (county.accounts["office.clerk"].pk, "周五下午停电检修")
    with pytest.raises(NotNow):
        actions.approve(found.pk, by=head, at=NOON + DAY)
    actions.submit(found.pk, by=clerk, at=NOON + 2 * DAY)
    assert status(found, at=NOON + 2 * DAY) is Status.WAITING


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        (["everybody"], {"office.clerk", "water.clerk", "water.head", "county.leader", "admin"}),
        (["unit:water"], {"water.clerk", "water.head"}),
        (["below:county"], {"office.clerk", "water.clerk", "water.head", "county.leader", "admin"}),
        (["below:office"], {"office.clerk"}),
        (["role:head"], {"water.head"}),
        (["role:head", "unit:office"], {"water.head", "office.clerk"}),
        (["public"], {"office.clerk", "water.clerk", "water.head", "county.leader", "admin"}),
    ],
)
def test_each_audience_reads_and_nobody_else(county: County, audience: list[str], readers: set[str]) -> None:
    keys = [
        f"{kind}:{county.unit(which).pk}" if kind in ("unit", "below") else key
        for key in audience
        for kind, _, which in [key.partition(":")]
    ]
    found = an_announcement(county, audience=keys)
    asked = ("office.clerk", "water.clerk", "water.head", "county.leader", "admin")
    assert {name for name in asked if titles(county, name)} == readers
    hits = {
        name
        for name in asked
        if find("停电", kind="announcement", predicate=findable(county.standing(name), at=NOON))
    }
    assert hits - {"office.clerk"} == readers - {"office.clerk"}
    heard = {f"audience:{key}" for key in keys}
    hearers = {name for name in asked if heard & topics(county.standing(name))}
    assert hearers == (set() if audience == ["public"] else readers)
    names = {reader.account_id for reader in readers_of(found, on=NOON)}
    expected = {county.accounts[name].pk for name in readers} if audience != ["public"] else set()
    assert names & {county.accounts[name].pk for name in asked} == expected


def test_who_joins_later_sees_what_still_holds(county: County) -> None:
    found = an_announcement(county, must_read_within=3)
    newcomer = an_account("新人")
    assert board(standing_of(newcomer.pk), at=NOON)[0] == []
    a_post(newcomer, county.unit("heping"), "clerk")
    standing = standing_of(newcomer.pk)
    assert [row.pk for row in board(standing, at=NOON)[0]] == [found.pk]
    assert newcomer.pk in {reader.account_id for reader in readers_of(found, on=NOON)}


def test_planned_for_later_it_is_published_then_and_told_once(county: County) -> None:
    later = NOON + DAY
    found = an_announcement(county, publish_from_at=later)
    assert (status(found, at=NOON), titles(county, "water.clerk")) == (Status.PLANNED, [])
    assert actions.publish_due(at=NOON) == 0
    assert [actions.publish_due(at=later) for _ in range(2)] == [1, 0]
    assert titles(county, "water.clerk", at=later) == ["周五下午停电检修"]


def test_it_holds_on_its_last_day_and_not_in_the_new_year(county: County) -> None:
    found = an_announcement(county, until_on=date(2026, 12, 31))
    evening = datetime.fromisoformat("2026-12-31T23:59:59+08:00")
    assert (status(found, at=evening), titles(county, "water.clerk", at=evening)) == (
        Status.PUBLISHED,
        ["周五下午停电检修"],
    )
    midnight = evening + timedelta(seconds=1)
    assert (status(found, at=midnight), titles(county, "water.clerk", at=midnight)) == (Status.EXPIRED, [])
    earlier, _more = board(county.standing("water.clerk"), at=midnight, is_over=True)
    assert [row.pk for row in earlier] == [found.pk]


def test_noting_is_a_deed_of_ones_own_and_counts_once(county: County) -> None:
    found = an_announcement(county, must_read_within=3)
    clerk = county.standing("water.clerk")
    assert [row.pk for row in unnoted(clerk, at=NOON)[0]] == [found.pk]
    for _ in range(2):
        actions.note(found.pk, version=1, by=clerk, at=NOON + DAY)
    assert unnoted(clerk, at=NOON)[0] == []
    read = [reader for reader in readers_of(found, on=NOON) if reader.noted_at]
    assert [(reader.account_id, reader.noted_at) for reader in read] == [(clerk.account_id, NOON + DAY)]
    with pytest.raises(Announcement.DoesNotExist):
        actions.note(found.pk, version=1, by=NOBODY, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.all().delete()


def test_a_correction_holds_once_approved_and_may_ask_to_read_again(county: County) -> None:
    clerk, head, reader = (county.standing(name) for name in ("office.clerk", "office.head", "water.clerk"))
    found = an_announcement(county, must_read_within=3)
    actions.note(found.pk, version=1, by=reader, at=NOON)
    actions.correct(found.pk, by=clerk, at=NOON)
    with pytest.raises(NotNow):
        actions.correct(found.pk, by=clerk, at=NOON)
    draft = a_draft(title="周六下午停电检修", change="改为周六", asks_again=True)
    actions.revise(found.pk, draft, seen=0, by=clerk, at=NOON)
    assert titles(county, "water.clerk") == ["周五下午停电检修"]
    actions.submit(found.pk, by=clerk, at=NOON)
    actions.approve(found.pk, by=head, at=NOON)
    assert titles(county, "water.clerk") == ["周六下午停电检修"]
    assert [row.pk for row in unnoted(reader, at=NOON)[0]] == [found.pk]
    with pytest.raises(NotNow):
        actions.note(found.pk, version=1, by=reader, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE notices_announcementversion SET text = 'x' WHERE number = 1")


def test_withdrawn_with_a_reason_then_put_away(county: County) -> None:
    found = an_announcement(county)
    clerk = county.standing("office.clerk")
    with pytest.raises(NotNow):
        actions.archive(found.pk, by=clerk, at=NOON)
    with pytest.raises(NotYours):
        actions.withdraw(found.pk, reason="不停了", by=county.standing("water.head"), at=NOON)
    actions.withdraw(found.pk, reason="不停了", by=clerk, at=NOON)
    assert (status(found, at=NOON), titles(county, "water.clerk")) == (Status.WITHDRAWN, [])
    with pytest.raises(NotNow):
        actions.withdraw(found.pk, reason="不停了", by=clerk, at=NOON)
    actions.archive(found.pk, by=clerk, at=NOON)
    assert status(found, at=NOON) is Status.ARCHIVED


def test_the_ladder_reminds_readers_and_then_tells_their_head(county: County) -> None:
    found = an_announcement(county, audience=[f"unit:{county.unit('water').pk}"], must_read_within=2)
    # Published on Monday; the last day for reading is Wednesday.
    actions.note(found.pk, version=1, by=county.standing("water.head"), at=NOON)
    sent = [actions.remind(at=NOON + number * DAY) for number in (0, 1, 1, 2, 3, 4)]
    assert sent == [0, 1, 1, 1, 1, 1]
    told = Notice.objects.exclude(kind="to_approve").order_by("pk").values_list("account_id", "kind")
    clerk, head = county.accounts["water.clerk"].pk, county.accounts["water.head"].pk
    assert list(told) == [
        (clerk, "must_read"), (head, "must_read"), (clerk, "must_read"), (clerk, "must_read"), (head, "unread")
    ]  # fmt: skip
    assert Notice.objects.get(kind="unread").facts["number"] == 1


def test_only_what_is_public_is_on_the_portal_and_on_the_screen(county: County) -> None:
    an_announcement(county)
    shown = an_announcement(county, title="河道清淤公告", audience=["public"], is_on_screen=True)
    rows, _more = public_now(at=NOON)
    assert [row.pk for row in rows] == [shown.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=shown.pk).update(audience=["everybody"])
