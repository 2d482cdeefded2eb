"""What the administrator sees of each loading: figures, and by reason what wasn't taken."""

import pytest
from django.test import Client

from tests.builders import County, a_county
from tests.facilities.lawbook.builders import SHELF, a_lawbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    a_lawbook({**SHELF, "a/_index.md": "---\nx: y\n---\n", "b/_index.md": "---\nx: y\n---\n"})
    return a_county()


def opened(county: County, who: str, path: str, status: int = 200) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(county.accounts[who], backend="yiwang.kernel.people.backends.AccountBackend")
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_what_was_not_taken_is_told_by_reason_and_by_file(county: County) -> None:
    page = opened(county, "admin", "/law/loads/")
    assert "7 files read: 5 versions new, 0 changed, 0 known; 13 articles written; 2 files not taken." in page
    assert 'The file holds no text. <span class="muted">2</span>' in page
    assert page.count("/_index.md") == 2


def test_the_administrator_is_led_there_from_the_lawbook_and_nobody_else(county: County) -> None:
    assert 'href="/law/loads/"' in opened(county, "admin", "/law/").split("<main", 1)[1]
    assert "/law/loads/" not in opened(county, "office.clerk", "/law/")
    opened(county, "office.clerk", "/law/loads/", 403)
