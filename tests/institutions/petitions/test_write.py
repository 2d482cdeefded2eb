"""The public form from the first question to the receipt, by people without an account or a script."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.builders import County, a_county

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
