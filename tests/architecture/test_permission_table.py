"""Who may open what: every page × every role × own, other and no unit, made from the register of pages.

Allowed → the page. Another unit's object → 404, as if there were none. A role that the page isn't for → 403.
Nobody → the sign-in page.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from tests.architecture.register import Address, addresses
from tests.architecture.world import ASKERS, MAY_SEE, Asker, World, a_world, arguments, read, undone
from yiwang.facilities.archive.policies import kept_units
from yiwang.institutions.community.company_policies import is_office, own_company
from yiwang.institutions.community.policies import STAFF
from yiwang.kernel.access.rules import Standing, may_open
from yiwang.kernel.base.middleware import POLICY
from yiwang.kernel.base.pages import PAGES
from yiwang.kernel.notices.models import Announcement
from yiwang.kernel.notices.policies import may_work_on, writing_units

pytestmark = pytest.mark.django_db
OPEN, FORBIDDEN, UNKNOWN, SIGN_IN = "open", "forbidden", "unknown", "sign in"


def _works_at_intake(standing: Standing, world: World) -> bool:
    intake = world.county.unit("office").pk
    return bool(standing.roles_at(intake) & {"clerk", "head"})


def _works_at_centre(standing: Standing, world: World) -> bool:
    return bool(standing.roles_at(world.county.unit("office").pk) & STAFF)


def _looks_after_companies(standing: Standing, world: World) -> bool:
    return is_office(standing, on=timezone.localdate())


def _works_for_company(standing: Standing, world: World) -> bool:
    return own_company(standing) is not None


def _writes_at_office(standing: Standing, world: World) -> bool:
    return world.county.unit("office").pk in writing_units(standing)


def _works_on_announcement(standing: Standing, world: World) -> bool:
    found = Announcement.objects.filter(unit=world.county.unit("office"))[0]
    return may_work_on(standing, found)


def _keeps_archive(standing: Standing, world: World) -> bool:
    return world.county.unit("office").pk in kept_units(standing)


NARROWER: dict[str, tuple[Callable[[Standing, World], bool], str]] = {
    "channels:open311_listing": (_works_at_intake, UNKNOWN),
    **{f"archive:{name}": (_keeps_archive, UNKNOWN) for name in ("catalogue_pdf", "catalogue_file")},
    "notices:edit": (_writes_at_office, UNKNOWN),
    "notices:act": (_works_on_announcement, UNKNOWN),
    "notices:readers": (_works_on_announcement, UNKNOWN),
    "petitions:counter": (_works_at_intake, FORBIDDEN),
    "petitions:counter_compare": (_works_at_intake, FORBIDDEN),
    "petitions:counter_done": (_works_at_intake, UNKNOWN),
    "petitions:counter_receipt": (_works_at_intake, UNKNOWN),
    "community:new_order": (_works_at_centre, FORBIDDEN),
    "petitions:repeats": (_works_at_intake, UNKNOWN),
    **{
        f"community:{name}": (_looks_after_companies, FORBIDDEN)
        for name in ("companies", "company", "company_figure", "coverage", "approvals")
    },
    **{
        f"community:{name}": (_works_for_company, FORBIDDEN)
        for name in (
            "own_company",
            "own_certificates",
            "own_staff",
            "own_teams",
            "own_team",
            "own_orders",
            "own_prices",
            "own_figure",
        )
    },
    "community:certificate_proof": (_works_for_company, UNKNOWN),
}
"""Pages that ask more than a role: the rule, and what whoever doesn't fulfil it gets."""

NEEDS_A_STATE = {
    "petitions:done": "leads to the first question while nothing was handed in",
    "petitions:noted": "is shown only right after a message to the mailbox",
}
"""Public pages that may answer 404 or lead elsewhere because of what the visitor did before, with the reason."""

