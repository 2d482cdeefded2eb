"""Duties that must stay apart, in the actions, in the database and in a race."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tests.builders import LONG_AGO, NOON, a_county, a_post, an_account
from yiwang.kernel.people.actions import delegate, end_post, grant_delegation, grant_post, propose_post
from yiwang.kernel.people.enums import Role
from yiwang.kernel.people.models import Account, Delegation, Post

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
LATER = date(2026, 9, 1)
APART = [Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR]
CASES = [Role.CLERK, Role.HEAD, Role.LEADER]
PAIRS = [(one, two) for one in APART for two in [*APART, *CASES] if one != two]


@pytest.fixture
def county():
    """A small county."""
    return a_county()


def propose(account, county, role, *, unit="water", from_on=DAY, until_on=None):
    """A post that waits."""
    return propose_post(
        account, unit=county.unit(unit), role=role, from_on=from_on, until_on=until_on, by=None, at=NOON
    )


def entered(account, county, role, *, from_on=DAY, until_on=None):
    """A post written past the actions."""
    return Post.objects.create(
        account=account,
        unit=county.unit("water"),
        role=role,
        from_on=from_on,
        until_on=until_on,
        proposed_at=NOON,
    )


@pytest.mark.parametrize(("one", "two"), PAIRS)
def test_no_two_separate_duties_in_one_person_by_the_actions_or_past_them(county, one, two):
    account = an_account()
    propose(account, county, one)
    with pytest.raises(ValidationError) as refused:
        propose(account, county, two, unit="heping")
    assert list(refused.value.message_dict) == ["role"]
    with pytest.raises(IntegrityError, match="separation_of_duties"), transaction.atomic():
        entered(account, county, two)
    assert Post.objects.filter(account=account).count() == 1


@pytest.mark.parametrize(("one", "two"), [("clerk", "head"), ("head", "leader"), ("auditor", "auditor")])
def test_duties_of_one_kind_may_meet(county, one, two):
    account = an_account()
    propose(account, county, one)
    propose(account, county, two, unit="heping")
    assert Post.objects.filter(account=account).count() == 2


@pytest.mark.parametrize(
    ("from_on", "until_on", "may_be"),
    [
        (LATER, None, True),
        (LATER - timedelta(days=1), None, False),
        (LONG_AGO, DAY, True),
        (LONG_AGO, DAY + timedelta(days=1), False),
        (LONG_AGO, None, False),
        (DAY + timedelta(days=5), DAY + timedelta(days=6), False),
    ],
)
def test_one_after_the_other_is_allowed_and_a_day_together_is_not(county, from_on, until_on, may_be):
    account = an_account()
    propose(account, county, "administrator", from_on=DAY, until_on=LATER)
    if may_be:
        propose(account, county, "clerk", from_on=from_on, until_on=until_on)
    else:
        with pytest.raises(ValidationError):
            propose(account, county, "clerk", from_on=from_on, until_on=until_on)


def test_a_post_can_not_be_stretched_or_turned_into_another_duty(county):
    account = an_account()
    first = entered(account, county, "administrator", until_on=LATER)
    second = entered(account, county, "clerk", from_on=LATER)
    for change in (
        {"until_on": LATER + timedelta(days=1)},
        {"until_on": None},
        {"role": "clerk", "until_on": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=second.pk).update(from_on=LATER - timedelta(days=1))


def test_what_was_granted_may_only_become_shorter(county):
    account = an_account()
    a_post(account, county.unit("water"), "clerk", from_on=DAY, until_on=LATER)
    mine = Post.objects.filter(account=account)
    changes = [
        {"role": "head"},
        {"unit": county.unit("heping")},
        {"from_on": LONG_AGO},
        {"until_on": LATER + timedelta(days=1)},
        {"until_on": None},
        {"account": county.accounts["heping.clerk"]},
        {"granted_at": None},
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="shortened"), transaction.atomic():
            mine.update(**change)
    with pytest.raises(IntegrityError, match="stays on record"), transaction.atomic():
        mine.delete()
    end_post(mine.get(), on=LATER - timedelta(days=9), by=None, at=NOON)
    assert mine.get().until_on == LATER - timedelta(days=9)


def test_four_eyes_are_held_by_the_database_too(county):
    account, admin = an_account(), county.accounts["admin"]
    post = propose_post(account, unit=county.unit("water"), role="clerk", from_on=DAY, by=admin, at=NOON)
    for alone in (account, admin):
        with pytest.raises(ValidationError):
            grant_post(post, by=alone, at=NOON)
        with pytest.raises(IntegrityError, match="post_granted_by_a_second_person"), transaction.atomic():
            Post.objects.filter(pk=post.pk).update(granted_by=alone, granted_at=NOON)
    assert grant_post(post, by=county.accounts["security"], at=NOON).granted_at == NOON


# --- delegation ---------------------------------------------------------------------------------------------


def lend(post, to, *, by=None, from_on=DAY, until_on=LATER):
    """A delegation by the post's holder."""
    return delegate(
        post, to=to, from_on=from_on, until_on=until_on, reason="休假", by=by or post.account, at=NOON
    )


def written(post, to, *, from_on=DAY, until_on=LATER):
    """A delegation written past the actions."""
    return Delegation.objects.create(
        post=post,
        to=to,
        from_on=from_on,
        until_on=until_on,
        reason="休假",
        made_by=post.account,
        made_at=NOON,
        granted_at=NOON,
    )


