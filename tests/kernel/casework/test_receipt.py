"""A receipt's page: opened by its code, light, and able to do what its holder may do."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.builders import ANSWER, County, a_county, a_petition, moved
from yiwang.kernel import ui
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.audit import offline
from yiwang.kernel.audit.actions import seal
from yiwang.kernel.audit.queries import latest_head
from yiwang.kernel.casework import receipts
from yiwang.kernel.casework.actions import Registered
from yiwang.kernel.casework.models import Attachment, Case, JournalEntry

pytestmark = pytest.mark.django_db
BUDGET = 30 * 1024
STYLE = Path(ui.__file__).parent / "static/ui/light.css"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture(autouse=True)
def _nobody_guessed() -> None:
    cache.clear()


@pytest.fixture
def county() -> County:
    """A small county."""
    return a_county()


@pytest.fixture
def client() -> Client:
    """A browser that reads English, so that tests can name sentences."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def answered(county: County, **changes: object) -> Registered:
    """A petition of last month that went down two levels and came back answered."""
    at = timezone.now() - timedelta(days=20)
    found = a_petition(county, at=at, facts={"electronic_service": True, "signing": "signed"}, **changes)
    case, day = found.case, timedelta(days=1)
    moved(case, "forward", by=county.standing("office.clerk"), at=at + day, unit_id=county.unit("water").pk)
    moved(
        case,
        "forward",
        by=county.standing("water.clerk"),
        at=at + 2 * day,
        unit_id=county.unit("chengguan").pk,
    )
    moved(case, "accept", by=county.standing("chengguan.clerk"), at=at + 3 * day)
    moved(case, "answer", by=county.standing("chengguan.clerk"), at=at + 9 * day, **ANSWER)
    moved(case, "approve", by=county.standing("water.head"), at=at + 10 * day)
    moved(case, "issue", by=county.standing("office.head"), at=at + 11 * day)
    return found


def entries(case: Case, verb: str) -> list[JournalEntry]:
    """The journal's lines of a verb."""
    with acting_as_system():
        return list(JournalEntry.objects.filter(case=case, verb=verb))


def letter_url(client: Client, code: str) -> str:
    """The address of the newest letter on the page."""
    page = client.get(f"/r/{code}/").content.decode()
    start = page.index(f"/r/{code}/letters/")
    return page[start : page.index('"', start)]


def test_the_page_says_where_it_is_who_has_it_and_by_when(county: County, client: Client) -> None:
    found = a_petition(county, at=timezone.now())
    response = client.get(f"/r/{found.receipt_code}/")
    page = response.content.decode()
    assert [
        words in page
        for words in (found.case.number, found.case.title, "信访局", "Why this date?", "last entry")
    ] == [True] * 5
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == (
        "no-store",
        "noindex, nofollow, noarchive",
    )
    assert "<script" not in page


def test_a_code_opens_its_page_however_it_is_typed(county: County, client: Client) -> None:
    code = a_petition(county).receipt_code
    for typed in (code, code.lower(), code.replace("-", ""), f"  {code.replace('-', ' ')} "):
        assert client.post("/r/", {"code": typed}).url == f"/r/{code}/"


def test_a_wrong_and_an_impossible_code_get_the_same_answer(county: County, client: Client) -> None:
    a_petition(county)
    wrong, impossible = receipts.new_code(), "not-a-code"
    pages = [client.get(f"/r/{code}/").content.decode().replace(code, "") for code in (wrong, impossible)]
    assert [len(page) > 500 and "No message has this code." in page for page in pages] == [True, True]
    strip = [page.split("<main")[1].split("csrfmiddlewaretoken")[0] for page in pages]
    assert strip[0] == strip[1]
    assert [client.post("/r/", {"code": code}).status_code for code in (wrong, impossible)] == [422, 422]


def test_whoever_guesses_has_to_wait_and_a_right_code_gives_nothing_away_then(
    county: County, client: Client
) -> None:
    code = a_petition(county).receipt_code
    for _ in range(30):
        client.get(f"/r/{receipts.new_code()}/")
    assert client.get(f"/r/{code}/").status_code == 429


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_and_its_style_weigh_at_most_30_kilobytes_in_every_state(
    county: County, client: Client, language: str
) -> None:
    client.cookies["django_language"] = language
    style = STYLE.stat().st_size
    fresh, done = a_petition(county, at=timezone.now()), answered(county)
    for found, keys in ((fresh, ("registration-0",)), (done, ("registration-0", "handling-2", "notice-1"))):
        for address in ("", *(f"?why={key}" for key in keys)):
            page = client.get(f"/r/{found.receipt_code}/{address}")
            assert ("why-months" in page.content.decode()) == bool(address)
            assert "Content-Encoding" not in page
            assert len(page.content) + style <= BUDGET, (address, len(page.content), style)


