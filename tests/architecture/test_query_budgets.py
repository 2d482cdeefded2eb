"""Every page keeps its query budget, with one row of everything and with fifty, and no row costs a query.

One query more with fifty rows is allowed: a list that doesn't fit on its page counts how many there are.
What the office's old machines open is light: with fifty rows, with its style and scripts, as it goes over the wire.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.architecture.register import Address, addresses
from tests.architecture.world import ASKERS, Asker, World, a_world, arguments, grow, read, undone
from yiwang.kernel.base import remembering

pytestmark = pytest.mark.django_db

UNCOUNTED = re.compile(r"^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|SELECT set_config\('yiwang\.)")
"""What the tests' own transaction and the second lock add; a page can't avoid either."""

MANY = 50
PAGES = [address for address in addresses() if address.page]
Costs = dict[str, list[str]]
LIGHT = 100 * 1024
"""Bytes of a page on an old machine: of its words alone, and compressed with all that it loads."""
OF_THE_OFFICE = ("office:", "archive:", "notices:")
heaviest: dict[str, bytes] = {}
"""The heaviest answer of each page of the office that was opened, by address."""


@pytest.fixture(scope="module")
def costs(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Costs, Costs]]:
    """What each page runs, for each role that may open it: with one row and with fifty.

    What is remembered for seconds stays remembered, however slow the machine is just now.
    """
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), undone():
        patch.setattr(remembering, "time", SimpleNamespace(monotonic=lambda: 0.0))
        world = a_world()
        few = _opened_all(world)
        grow(world, count=MANY - 1)
        yield few, _opened_all(world)


def _opened_all(world: World) -> Costs:
    found: Costs = {}
    for address in PAGES:
        for asker in _askers(address):
            queries = _queries(address, asker, world)
            if queries is not None:
                found[f"{address.name} as {asker.role}"] = queries
    return found


def _askers(address: Address) -> list[Asker]:
    assert address.page is not None
    own = [asker for asker in ASKERS if asker.place == "own" and asker.role in address.page.roles]
    if "signed_in" in address.page.roles:
        own.append(Asker("clerk", "own"))
    if "everybody" in address.page.roles:
        own.append(Asker("nobody", "no unit"))
    return own


def _queries(address: Address, asker: Asker, world: World) -> list[str] | None:
    """The queries of the second opening, when standings and units are remembered; nothing for a POST."""
    target = reverse(address.name, kwargs=arguments(address.name, address.takes, world))
    browser = world.browser(asker)
    with undone():
        world.standing(asker)
        if read(browser.get(target)).status_code == 405:
            return None
        with CaptureQueriesContext(connection) as captured:
            answer = read(browser.get(target))
    if address.name.startswith(OF_THE_OFFICE) and "text/html" in answer.get("Content-Type", ""):
        heaviest[address.name] = max(heaviest.get(address.name, b""), answer.content, key=len)
    return [query["sql"] for query in captured if not UNCOUNTED.match(query["sql"])]


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_page(address: Address, costs: tuple[Costs, Costs]) -> None:
    few, many = costs
    assert address.page is not None
    mine = [key for key in few if key.startswith(f"{address.name} as ")]
    if not mine:
        pytest.skip("only takes a POST")
    budget = address.page.budget
    over = {key: _told(many[key]) for key in mine if len(many[key]) > budget}
    assert over == {}, f"with fifty rows {address.name} runs more than its {budget} queries"
    grown = {key: _told(many[key], without=few[key]) for key in mine if len(many[key]) > len(few[key]) + 1}
    assert grown == {}, "costs more with fifty rows than with one; what was added:"


def _told(queries: list[str], *, without: Sequence[str] = ()) -> str:
    """How many queries, and which; `without` leaves out those that ran before too."""
    known = Counter(_shape(query) for query in without)
    shown = []
    for query in queries:
        if known[_shape(query)]:
            known[_shape(query)] -= 1
        else:
            shown.append(_shape(query))
    return f"{len(queries)}: " + " | ".join(shown)


def _shape(query: str) -> str:
    """A query without its columns and numbers."""
    return re.sub(
        r"N(, N)+", "N…", re.sub(r"\d+", "N", re.sub(r"^SELECT .*? FROM ", "SELECT … FROM ", query))
    )[:300]


def _weight(page: bytes) -> int:
    """A page as it goes over the wire, with every style and script that it names."""
    named = set(re.findall(r'(?:src|href)="/static/([^"?]+\.(?:css|js))', page.decode()))
    files = [path for name in sorted(named) if isinstance(path := finders.find(name), str)]
    assert len(files) == len(named)
    return sum(len(gzip.compress(part, 6)) for part in (page, *(Path(path).read_bytes() for path in files)))


def test_with_fifty_rows_every_page_of_the_office_is_light(costs: tuple[Costs, Costs]) -> None:
    assert {
        "office:incoming",
        "office:signing",
        "archive:list",
        "archive:packages",
        "office:tasks",
    } <= heaviest.keys()
    heavy = {name: len(page) for name, page in heaviest.items() if len(page) > LIGHT}
    assert heavy == {}, "words alone, in bytes"
    assert {name: weight for name, page in heaviest.items() if (weight := _weight(page)) > LIGHT} == {}