@pytest.mark.parametrize(
    ("key", "to"),
    [
        (a, b)
        for a in ("admin", "security", "auditor")
        for b in ("admin", "security", "auditor", "water.clerk", "county.leader")
        if a != b
    ],
)
def test_no_separate_duty_reaches_another_by_delegation(county, key, to):
    post, other = Post.objects.get(account=county.accounts[key]), county.accounts[to]
    with pytest.raises(ValidationError) as refused:
        lend(post, other)
    assert list(refused.value.message_dict) == ["to"]
    with pytest.raises(IntegrityError, match="separation_of_duties"), transaction.atomic():
        written(post, other)
    back = Post.objects.get(account=other)
    with pytest.raises(IntegrityError, match="separation_of_duties"), transaction.atomic():
        written(back, county.accounts[key])
    assert Delegation.objects.count() == 0


def test_who_was_lent_a_duty_can_not_get_another_meanwhile(county):
    deputy = an_account()
    lent = lend(Post.objects.get(account=county.accounts["admin"]), deputy)
    with pytest.raises(ValidationError):
        propose(deputy, county, "clerk", from_on=DAY)
    with pytest.raises(ValidationError):
        lend(Post.objects.get(account=county.accounts["security"]), deputy)
    propose(deputy, county, "clerk", from_on=LATER)
    with pytest.raises(IntegrityError, match="separation_of_duties"), transaction.atomic():
        Delegation.objects.filter(pk=lent.pk).update(until_on=LATER + timedelta(days=1))


def test_an_ended_delegation_stands_in_nobody_s_way_and_can_not_be_revived(county):
    deputy = an_account()
    lent = lend(Post.objects.get(account=county.accounts["admin"]), deputy)
    Delegation.objects.filter(pk=lent.pk).update(ended_at=NOON)
    propose(deputy, county, "clerk", from_on=DAY)
    with pytest.raises(IntegrityError, match="separation_of_duties"), transaction.atomic():
        Delegation.objects.filter(pk=lent.pk).update(ended_at=None)


def test_the_administrator_alone_can_not_make_a_delegation_count(county):
    admin, head, clerk = (county.accounts[key] for key in ("admin", "water.head", "heping.clerk"))
    made = lend(Post.objects.get(account=head), clerk, by=admin)
    assert made.granted_at is None
    assert county.standing("heping.clerk").roles_at(county.unit("water").pk) == frozenset()
    for alone in (admin, clerk):
        with pytest.raises(ValidationError):
            grant_delegation(made, by=alone, at=NOON)
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            Delegation.objects.filter(pk=made.pk).update(granted_by=alone, granted_at=NOON)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Delegation.objects.filter(pk=made.pk).update(granted_at=NOON)
    assert grant_delegation(made, by=county.accounts["security"], at=NOON).granted_at == NOON


@pytest.mark.parametrize(
    "change",
    [
        {"until_on": DAY},
        {"from_on": date(1999, 1, 1)},
        {"to": "self"},
        {"to": "closed"},
    ],
)
def test_a_delegation_that_makes_no_sense_is_refused(county, change):
    head = county.accounts["water.head"]
    closed = an_account()
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    closed.refresh_from_db()
    people = {"self": head, "closed": closed}
    to = people.get(change.pop("to", ""), county.accounts["water.clerk"])
    with pytest.raises(ValidationError):
        lend(Post.objects.get(account=head), to, **change)


def test_only_a_post_that_counts_is_lent_and_only_for_its_time(county):
    account = an_account()
    waiting = propose(account, county, "clerk", until_on=LATER)
    with pytest.raises(ValidationError):
        lend(waiting, county.accounts["water.clerk"])
    granted = grant_post(waiting, by=None, at=NOON)
    with pytest.raises(ValidationError):
        lend(granted, county.accounts["water.clerk"], until_on=LATER + timedelta(days=1))
    assert lend(granted, county.accounts["water.clerk"]).granted_at == NOON


# --- races --------------------------------------------------------------------------------------------------


def both_at_once(*deeds):
    """Run deeds in transactions of their own, at the same time; what each raised, or nothing."""
    gate = threading.Barrier(len(deeds))
    raised = [None] * len(deeds)

    def run(place, deed):
        try:
            with transaction.atomic():
                gate.wait(10)
                deed()
        except (IntegrityError, ValidationError) as error:
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_two_transactions_at_once_can_not_join_what_must_stay_apart(round_):
    county, account = a_county(), an_account()
    raised = both_at_once(
        lambda: entered(account, county, "administrator"), lambda: entered(account, county, "clerk")
    )
    assert [error is None for error in raised].count(True) == 1
    assert Post.objects.filter(account=account).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_a_post_and_a_delegation_at_once_can_not_either(round_):
    county, account = a_county(), an_account()
    post = Post.objects.select_related("account").get(account=county.accounts["admin"])
    raised = both_at_once(lambda: written(post, account), lambda: entered(account, county, "clerk"))
    assert [error is None for error in raised].count(True) == 1
    assert Post.objects.filter(account=account).count() + Delegation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_post_is_decided_once_however_many_decide():
    county, account = a_county(), an_account()
    post = propose(account, county, "clerk")
    security = county.accounts["security"]
    raised = both_at_once(*[lambda: grant_post(post, by=security, at=NOON)] * 2)
    assert [error is None for error in raised].count(True) == 1
