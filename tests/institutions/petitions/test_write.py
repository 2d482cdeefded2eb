"""The public form from the first question to the receipt, by people without an account or a script."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.builders import County, a_county
from yiwang.institutions.petitions.forms import TOPICS_URL
from yiwang.institutions.petitions.rules import MAILBOX, PETITION
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Attachment, Case, Party
from yiwang.kernel.channels.models import Draft

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
CATEGORY = "市政与公用事业/供水/水管漏水"


@pytest.fixture
def county() -> County:
    """A small county with a petition office and a supervising unit."""
    return a_county()


def ask(client: Client, question: str, *, kind: str = PETITION, **data: object):
    """Send one question's answers."""
    return client.post(f"/write/{kind}/{question}/", data)


def write_all(client: Client, county: County, *, kind: str = PETITION, **changes: dict[str, object]) -> None:
    """Answer every question up to the check."""
    answers: dict[str, dict[str, object]] = {
        "what": {"title": "村口水管漏水半个月", "text": "主水管漏水,路面结冰,\r\n请尽快派人修理。"},
        "purpose": {"purpose": "claim"},
        "topic": {"category": CATEGORY},
        "place": {"place_unit": county.unit("heping").pk, "place": "村口小卖部旁"},
        "files": {"go": "next"},
        "signing": {"signing": "signed"},
        "contact": {"name": "欧阳建华", "phone": "139-0000-0000", "address": "和平乡一号"},
        "letters": {"letters": "receipt_page"},
    }
    if kind == MAILBOX:
        for key in ("purpose", "topic", "place"):
            del answers[key]
        answers = {"what": answers.pop("what"), "accused": {}, **answers}
    for question, data in changes.items():
        answers[question] = data
    if "accused" in changes and kind == PETITION:
        order = [
            "what",
            "purpose",
            "accused",
            *(k for k in answers if k not in ("what", "purpose", "accused")),
        ]
        answers = {key: answers[key] for key in order}
    for question, data in answers.items():
        if data is None:
            continue
        response = ask(client, question, kind=kind, **data)
        assert response.status_code == 303, (question, response.content.decode()[:3000])


def hand_in(client: Client, *, kind: str = PETITION) -> str:
    """Hand the finished form in and return the code on the receipt."""
    response = client.post(f"/write/{kind}/check/", follow=True)
    assert response.status_code == 200
    found = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", response.content.decode())
    assert found is not None
    return found[0]


def the_case() -> Case:
    """The only case."""
    with acting_as_system():
        return Case.objects.get()


def test_a_citizen_writes_a_petition_and_gets_a_receipt_that_opens_its_page(county: County) -> None:
    client = Client()
    assert client.get("/write/petition/").url == "/write/petition/what/"
    write_all(client, county, files={"go": "next", "added": SimpleUploadedFile("水管.png", PNG)})
    code = hand_in(client)
    case = the_case()
    assert (case.title, case.text) == ("村口水管漏水半个月", "主水管漏水,路面结冰,\n请尽快派人修理。")
    assert (case.channel, case.purpose, case.category) == ("web", "claim", CATEGORY)
    assert (case.root_unit_id, case.place_unit_id) == (county.unit("office").pk, county.unit("heping").pk)
    assert case.facts == {"signing": "signed", "electronic_service": True}
    with acting_as_system():
        assert Attachment.objects.values_list("media_type", flat=True).get() == "image/png"
        party = Party.objects.get()
    assert (party.name, party.phone, party.address) == ("欧阳建华", "139-0000-0000", "和平乡一号")
    page = Client().get(f"/r/{code}/")
    assert page.status_code == 200
    assert "村口水管漏水半个月" in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def test_back_and_forward_keep_what_was_typed_even_when_it_was_not_right(county: County) -> None:
    client = Client()
    ask(client, "what", title="水管", text="漏水")
    ask(client, "purpose", purpose="claim")
    ask(client, "topic", category=CATEGORY)
    response = ask(client, "place", place="长" * 300, go="back")
    assert response.url == "/write/petition/topic/"
    assert "长" * 300 in client.get("/write/petition/place/").content.decode()
    assert 'value="水管"' in client.get("/write/petition/what/").content.decode()


def test_a_question_cannot_be_jumped_over(county: County) -> None:
    client = Client()
    assert client.get("/write/petition/contact/").url == "/write/petition/what/"
    ask(client, "what", title="水管", text="漏水")
    assert client.get("/write/petition/check/").url == "/write/petition/purpose/"
    assert client.post("/write/petition/check/").url == "/write/petition/purpose/"


HOSTILE = [
    ("what", {"title": "", "text": "漏水"}, "Please fill this in."),
    ("what", {"title": "长" * 61, "text": "漏水"}, "at most 60 characters, now 61"),
    ("what", {"title": "\u200b\u202e ", "text": "漏水"}, "Please fill this in."),
    ("what", {"title": "水管漏水", "text": "\x00\x07"}, "Please fill this in."),
    ("purpose", {"purpose": "revenge"}, "Please choose one of the answers."),
    ("purpose", {}, "Please choose one of the answers."),
]


