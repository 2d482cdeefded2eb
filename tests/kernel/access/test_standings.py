"""What somebody may see follows from posts, delegations and mergers on a day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.builders import NOON, a_county, a_petition, a_post, an_account, moved
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.queries import forget_standings, standing_of
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import may_see, visible
from yiwang.kernel.orgs.actions import merge_unit
from yiwang.kernel.people.actions import close_account, delegate, end_delegation, end_post
from yiwang.kernel.people.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    """A small county."""
    return a_county()


def sees(county, key, case):
    """Whether somebody sees a case: by the predicate, by the filter and by the database, which agree."""
    forget_standings()
    with county.asking_as(key) as standing:
        in_list = Case.objects.filter(visible(standing), pk=case.pk).exists()
        in_database = Case.objects.filter(pk=case.pk).exists()
        assert in_list == may_see(standing, case)
        assert in_database or not in_list
    return in_list


def handed_to(county, name):
    """A petition that the office handed to a unit."""
    case = a_petition(county).case
    moved(
        case,
        "forward",
        by=county.standing("office.clerk"),
        at=NOON + timedelta(days=1),
        unit_id=county.unit(name).pk,
    )
    return case


def refresh(case):
    """Read a case anew, as the house itself."""
    with acting_as_system():
        case.refresh_from_db()


def merged(county, name, into, *, on):
    """Two units of the county go together."""
    merge_unit(county.unit(name), into=county.unit(into), on=on, by_account_id=None, at=NOON)
    forget_standings()


def test_the_three_separate_duties_see_no_case(county):
    case = handed_to(county, "heping")
    refresh(case)
    assert [sees(county, key, case) for key in ("admin", "security", "auditor")] == [False] * 3
    assert [sees(county, key, case) for key in ("office.clerk", "heping.head", "county.leader")] == [True] * 3
    assert not sees(county, "water.clerk", case)


def test_a_merged_unit_s_matters_are_seen_and_handled_by_the_successor(county):
    case = handed_to(county, "heping")
    merged(county, "heping", "chengguan", on=timezone.localdate())
    refresh(case)
    assert sees(county, "chengguan.clerk", case)
    assert sees(county, "heping.clerk", case)
    moved(case, "accept", by=county.standing("chengguan.clerk"), at=NOON + timedelta(days=2))
    assert sees(county, "water.clerk", case) is False


def test_a_merger_of_tomorrow_changes_nothing_today(county):
    case = handed_to(county, "heping")
    merged(county, "heping", "chengguan", on=timezone.localdate() + timedelta(days=1))
    refresh(case)
    assert not sees(county, "chengguan.clerk", case)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert may_see(standing_of(county.accounts["chengguan.clerk"].pk, on=tomorrow), case)


def test_a_chain_of_mergers_hands_the_matters_to_its_end(county):
    case = handed_to(county, "heping")
    merged(county, "heping", "chengguan", on=date(2026, 1, 10))
    merged(county, "chengguan", "water", on=date(2026, 6, 10))
    refresh(case)
    assert sees(county, "water.clerk", case)
    moved(case, "accept", by=county.standing("water.clerk"), at=NOON + timedelta(days=2))
    assert not sees(county, "housing.clerk", case)


def test_a_delegation_lends_sight_for_its_days_only(county):
    case = handed_to(county, "heping")
    refresh(case)
    today = timezone.localdate()
    head, deputy = county.accounts["heping.head"], county.accounts["housing.clerk"]
    made = delegate(
        Post.objects.get(account=head),
        to=deputy,
        from_on=today,
        until_on=today + timedelta(days=2),
        reason="休假",
        by=head,
        at=NOON,
    )
    lent = [may_see(standing_of(deputy.pk, on=today + timedelta(days=days)), case) for days in (-1, 0, 1, 2)]
    assert lent == [False, True, True, False]
    forget_standings()
    held = {(post.role, post.principal_id) for post in standing_of(deputy.pk, on=today).posts}
    assert held == {("clerk", None), ("head", head.pk)}
    end_delegation(made, by=head, at=NOON)
    forget_standings()
    assert not may_see(standing_of(deputy.pk, on=today), case)


def test_a_closed_account_lends_nothing_and_stands_for_nobody(county):
    today = timezone.localdate()
    head, deputy = county.accounts["heping.head"], county.accounts["housing.clerk"]
    delegate(
        Post.objects.get(account=head),
        to=deputy,
        from_on=today,
        until_on=today + timedelta(days=2),
        reason="休假",
        by=head,
        at=NOON,
    )
    close_account(head, by=None, at=NOON)
    forget_standings()
    assert {post.role for post in standing_of(deputy.pk, on=today).posts} == {"clerk"}
    assert not standing_of(head.pk, on=today).is_signed_in


def test_a_post_counts_from_its_first_day_until_the_day_it_ends(county):
    account, today = an_account(), timezone.localdate()
    a_post(account, county.unit("water"), "clerk", from_on=today, until_on=today + timedelta(days=3))
    counts = [bool(standing_of(account.pk, on=today + timedelta(days=days)).roles) for days in (-1, 0, 2, 3)]
    assert counts == [False, True, True, False]
    end_post(Post.objects.get(account=account), on=today + timedelta(days=1), by=None, at=NOON)
    forget_standings()
    assert not standing_of(account.pk, on=today + timedelta(days=1)).roles


def test_a_delegation_of_a_merged_unit_s_post_goes_over_too(county):
    today = timezone.localdate()
    head, deputy = county.accounts["heping.head"], county.accounts["housing.clerk"]
    delegate(
        Post.objects.get(account=head),
        to=deputy,
        from_on=today,
        until_on=today + timedelta(days=9),
        reason="休假",
        by=head,
        at=NOON,
    )
    merged(county, "heping", "chengguan", on=today)
    assert standing_of(deputy.pk, on=today).roles_at(county.unit("chengguan").pk) == {"head"}
