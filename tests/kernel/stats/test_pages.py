"""The leader's page, the lists behind its figures, and the report to take along."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.builders import County, a_county, a_petition, an_answered_petition
from yiwang.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db

START = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def county() -> County:
    """Three matters in July: one answered over two units, one waiting, one accusation against water."""
    county = a_county()
    an_answered_petition(county, at=START)
    a_petition(county, at=START + DAY, title='=HYPERLINK("http://x")<b>', category="<i>类</i>/二")
    a_petition(
        county,
        at=START + 2 * DAY,
        purpose="accusation",
        accused_unit_ids=(county.unit("water").pk,),
        channel="mailbox",
    )
    return county


def signed_in(county: County, name: str) -> Client:
    """A client that is signed in as one of the county's people."""
    client = Client()
    client.force_login(county.accounts[name], backend="yiwang.kernel.people.backends.AccountBackend")
    return client


def text_of(answer: Any) -> str:
    """The text of a page without its markup."""
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append  # type: ignore[method-assign]
    parser.feed(answer.content.decode())
    return re.sub(r"\s+", " ", " ".join(words))


SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheets_of(answer: Any) -> dict[str, list[list[Any]]]:
    """The sheets of a workbook with their rows; empty cells at the end of a row are left out."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        names = [
            sheet.attrib["name"]
            for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iterfind(".//m:sheet", SPACE)
        ]
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml")).findall("m:si", SPACE)
        texts = ["".join(one.itertext()) for one in shared]
        found = {}
        for number, name in enumerate(names, start=1):
            page = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert page.find(".//m:f", SPACE) is None
            found[name] = [
                [
                    texts[int(cell.findtext("m:v", namespaces=SPACE) or 0)]
                    if cell.get("t") == "s"
                    else float(cell.findtext("m:v", namespaces=SPACE) or "nan")
                    for cell in row.iterfind("m:c", SPACE)
                ]
                for row in page.iterfind(".//m:row", SPACE)
            ]
    return found


def links_of(answer: Any) -> list[str]:
    """The addresses of the lists behind a page's figures."""
    return [
        link.replace("&amp;", "&")
        for link in re.findall(r'href="(/stats/cases/[^"]*)"', answer.content.decode())
    ]


def test_the_month_stands_in_figures_with_unit_period_and_formula(county: County) -> None:
    text = text_of(signed_in(county, "county.leader").get("/stats/?month=2026-07"))
    assert "收件 3 件 2026年7月 怎么算的 收件日期在本期内的事项，不论办理结果。" in text
    assert "收件比上月多 3 件，比去年同月多 3 件" in text


def test_every_figure_leads_to_its_cases(county: County) -> None:
    client = signed_in(county, "county.leader")
    for address in ("/stats/?month=2026-07", "/stats/?year=2026"):
        links = links_of(client.get(address))
        assert len(links) > 8
        for link in links:
            answer = client.get(link)
            assert answer.status_code == 200
            assert re.search(r"共 [1-3] 件", text_of(answer)), link


def test_the_list_says_as_many_as_the_figure(county: County) -> None:
    client = signed_in(county, "county.leader")
    text = text_of(client.get("/stats/cases/?month=2026-07&by=channel&key=web"))
    assert "共 2 件" in text
    assert "村口水管漏水" in text


def test_the_accused_unit_finds_nothing_of_the_accusation(county: County) -> None:
    client = signed_in(county, "water.head")
    page = client.get("/stats/?month=2026-07")
    assert "收件 1 件" in text_of(page)
    assert "mailbox" not in page.content.decode()
    assert "共 1 件" in text_of(client.get("/stats/cases/?month=2026-07"))
    sheets = sheets_of(client.get("/stats/report.xlsx?month=2026-07"))
    assert sheets["主要指标"][3][:2] == ["收件", 1]


def test_an_empty_month_says_so(county: County) -> None:
    answer = signed_in(county, "county.leader").get("/stats/?month=2005-01")
    assert "2005年1月没有收件" in text_of(answer)
    assert links_of(answer) == []


@pytest.mark.parametrize(
    "query", ["", "?month=abc", "?month=2026-13", "?year=99999", "?month=2199-12", "?of=police"]
)
def test_an_address_that_makes_no_sense_shows_a_page(county: County, query: str) -> None:
    assert signed_in(county, "county.leader").get(f"/stats/{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "figure=nothing",
        "by=nothing&key=1",
        "by=hop&key=x",
        "by=unit&key=x",
        "day=x",
        "by=channel&key=%00",
        "key=" + "x" * 81,
    ],
)
def test_a_question_that_nobody_counts_is_not_found(county: County, query: str) -> None:
    assert signed_in(county, "county.leader").get(f"/stats/cases/?{query}").status_code == 404


@pytest.mark.parametrize("name", ["office.clerk", "admin", "security", "auditor"])
@pytest.mark.parametrize("page", ["", "cases/", "report.xlsx", "report.pdf"])
def test_the_figures_are_for_leaders_and_heads(county: County, name: str, page: str) -> None:
    assert signed_in(county, name).get(f"/stats/{page}").status_code == 403


def test_the_spreadsheet_holds_every_table_with_its_origin(county: County) -> None:
    answer = signed_in(county, "county.leader").get("/stats/report.xlsx?month=2026-07")
    book = sheets_of(answer)
    assert list(book) == ["主要指标", "按承办单位", "按内容分类", "按渠道", "按日", "在各环节停留多久"]
    title, origin, heads, first, *_ = book["主要指标"]
    assert title == ["2026年7月 · 主要指标"]
    assert "云川县leader 于 " in origin[0]
    assert heads == ["指标", "2026年7月", "2026年6月", "2025年7月", "统计口径"]
    assert first == ["收件", 3, 0, 0, "收件日期在本期内的事项，不论办理结果。"]
    assert [row[:2] for row in book["按内容分类"][4:]] == [["城乡建设", 2], ["<i>类<", 1]]


def test_the_paper_is_a_pdf(county: County) -> None:
    answer = signed_in(county, "county.leader").get("/stats/report.pdf?month=2026-07")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("ending", ["xlsx", "pdf"])
def test_who_took_a_report_along_is_written_down(county: County, ending: str) -> None:
    signed_in(county, "county.leader").get(f"/stats/report.{ending}?year=2026")
    entry = Entry.objects.get(action="report.read")
    assert (entry.actor, entry.purpose, entry.details) == (
        county.accounts["county.leader"].pk,
        "statistics",
        {"institution": "petitions", "period": "2026", "form": ending},
    )


def test_both_languages_are_whole(county: County) -> None:
    client = signed_in(county, "county.leader")
    english = text_of(client.get("/stats/?month=2026-07", headers={"Accept-Language": "en"}))
    assert "Matters received 3 matters July 2026" in english
    assert "3 more than in the month before, 3 more than in the same month a year earlier" in english