def in_english() -> Client:
    """A browser that reads English, so that a test can name a sentence."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize(("question", "data", "sentence"), HOSTILE)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    county: County, question: str, data: dict[str, str], sentence: str
) -> None:
    client = in_english()
    if question != "what":
        ask(client, "what", title="水管", text="漏水")
    response = ask(client, question, **data)
    page = response.content.decode()
    assert (response.status_code, sentence in page) == (422, True)
    typed = [value for key, value in data.items() if key != "purpose" and value.isprintable()]
    assert [value for value in typed if value not in page] == []


def test_script_in_the_text_is_only_text(county: County) -> None:
    client = Client()
    script = "<script>alert(1)</script>"
    write_all(client, county, what={"title": script, "text": f"{script}\n{{{{ 7|add:7 }}}}"})
    assert script not in client.get("/write/petition/check/").content.decode()
    code = hand_in(client)
    page = client.get(f"/r/{code}/").content.decode()
    assert script not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("virus.jpg", b"MZ\x00\x01\x02" * 50, "virus.jpg"),
        ("leer.png", b"", "leer.png"),
        ("gross.png", PNG + b"\x00" * (10 * 1024 * 1024), "gross.png"),
    ],
)
def test_a_file_of_the_wrong_kind_or_size_is_refused_beside_its_field_and_the_good_one_stays(
    county: County, name: str, content: bytes, sentence: str
) -> None:
    client = Client()
    write_all(client, county, files=None, signing=None, contact=None, letters=None)
    good = SimpleUploadedFile("good.png", PNG)
    response = ask(client, "files", added=[good, SimpleUploadedFile(name, content)], go="next")
    page = response.content.decode()
    assert response.status_code == 422
    assert (f"{sentence}: " in page, "good.png" in page) == (True, True)
    assert Draft.objects.get().files.count() == 1


def test_at_most_nine_files_go_along_and_one_can_be_taken_out(county: County) -> None:
    client = Client()
    write_all(client, county, files=None, signing=None, contact=None, letters=None)
    many = [SimpleUploadedFile(f"{number}.png", PNG + bytes([number])) for number in range(11)]
    assert ask(client, "files", added=many, go="next").status_code == 422
    draft = Draft.objects.get()
    assert draft.files.count() == 9
    ask(client, "files", remove=draft.files.all()[0].pk)
    assert [file.name for file in draft.files.all()] == [f"{number}.png" for number in range(1, 9)]


def test_handing_in_twice_counts_once_and_shows_the_same_receipt(county: County) -> None:
    client = Client()
    write_all(client, county)
    first, second = hand_in(client), hand_in(client)
    assert first == second
    assert the_case().journal_length == 1


def test_the_draft_is_emptied_and_the_code_leaves_the_machine_when_it_was_noted(county: County) -> None:
    client = Client()
    write_all(client, county)
    code = hand_in(client)
    draft = Draft.objects.get()
    assert (draft.data, draft.files.count()) == ({}, 0)
    assert code.encode() not in bytes(draft.sealed or b"")
    assert client.post("/write/petition/noted/").url == f"/r/{code}/"
    assert not Draft.objects.exists()
    assert client.get("/write/petition/done/").url == "/write/petition/"


def test_a_draft_opens_only_with_its_own_cookie(county: County) -> None:
    writer, other = Client(), Client()
    ask(writer, "what", title="井盖丢失", text="路口")
    assert "井盖丢失" not in other.get("/write/petition/what/").content.decode()
    other.cookies["draft-petition"] = "forged"
    assert other.get("/write/petition/purpose/").url == "/write/petition/what/"


def test_more_messages_than_one_person_can_send_wait_politely(county: County) -> None:
    for _ in range(20):
        client = Client()
        write_all(client, county)
        hand_in(client)
    client = Client()
    write_all(client, county)
    response = client.post("/write/petition/check/")
    assert (response.status_code, "请稍后再试" in response.content.decode()) == (429, True)
    with acting_as_system():
        assert Case.objects.count() == 20
    assert Draft.objects.exclude(data={}).count() == 1


def test_a_machine_that_fills_in_every_field_is_stopped(county: County) -> None:
    client = Client()
    write_all(client, county)
    assert client.post("/write/petition/check/", {"website": "http://spam"}).status_code == 422
    with acting_as_system():
        assert Case.objects.count() == 0


def test_without_a_name_no_name_is_asked_for_or_kept(county: County) -> None:
    client = Client()
    write_all(client, county, signing={"signing": "anonymous"}, contact=None, letters=None)
    hand_in(client)
    with acting_as_system():
        party = Party.objects.get()
    assert (party.name, party.phone, party.is_anonymous) == ("", "", True)
    assert the_case().facts == {"signing": "anonymous", "electronic_service": False}


def test_whoever_changes_the_purpose_or_the_signing_is_taken_at_their_last_word(county: County) -> None:
    client = Client()
    accused = {"accused_unit": county.unit("office").pk, "accused_name": ""}
    write_all(client, county, purpose={"purpose": "accusation"}, accused=accused)
    ask(client, "purpose", purpose="claim")
    assert ask(client, "signing", signing="anonymous").url == "/write/petition/check/"
    hand_in(client)
    case = the_case()
    assert (case.root_unit_id, case.excluded_units) == (county.unit("office").pk, [])
    assert case.facts == {"signing": "anonymous", "electronic_service": False}
    with acting_as_system():
        assert list(Party.objects.values_list("name", "is_anonymous")) == [("", True)]


def test_the_as_you_type_field_asks_the_page_that_answers(county: County) -> None:
    assert reverse("petitions:topics") == TOPICS_URL
    page = Client().get(TOPICS_URL, {"q": "水管"}).content.decode()
    assert f'data-value="{CATEGORY}"' in page
    assert "<script" not in Client().get(TOPICS_URL, {"q": "<script>"}).content.decode()
