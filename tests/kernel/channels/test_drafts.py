"""Drafts of people without an account: found by their key only, kept for a week, handed in once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.channels import actions, queries
from yiwang.kernel.channels.models import Attempt, Draft
from yiwang.kernel.channels.rules import KEPT_FOR, SHOWN_FOR, key_digest, new_key, seal, unseal

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ-", max_size=32))
def test_what_was_sealed_opens_with_its_key_and_no_other(words: str) -> None:
    key, other = new_key(), new_key()
    sealed = seal(words, key=key)
    assert unseal(sealed, key=key) == words
    assert len(words) < 4 or unseal(sealed, key=other) != words


def test_more_than_a_code_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal("x" * 33, key=new_key())


@pytest.mark.django_db
def test_only_the_hash_of_a_key_is_kept() -> None:
    held = actions.begin(kind="petition", at=NOON)
    assert bytes(held.draft.key_digest) == key_digest(held.key)
    assert held.key not in str(Draft.objects.values().get())


@pytest.mark.django_db
def test_two_tabs_do_not_lose_each_others_answers() -> None:
    held = actions.begin(kind="petition", at=NOON)
    actions.keep(held.draft.pk, {"title": "a"}, at=NOON)
    assert actions.keep(held.draft.pk, {"text": "b"}, at=NOON).data == {"title": "a", "text": "b"}


@pytest.mark.django_db
def test_a_draft_that_was_handed_in_takes_nothing_more() -> None:
    held = actions.begin(kind="petition", at=NOON)
    draft = actions.keep(held.draft.pk, {"title": "a"}, at=NOON)
    actions.hand_in(held, draft=draft, case_id=7, shown_once="7K3M-0QXT-9HWD-V2RB", at=NOON)
    for refused in (
        lambda: actions.keep(draft.pk, {"title": "b"}, at=NOON),
        lambda: actions.remove_file(draft.pk, 1),
        lambda: actions.lock(draft.pk),
    ):
        with pytest.raises(actions.AlreadyHandedIn):
            refused()
    after = Draft.objects.get()
    assert (after.data, after.case_id, after.expires_at) == ({}, 7, NOON + SHOWN_FOR)
    assert queries.Held(after, held.key).shown_once == "7K3M-0QXT-9HWD-V2RB"


@pytest.mark.django_db
def test_drafts_nobody_came_back_for_are_cleared_and_the_others_stay() -> None:
    old = actions.begin(kind="petition", at=NOON)
    young = actions.begin(kind="petition", at=NOON + HOUR)
    actions.note_attempt("here", kind="submission", at=NOON)
    assert actions.clear_expired(at=NOON + KEPT_FOR) == 1
    assert list(Draft.objects.values_list("pk", flat=True)) == [young.draft.pk]
    assert (old.draft.pk, Attempt.objects.count()) == (old.draft.pk, 0)


@pytest.mark.django_db
def test_a_place_is_flooded_only_by_its_own_kind_within_the_time() -> None:
    for minutes in (0, 10, 20):
        actions.note_attempt("here", kind="submission", at=NOON + timedelta(minutes=minutes))

    def is_flooded(source: str, kind: str, at: datetime) -> bool:
        return queries.is_flooded(source, kind=kind, most=3, within=HOUR, at=at)

    assert is_flooded("here", "submission", NOON + timedelta(minutes=30))
    assert not is_flooded("there", "submission", NOON + timedelta(minutes=30))
    assert not is_flooded("here", "upload", NOON + timedelta(minutes=30))
    assert not is_flooded("here", "submission", NOON + timedelta(minutes=61))
