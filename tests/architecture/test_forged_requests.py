"""Requests that somebody else's page sends, and pages that must change nothing by being looked at."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.architecture.register import Address, addresses
from tests.architecture.world import ASKERS, BACKEND, World, a_world, arguments, read, undone
from yiwang.kernel.access.rules import may_open

REGISTERED = [address for address in addresses() if address.page]
CHANGES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
KEPT_ON_READING = {
    "audit_entry": "a reading is recorded",
    "stats_daytally": "what was counted is kept",
    "stats_monthtally": "what was counted is kept",
    "files_blob": "a letter's PDF is kept when it is first made",
    "casework_letter": "and its hash is noted",
}
"""What a GET may write, and why."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One county for the whole table."""
    with django_db_blocker.unblock(), undone():
        yield a_world()


@pytest.mark.django_db
@pytest.mark.parametrize("address", REGISTERED, ids=str)
def test_no_page_takes_a_form_without_its_mark(
    address: Address, world: World, django_db_blocker: Any
) -> None:
    target = reverse(address.name, kwargs=arguments(address.name, address.takes, world))
    with django_db_blocker.unblock(), undone():
        assert address.page is not None
        asker = next(a for a in ASKERS if may_open(world.standing(a), address.page.roles))
        client = Client(enforce_csrf_checks=True)
        if asker.role != "nobody":
            client.force_login(world.accounts[str(asker)], backend=BACKEND)
        for headers in ({}, {"X-HTTP-Method-Override": "GET"}, {"Origin": "https://evil.example"}):
            assert client.post(target, {"_method": "GET"}, headers=headers).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("address", REGISTERED, ids=str)
def test_looking_changes_nothing(address: Address, world: World, django_db_blocker: Any) -> None:
    target = reverse(address.name, kwargs=arguments(address.name, address.takes, world))
    written: set[str] = set()

    def watching(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := CHANGES.match(sql):
            written.add(found[2])
        return execute(sql, *rest)

    with django_db_blocker.unblock():
        for asker in ASKERS:
            with undone():
                browser = world.browser(asker)
                with connection.execute_wrapper(watching):
                    read(browser.get(target))
                    read(browser.head(target))
    assert written - KEPT_ON_READING.keys() == set()
