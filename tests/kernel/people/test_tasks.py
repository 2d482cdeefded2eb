"""Wrong passwords are forgotten once they no longer count."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from yiwang.kernel.people.models import SignInThrottle
from yiwang.kernel.people.rules import FORGOTTEN_AFTER
from yiwang.kernel.people.tasks import forget

pytestmark = pytest.mark.django_db


def test_only_what_neither_counts_nor_blocks_is_removed() -> None:
    long_ago, second = NOON - FORGOTTEN_AFTER, timedelta(seconds=1)
    for key, last_at, until_at in [
        ("old", long_ago - second, None),
        ("old and free again", long_ago - second, NOON - second),
        ("blocks", long_ago - second, NOON + second),
        ("counts", long_ago, None),
    ]:
        SignInThrottle.objects.create(key=key, last_at=last_at, blocked_until_at=until_at)
    assert forget(at=NOON) == 2
    assert set(SignInThrottle.objects.values_list("key", flat=True)) == {"blocks", "counts"}