REGISTERED = [address for address in addresses() if address.page]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One county for the whole table."""
    with django_db_blocker.unblock(), undone():
        yield a_world()


def expected(address: Address, asker: Asker, world: World) -> str:
    """What the register and the policies say."""
    assert address.page is not None
    standing = world.standing(asker)
    if not may_open(standing, address.page.roles):
        return FORBIDDEN if standing.is_signed_in else SIGN_IN
    rule, otherwise = NARROWER.get(address.name, (None, ""))
    if rule and not rule(standing, world):
        return otherwise
    is_public = "everybody" in address.page.roles
    is_seen = is_public or all(MAY_SEE[taken](standing, world) for taken in address.takes if taken in MAY_SEE)
    return OPEN if is_seen else UNKNOWN


def found(response: HttpResponse) -> str:
    """What the answer amounts to."""
    if response.status_code in (301, 302, 303) and response["Location"].startswith(
        reverse("people:sign_in") + "?"
    ):
        return SIGN_IN
    return {403: FORBIDDEN, 404: UNKNOWN}.get(response.status_code, OPEN)


def opened(address: Address, asker: Asker, world: World) -> HttpResponse:
    """The answer to opening a page; a page that only takes a POST gets an empty one."""
    target = reverse(address.name, kwargs=arguments(address.name, address.takes, world))
    browser = world.browser(asker)
    response = browser.get(target)
    return read(browser.post(target) if response.status_code == 405 else response)


@pytest.mark.parametrize("address", addresses(), ids=str)
def test_every_view_stands_in_the_register_under_the_name_of_its_address(address: Address) -> None:
    assert address.page is not None, f"{address.name} isn't registered: put @page on its view"
    assert address.page.name == address.name


def test_every_registered_page_has_one_address() -> None:
    names = [address.name for address in addresses()]
    assert sorted(PAGES) == sorted(set(names))
    assert len(names) == len(set(names))


def test_roles_of_pages_are_roles() -> None:
    known = {"everybody", "signed_in", *(asker.role for asker in ASKERS)} - {"nobody"}
    assert {role for page in PAGES.values() for role in page.roles} <= known


@pytest.mark.parametrize("address", REGISTERED, ids=str)
def test_page(address: Address, world: World, django_db_blocker: Any) -> None:
    if address.name in NEEDS_A_STATE:
        pytest.skip(NEEDS_A_STATE[address.name])
    table = {}
    with django_db_blocker.unblock():
        for asker in ASKERS:
            with undone():
                said = expected(address, asker, world)
                response = opened(address, asker, world)
                assert response.status_code < 500
                table[str(asker)] = (said, found(response))
    wrong = {asker: row for asker, row in table.items() if row[0] != row[1]}
    assert wrong == {}, f"(expected, found) for {address.name}"


WITHOUT_CASES = frozenset({"casework:terms"})
"""Pages of casework that show no case: the administrator's choice of terms."""


@pytest.mark.parametrize("role", ["administrator", "security_officer", "auditor"])
def test_the_separate_duties_open_no_page_of_cases(role: str, world: World, django_db_blocker: Any) -> None:
    pages = [
        address
        for address in REGISTERED
        if address.name.startswith("casework:") and address.name not in WITHOUT_CASES
    ]
    staff = [address for address in pages if address.page and "everybody" not in address.page.roles]
    assert len(staff) > 10
    with django_db_blocker.unblock():
        for address in staff:
            with undone():
                answers = {found(opened(address, Asker(role, place), world)) for place in ("own", "other")}
            assert answers <= {FORBIDDEN, UNKNOWN}, address.name


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    directives = {part.split()[0]: part.split()[1:] for part in POLICY.split(";")}
    assert directives == {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }


@pytest.mark.parametrize("address", REGISTERED, ids=str)
def test_every_answer_carries_the_safe_headers(
    address: Address, world: World, django_db_blocker: Any
) -> None:
    asker = next(
        (asker for asker in ASKERS if address.page and asker.role in address.page.roles),
        Asker("signed_in", "no unit"),
    )
    with django_db_blocker.unblock(), undone():
        response = opened(address, asker, world)
    policy = response["Content-Security-Policy"]
    if response.streaming:  # A file that somebody brought runs nothing; a viewer of PDF can't be sandboxed.
        is_pdf = response["Content-Type"] == "application/pdf"
        assert policy == ("default-src 'self'" if is_pdf else "sandbox")
    else:
        assert policy.partition("; connect-src ")[0] == POLICY
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"] or "private" in response["Cache-Control"]
    if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
        body = response.content.decode().lower()
        assert " style=" not in body
        assert " onclick=" not in body
        assert "<script>" not in body


def test_an_address_that_takes_something_unknown_is_noticed() -> None:
    with pytest.raises(AssertionError, match="no sample for 'moon_id'"):
        arguments("people:bare", ("moon_id",), None)  # type: ignore[arg-type]
