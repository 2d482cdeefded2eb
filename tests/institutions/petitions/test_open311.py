"""Petitions that came through Open311, seen by the office and by an independent client."""

import re
from datetime import timedelta

import pytest
import requests
from django.test import Client
from django.utils import timezone
from georeport import GeoReport

from tests.architecture.world import BACKEND
from tests.builders import NOON, County, a_county, moved
from tests.conftest import Site
from tests.open311 import a_code, a_key, a_request, told
from yiwang.institutions.petitions.actions import import_categories
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.audit.models import Entry
from yiwang.kernel.casework.models import Case, JournalEntry, Party
from yiwang.kernel.channels.open311.offers import Refused


@pytest.fixture
def county(db: None) -> County:
    """A county with a petition office."""
    with acting_as_system():
        return a_county()


def registered(**changes: str) -> Case:
    """The case that a request became."""
    with acting_as_system():
        return Case.objects.get(pk=a_request(a_key(), **changes).report.case_id)


def test_a_request_is_a_petition_with_clock_and_receipt(county: County) -> None:
    case = registered(description="井盖旁水管漏水\n已有三天")
    assert (case.type_key, case.state, case.title) == ("petition", "registered", "井盖旁水管漏水")
    assert (case.category, case.purpose, case.channel) == ("市政与公用事业/供水/水管漏水", "claim", "web")
    assert (case.root_unit_id, case.due_clock) == (county.unit("office").pk, "registration")
    assert case.receipt_digest is not None
    assert case.text == (
        "井盖旁水管漏水\n已有三天\n\n位置（WGS84）：36.123456，117.654321\n\n"
        "图片（网址未经查看）：https://pictures.example.org/1.jpg"
    )
    with acting_as_system():
        [party] = Party.objects.filter(case=case)
        assert (party.name, party.phone, party.address) == ("欧阳建华", "13900000000", "ouyang@example.org")
        entry = JournalEntry.objects.get(case=case)
    assert (entry.verb, entry.account_id) == ("register", None)


def test_the_receipt_in_the_notice_opens_the_matter(county: County) -> None:
    received = a_request(a_key())
    address = re.search(r"/[\w/-]+/", received.notice)
    assert address is not None
    page = Client().get(address[0])
    with acting_as_system():
        assert Case.objects.get(pk=received.report.case_id).number in page.content.decode()


def test_without_a_name_it_is_anonymous(county: County) -> None:
    case = registered(first_name="", last_name="", phone="", email="")
    assert case.facts["signing"] == "anonymous"
    with acting_as_system():
        [party] = Party.objects.filter(case=case)
    assert (party.name, party.is_anonymous) == ("", True)


def test_without_words_the_class_speaks(county: County) -> None:
    case = registered(description="", media_url="", lat="", long="")
    assert (case.title, case.text) == ("供水 / 水管漏水", "（未填写内容；类别为供水 / 水管漏水。）")


def test_a_long_beginning_is_shortened(county: County) -> None:
    assert registered(description="漏" * 60).title == "漏" * 39 + "…"


def test_a_class_that_is_no_longer_used_can_t_be_asked_for(county: County) -> None:
    code = a_code()
    import_categories(['{"level1": "农业", "level2": "水利", "level3": "渠道"}'])
    with pytest.raises(Refused) as caught:
        a_request(a_key(), service_code=code)
    assert caught.value.status == 404


def test_without_an_office_it_is_said(db: None) -> None:
    with pytest.raises(Refused, match="No office takes messages in at the moment."):
        a_request(a_key())


def test_nothing_is_added_to_what_is_over(county: County) -> None:
    key = a_key()
    report = a_request(key).report
    head, day = county.standing("office.head"), timedelta(days=1)
    moved(report.case_id, "decline", by=head, at=NOON + day, reasons="另有程序", route="法院")
    sent = {"api_key": key.words, "service_request_id": str(report.case_id), "description": "还有一处"}
    answer = Client().post("/open311/v2/servicerequestupdates.json", sent)
    assert (answer.status_code, answer.json()[0]["description"]) == (400, "此事项已不能再补充。")


def test_the_office_takes_words_and_then_all_of_it_off_the_lists(county: County) -> None:
    report = a_request(
        a_key(at=timezone.now()), at=timezone.now(), **{"attribute[publication]": "text"}
    ).report
    clerk, elsewhere = Client(), Client()
    clerk.force_login(county.accounts["office.clerk"], backend=BACKEND)
    elsewhere.force_login(county.accounts["water.clerk"], backend=BACKEND)
    address = f"/open311/cases/{report.case_id}/"
    assert report.text in clerk.get(address).content.decode()
    assert address in clerk.get(f"/cases/{report.case_id}/").content.decode()
    assert elsewhere.post(address, {"what": "all"}).status_code == 404
    listed = "/open311/v2/requests.json"
    assert [row["description"] for row in Client().get(listed).json()] == [report.text]
    clerk.post(address, {"what": "words"})
    [row] = Client().get(listed).json()
    assert (row["description"], row["address"], row["media_url"]) == (None, None, None)
    clerk.post(address, {"what": "all"})
    assert Client().get(listed).json() == []
    deeds = Entry.objects.filter(action__startswith="public_report").order_by("pk")
    assert [(deed.action, deed.actor, deed.subject_id) for deed in deeds] == [
        (f"public_report.{what}", county.accounts["office.clerk"].pk, report.case_id)
        for what in ("words_concealed", "hidden")
    ]


@pytest.mark.server
@pytest.mark.parametrize("form", ["json", "xml"])
def test_an_independent_client_reads_what_we_serve(form: str, live_site: Site) -> None:
    """`georeport` knows nothing of this house; it only reads, so the requests are sent as curl would."""
    with acting_as_system():
        a_county()
    key = a_key(at=timezone.now())
    root = live_site.address("/open311/v2")
    sent = [told(key, **{"attribute[publication]": wish}) for wish in ("text", "status")]
    numbers = []
    for each in sent:
        answer = requests.post(f"{root}/requests.json", data=each, timeout=30)
        answer.raise_for_status()
        numbers.append(answer.json()[0]["service_request_id"])
    client = GeoReport(root, jurisdiction="yunchuan.example", output_format=form)
    service = next(one for one in client.get_service_list() if one["service_code"] == a_code())
    assert (service["service_name"], service["type"]) == ("供水 / 水管漏水", "realtime")
    definition = client.get_service_definition(a_code())
    assert definition["service_code"] == a_code()
    newest, oldest = client.get_service_requests(status="open")
    assert [newest["service_request_id"], oldest["service_request_id"]] == numbers[::-1]
    assert [newest["description"], oldest["description"]] == [None, sent[0]["description"]]
    assert client.get_service_request(numbers[0]) == oldest
    assert float(newest["lat"]) == 36.123
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_request("0")
