"""`yiwang admin key` and `withdraw-key`: the key is told once and works until it is withdrawn."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from yiwang.kernel.channels.models import ApiKey
from yiwang.kernel.channels.open311.queries import key_of
from yiwang.site import database
from yiwang.site.command import main

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stay on the test's own connection."""

    @contextmanager
    def ready() -> Iterator[None]:
        yield

    monkeypatch.setattr(database, "ready", ready)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """What `yiwang admin` prints with `--json`."""
    assert main(["admin", *arguments, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_a_key_is_told_once_and_only_its_hash_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    before = timezone.now()
    answer = told(
        capsys, "key", " 云川地图 ", "--contact", "map@example.org", "--per-hour", "5", "--days", "30"
    )
    key = ApiKey.objects.get()
    assert answer == {"number": key.pk, "holder": "云川地图", "key": answer["key"]}
    assert (key.per_hour, key.may_publish_text, key.contact) == (5, False, "map@example.org")
    assert key.valid_until_at == key.made_at + timedelta(days=30)
    assert key.made_at >= before
    assert answer["key"].startswith(key.hint)
    assert answer["key"].encode() not in bytes(key.digest)
    assert key_of(answer["key"], at=timezone.now()) == key
    assert key_of(answer["key"], at=key.made_at + timedelta(days=30)) is None


def test_a_withdrawn_key_counts_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "key", "云川地图", "--may-publish-text")
    assert key_of(answer["key"], at=timezone.now()) is not None
    assert told(capsys, "withdraw-key", str(answer["number"])) == {
        "number": answer["number"],
        "holder": "云川地图",
    }
    assert key_of(answer["key"], at=timezone.now()) is None


@pytest.mark.parametrize(
    "arguments",
    [("key", " "), ("key", "x", "--days", "0"), ("key", "x", "--per-hour", "-1"), ("withdraw-key", "999999")],
)
def test_what_makes_no_sense_is_refused(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["admin", *arguments]) == 1
    assert capsys.readouterr().err.strip()
    assert ApiKey.objects.count() == 0
