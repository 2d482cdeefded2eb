"""The auditor's page: what it shows, how it is paged, and what it costs."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record, record_read, seal
from yiwang.kernel.audit.labels import label_of
from yiwang.kernel.audit.pages.log import log
from yiwang.kernel.people.models import Account

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
AUDITOR = Standing(account_id=7, roles=frozenset({"auditor"}))


def opened(address: str = "/audit/", *, language: str = "en") -> HttpResponse:
    request = RequestFactory().get(address)
    request.standing = AUDITOR  # type: ignore[attr-defined]
    with translation.override(language):
        return log(request)


def entries_on(response: HttpResponse) -> list[int]:
    """The entry numbers in the table's last column, as shown."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", response.content.decode(), re.S)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in rows]
    return [int(re.sub(r"<[^>]*>", "", each[-1]).strip()) for each in cells if each]


def links(response: HttpResponse, key: str) -> list[str]:
    return sorted(set(re.findall(rf'href="(\?[^"]*{key}=\d+[^"]*)"', response.content.decode())))


@pytest.fixture
def account() -> Account:
    return Account.objects.create(username="auditor2", name="审<计>", created_at=NOON)


def test_an_entry_is_shown_with_who_what_and_why(account: Account) -> None:
    number = record_read("case", 5, at=NOON, actor=account.pk, purpose="办理 <b>")
    shown = opened()
    text = shown.content.decode()
    assert entries_on(shown) == [number]
    assert "审&lt;计&gt;" in text
    assert "办理 &lt;b&gt;" in text
    assert "Read a case" in text
    assert "Nothing has been sealed yet." in text


def test_the_head_is_shown_to_be_written_down() -> None:
    record("signed_in", at=NOON)
    head = seal(at=NOON)
    assert head is not None
    assert head.root.hex() in opened().content.decode()


def test_filters_stand_in_the_address(account: Account) -> None:
    first = record("signed_in", at=NOON - timedelta(days=2), actor=account.pk)
    second = record_read("case", 5, at=NOON, actor=3, purpose="办理")
    assert entries_on(opened("/audit/?actor=AUDITOR2")) == [first]
    assert entries_on(opened("/audit/?action=case.read")) == [second]
    assert entries_on(opened("/audit/?subject=5")) == [second]
    assert entries_on(opened("/audit/?on=2026-05-30")) == [first]
    assert entries_on(opened("/audit/?on=2026-05-29")) == []


@pytest.mark.parametrize(
    "query", ["actor=nobody", "action=nonsense", "subject=x", "subject=99999999999999999999", "on=30.2.2026"]
)
def test_a_filter_that_cannot_be_meant_is_refused_beside_its_field(query: str) -> None:
    record("signed_in", at=NOON)
    shown = opened(f"/audit/?{query}")
    assert (shown.status_code, entries_on(shown)) == (422, [])
    assert 'aria-invalid="true"' in shown.content.decode()


def test_pages_go_forth_and_back_without_gap() -> None:
    numbers = [record("signed_in", at=NOON) for _ in range(120)][::-1]
    first = opened()
    assert entries_on(first) == numbers[:50]
    assert links(first, "after") == []
    second = opened("/audit/" + links(first, "before")[0])
    assert entries_on(second) == numbers[50:100]
    third = opened("/audit/" + links(second, "before")[0])
    assert entries_on(third) == numbers[100:]
    assert links(third, "before") == []
    back = opened("/audit/" + links(third, "after")[0])
    assert entries_on(back) == numbers[50:100]
    assert entries_on(opened("/audit/" + links(back, "after")[0])) == numbers[:50]


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "１２", ""])
def test_a_broken_place_in_the_address_means_the_newest(key: str) -> None:
    number = record("signed_in", at=NOON)
    assert entries_on(opened(f"/audit/?before={key}")) == [number]


@pytest.mark.parametrize("rows", [1, 50])
def test_the_page_keeps_its_budget(
    rows: int, account: Account, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(rows):
        record("signed_in", at=NOON, actor=account.pk)
    with django_assert_max_num_queries(log.page.budget):  # type: ignore[attr-defined]
        assert opened("/audit/?actor=auditor2").status_code == 200


def test_an_action_nobody_named_shows_its_key() -> None:
    assert label_of("robot.danced") == "robot.danced"