def test_an_explained_date_shows_its_days_and_article(county: County, client: Client) -> None:
    found = a_petition(county, at=timezone.now())
    page = client.get(f"/r/{found.receipt_code}/?why=registration-0").content.decode()
    assert page.count('class="day day-counted') >= 14
    assert "Regulations on Petition Work, art. 22" in page


def test_something_can_be_added_once_however_often_it_is_sent(county: County, client: Client) -> None:
    found = a_petition(county)
    data = {"text": "昨天又裂开一处", "request_key": "k" * 24, "files": SimpleUploadedFile("a.png", PNG)}
    for _ in range(2):
        data["files"].seek(0)  # type: ignore[attr-defined]
        assert client.post(f"/r/{found.receipt_code}/add/", data).status_code == 303
    assert [entry.data["text"] for entry in entries(found.case, "supplement")] == ["昨天又裂开一处"]
    with acting_as_system():
        assert Attachment.objects.get().name == "a.png"


def test_what_was_typed_stays_when_the_addition_is_refused(county: County, client: Client) -> None:
    code = a_petition(county).receipt_code
    bad = SimpleUploadedFile("x.exe", b"MZ\x00\x01")
    response = client.post(f"/r/{code}/add/", {"text": "昨天又裂开一处", "files": bad})
    page = response.content.decode()
    assert (response.status_code, "昨天又裂开一处" in page, "x.exe: " in page) == (422, True, True)
    assert client.post(f"/r/{code}/add/", {"text": " "}).status_code == 422
    assert client.post(f"/r/{code}/add/", {"text": "长" * 4001}).status_code == 422


def test_opening_the_answer_is_its_service_but_looking_at_the_page_is_not(
    county: County, client: Client
) -> None:
    found = answered(county)
    address = letter_url(client, found.receipt_code)
    assert "Open the letter" in client.get(address).content.decode()
    assert ANSWER["opinion"] not in client.get(address).content.decode()
    assert client.get(f"{address}pdf/").url == address
    assert entries(found.case, "serve") == []
    for _ in range(2):
        assert client.post(address).status_code == 303
    assert [entry.data["how"] for entry in entries(found.case, "serve")] == ["receipt_page"]
    assert "更换接头" in client.get(address).content.decode()
    assert "The last day is" in client.get(f"/r/{found.receipt_code}/").content.decode()


def test_without_consent_the_letter_can_be_read_and_nothing_counts(county: County, client: Client) -> None:
    found = answered(county)
    with acting_as_system():
        Case.objects.filter(pk=found.case.pk).update(facts={})
    address = letter_url(client, found.receipt_code)
    assert "更换接头" in client.get(address).content.decode()
    assert entries(found.case, "serve") == []


def test_the_evaluation_counts_once(county: County, client: Client) -> None:
    found = answered(county)
    address = f"/r/{found.receipt_code}/evaluate/"
    refused = client.post(address, {"grade_office": "5"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert page.index("data-errors") < page.index("How far it is"), "what is wrong must be seen at once"
    assert client.post(address, {"grade_office": "9", "grade_unit": "1"}).status_code == 422
    for grade in ("5", "1"):
        client.post(address, {"grade_office": grade, "grade_unit": "4", "comment": "谢谢"})
    assert [entry.data["grade_office"] for entry in entries(found.case, "evaluate")] == [5]
    assert "You have evaluated" in client.get(f"/r/{found.receipt_code}/").content.decode()


def test_a_receipt_opens_only_what_belongs_to_it(county: County, client: Client) -> None:
    mine, other = answered(county), answered(county)
    theirs = letter_url(client, other.receipt_code).replace(other.receipt_code, mine.receipt_code)
    assert client.get(theirs).status_code == 404


def test_the_proof_can_be_checked_without_us(county: County, client: Client) -> None:
    found = answered(county)
    seal(at=timezone.now())
    noted = latest_head()
    assert noted is not None
    a_petition(county)
    seal(at=timezone.now())
    claims = json.loads(client.get(f"/r/{found.receipt_code}/proof.json?since={noted.size}").content)
    lines = [claim for claim in claims if claim["kind"] == "inclusion"]
    assert [line["entry"] for line in lines] == list(range(1, 8))
    assert [line["digest"] in line["line"] for line in lines] == [True] * 7
    assert [offline.judge(claim)[0] for claim in claims] == [True] * 8
    assert claims[-1]["older_root"] == noted.root.hex()
    lines[3]["line"] = lines[3]["line"].replace(lines[3]["digest"], "0" * 64)
    assert not offline.judge(lines[3])[0]


def test_the_receipt_and_a_letter_come_as_pdf(county: County, client: Client) -> None:
    found = answered(county)
    client.post(letter_url(client, found.receipt_code))
    for address in (f"/r/{found.receipt_code}/receipt.pdf", f"{letter_url(client, found.receipt_code)}pdf/"):
        response = client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
        content = b"".join(response) if response.streaming else response.content
        assert content.startswith(b"%PDF-")
