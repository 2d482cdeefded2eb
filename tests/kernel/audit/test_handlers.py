"""Deeds of the modules below are in the log, or they didn't happen."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from yiwang.kernel.audit import handlers
from yiwang.kernel.audit.labels import label_of
from yiwang.kernel.audit.models import Entry
from yiwang.kernel.base.events import publish
from yiwang.kernel.calendar.events import CalendarPublished
from yiwang.kernel.orgs import events as orgs_events
from yiwang.kernel.people import events

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (events.SignedIn(7, NOON, "10.0.0.1"), ("signed_in", 7, "", None, {"address": "10.0.0.1"})),
        (
            events.SignInFailed(7, NOON, "10.0.0.1"),
            ("sign_in_failed", None, "account", 7, {"address": "10.0.0.1"}),
        ),
        (events.SignInFailed(None, NOON, "x"), ("sign_in_failed", None, "", None, {"address": "x"})),
        (events.SignedOut(7, NOON, is_everywhere=True), ("signed_out", 7, "", None, {"is_everywhere": True})),
        (events.AccountCreated(9, 7, NOON), ("account.created", 7, "account", 9, {})),
        (
            events.PostEnded(3, 9, 2, "clerk", date(2026, 7, 1), 7, NOON),
            (
                "post.ended",
                7,
                "post",
                3,
                {"account_id": 9, "unit_id": 2, "role": "clerk", "on": "2026-07-01"},
            ),
        ),
        (
            events.PostGranted(3, 9, 2, "clerk", None, NOON, "new"),
            (
                "post.granted",
                None,
                "post",
                3,
                {"account_id": 9, "unit_id": 2, "role": "clerk", "reason": "new"},
            ),
        ),
    ],
)
def test_a_deed_is_written_down(event: object, expected: tuple[object, ...]) -> None:
    publish(event)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.subject_kind, entry.subject_id, entry.details) == expected
    assert entry.at == NOON
    assert label_of(entry.action) != entry.action


def test_a_deed_that_is_undone_leaves_no_entry() -> None:
    with transaction.atomic():
        publish(events.SignedIn(7, NOON, "x"))
        transaction.set_rollback(True)
    assert Entry.objects.count() == 0


def test_every_deed_that_names_who_did_it_is_known() -> None:
    named = {
        kind
        for kind in (*vars(events).values(), *vars(orgs_events).values())
        if isinstance(kind, type) and "by_account_id" in getattr(kind, "__dataclass_fields__", {})
    }
    assert named == set(handlers._DEEDS)


def test_a_published_year_is_written_down() -> None:
    publish(CalendarPublished(2027, 2, (date(2027, 1, 4),), "国办发明电", 7, NOON))
    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.subject_id) == ("calendar.published", 7, 2027)
    assert entry.details == {"version": 2, "changed": ["2027-01-04"], "source": "国办发明电"}
