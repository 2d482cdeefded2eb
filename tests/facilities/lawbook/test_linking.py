"""The articles that case types and letters cite lead into the lawbook; without it they are plain words."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.builders import a_county, a_petition
from tests.facilities.lawbook.builders import a_lawbook
from tests.kernel.casework.test_receipt import BUDGET, STYLE, answered, letter_url
from yiwang.facilities.lawbook.linking import forget_texts, linked, place_of
from yiwang.institutions.petitions.casetypes.petition_2022 import PETITION
from yiwang.institutions.petitions.laws import REGULATIONS
from yiwang.kernel.casework.lawlinks import cited
from yiwang.kernel.casework.rules.casetype import Citation

pytestmark = pytest.mark.django_db

NEW_YEAR = "本条例自2022年5月1日起施行。"


def the_regulations(*, articles: int = 50) -> None:
    """A text of invented words under the name and the numbers that the procedure cites."""
    lines = ["# 信访工作条例", "2022年2月25日 发布", "<!-- INFO END -->"]
    items = "\n\n".join(f"（{one}）第{one}项；" for one in "一二三四五六七")
    lines += [f"第{number}条 第{number}条说的话：\n\n{items}\n\n另一款。" for number in range(1, articles)]
    a_lawbook({"行政法规/信访工作条例(2022-02-25).md": "\n\n".join([*lines, f"第{articles}条 {NEW_YEAR}"])})
    forget_texts()


@pytest.fixture(autouse=True)
def _read_anew() -> None:
    """What another test had loaded isn't there any more."""
    forget_texts()
    cache.clear()


@pytest.fixture
def client() -> Client:
    """A browser that reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def links(page: str) -> list[tuple[str, str]]:
    """The words and addresses of the links to articles."""
    found = re.findall(r'<a class="peek-link" href="([^"]+)"[^>]*>([^<]+)</a>', page)
    return [(words, unquote(unescape(url))) for url, words in found]


def test_a_citation_leads_to_the_article_as_it_was_in_force_on_the_day() -> None:
    the_regulations()
    citation = Citation(REGULATIONS, 23, paragraph=2)
    place = place_of(citation, date(2026, 12, 1))
    assert unquote(place) == "/law/信访工作条例@2022-05-01/art_23#art_23/para_2"
    assert place_of(citation, date(2022, 4, 30)) == ""
    assert place_of(Citation(REGULATIONS, 51), date(2026, 12, 1)) == ""


def test_an_item_without_a_paragraph_stands_in_the_first() -> None:
    the_regulations()
    place = place_of(Citation(REGULATIONS, 22, item=3), date(2026, 12, 1))
    assert place.endswith("#art_22/para_1/item_3")


def test_every_citation_of_a_procedure_costs_one_query_together() -> None:
    the_regulations()
    every = [citation for _part, citation in PETITION.citations()]
    place_of(every[0], date(2026, 12, 1))
    forget_texts()
    with CaptureQueriesContext(connection) as captured:
        found = [place_of(citation, date(2026, 12, 1)) for citation in every]
    assert (len(captured), sum(map(bool, found)) > 10) == (1, True)


def test_without_the_text_a_citation_is_plain_words() -> None:
    assert cited(Citation(REGULATIONS, 23), on=date(2026, 12, 1)) == "《信访工作条例》第二十三条"


def test_the_receipt_leads_to_the_articles_and_stays_light(client: Client) -> None:
    county = a_county()
    found = a_petition(county, at=timezone.now())
    bare = client.get(f"/r/{found.receipt_code}/").content.decode()
    assert links(bare) == []
    the_regulations()
    page = client.get(f"/r/{found.receipt_code}/").content.decode()
    assert [words for words, _url in links(page)][:1] == ["Regulations on Petition Work, art. 22, para. 1"]
    assert {url.split("/art_")[0] for _words, url in links(page)} == {"/law/信访工作条例@2022-05-01"}
    assert len(page.encode()) + STYLE.stat().st_size < BUDGET


def test_an_answer_s_articles_are_links_on_the_page_of_its_receipt(client: Client) -> None:
    code = answered(a_county()).receipt_code
    url = letter_url(client, code)
    client.post(url)
    bare = client.get(url).content.decode()
    the_regulations()
    page = client.get(url).content.decode()
    assert ("《信访工作条例》第三十五条", "/law/信访工作条例@2022-05-01/art_35#art_35") in links(page)
    assert re.sub(r"<[^>]+>", "", page) == re.sub(r"<[^>]+>", "", bare)


def test_staff_read_the_article_behind_steps_terms_and_days(client: Client) -> None:
    county = a_county()
    case = a_petition(county, at=timezone.now() - timedelta(days=1)).case
    the_regulations()
    client.force_login(county.accounts["office.clerk"])
    pages = (
        f"/cases/{case.pk}/why/registration/0/",
        f"/cases/{case.pk}/?step=forward",
        f"/procedures/petition/{PETITION.version}/",
    )
    for path in pages:
        page = client.get(path)
        assert (path, page.status_code, bool(links(page.content.decode()))) == (path, 200, True)


def test_texts_that_belong_together_are_linked_together_and_stay_apart() -> None:
    the_regulations()
    shown = linked(["依照《信访工作条例》第二十二条", "<b>以及该条例第二十三条"], date(2026, 12, 1))
    assert [re.sub(r"<a[^>]*>|</a>", "", one) for one in shown] == [
        "依照《信访工作条例》第二十二条",
        "&lt;b&gt;以及该条例第二十三条",
    ]
    assert [words for one in shown for words, _url in links(one)] == [
        "《信访工作条例》第二十二条",
        "该条例第二十三条",
    ]
