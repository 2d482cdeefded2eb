"""The addresses of GeoReport v2, asked as a program asks them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.builders import County, a_county, moved
from tests.open311 import a_code, a_key, a_request, told
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.audit.models import Entry
from yiwang.kernel.base.config import installation
from yiwang.kernel.casework.models import Case
from yiwang.kernel.channels.models import Attempt, Report
from yiwang.kernel.channels.open311 import offers, pages
from yiwang.kernel.channels.open311.actions import IssuedKey, withdraw_key
from yiwang.kernel.channels.open311.offers import Accepted, Attribute, Datatype, Pace, Service, Submission

pytestmark = pytest.mark.django_db
V2 = "/open311/v2"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def county(db: None) -> County:
    """A county with a petition office."""
    with acting_as_system():
        return a_county()


@pytest.fixture
def key(county: County) -> IssuedKey:
    """A key in force now."""
    return a_key(at=timezone.now())


@pytest.fixture
def browser() -> Client:
    """A program: without cookies, and with the protection of forms on."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN"})


def tree(response: HttpResponse) -> ElementTree.Element:
    """The XML of an answer."""
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert response.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    return ElementTree.fromstring(response.content)


def rows(response: HttpResponse) -> Any:
    """The JSON of an answer."""
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(response.content)


def refusal(response: HttpResponse) -> tuple[int, int, str]:
    """Status, code and sentence of an error document in JSON."""
    [error] = rows(response)
    return response.status_code, error["code"], error["description"]


def now() -> datetime:
    """This moment, to the second, as answers show it."""
    return timezone.now().replace(microsecond=0)


REQUEST_NAMES = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]
"""What the specification names for a request, in its order."""


def test_the_list_of_services(browser: Client, county: County) -> None:
    document = tree(browser.get(f"{V2}/services.xml"))
    listed = rows(browser.get(f"{V2}/services.json"))
    names = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
    assert (document.tag, {service.tag for service in document}) == ("services", {"service"})
    assert [[element.tag for element in service] for service in document] == [names] * len(listed)
    assert [list(service) for service in listed] == [names] * len(listed)
    pipe = next(service for service in listed if service["service_code"] == a_code())
    assert pipe == {
        "service_code": a_code(),
        "service_name": "供水 / 水管漏水",
        "description": "市政与公用事业 / 供水 / 水管漏水",
        "metadata": True,
        "type": "realtime",
        "keywords": "市政与公用事业,供水,水管漏水",
        "group": "市政与公用事业",
    }
    assert {service.findtext("metadata") for service in document} == {"true"}


def test_the_definition_of_a_service(browser: Client, county: County) -> None:
    [attribute] = rows(browser.get(f"{V2}/services/{a_code()}.json"))["attributes"]
    assert list(attribute) == [
        "variable",
        "code",
        "datatype",
        "required",
        "datatype_description",
        "order",
        "description",
        "values",
    ]
    assert (attribute["code"], attribute["datatype"], attribute["order"]) == (
        "publication",
        "singlevaluelist",
        1,
    )
    document = tree(browser.get(f"{V2}/services/{a_code()}.xml"))
    assert (document.tag, document.findtext("service_code")) == ("service_definition", a_code())
    assert [value.findtext("key") for value in document.findall("attributes/attribute/values/value")] == [
        "status",
        "text",
        "none",
    ]


@pytest.mark.parametrize("code", ["petitions-999999", "petitions-x", "nothing", "moon-1"])
def test_an_unknown_service_isn_t_there(code: str, browser: Client, county: County) -> None:
    assert refusal(browser.get(f"{V2}/services/{code}.json")) == (404, 404, f"没有代码为 {code} 的服务。")
    document = tree(browser.get(f"{V2}/services/{code}.xml"))
    assert (document.tag, document.findtext("error/code")) == ("errors", "404")


def test_a_request_is_registered_and_shown(browser: Client, key: IssuedKey) -> None:
    sent_at = now()
    sent = told(key, **{"attribute[publication]": "text"})
    document = tree(browser.post(f"{V2}/requests.xml", sent))
    assert (document.tag, [element.tag for element in document]) == ("service_requests", ["request"])
    assert [element.tag for element in document[0]] == ["service_request_id", "service_notice", "account_id"]
    number = document.findtext("request/service_request_id")
    with acting_as_system():
        case = Case.objects.select_related("holder_unit").get(pk=number)
    assert case.number in (document.findtext("request/service_notice") or "")
    [row] = rows(browser.get(f"{V2}/requests/{number}.json"))
    assert list(row) == REQUEST_NAMES
    requested = datetime.fromisoformat(row.pop("requested_datetime"))
    updated = datetime.fromisoformat(row.pop("updated_datetime"))
    assert sent_at <= requested <= updated <= now()
    assert requested.utcoffset() == timedelta(hours=8)
    expected = datetime.fromisoformat(row.pop("expected_datetime"))
    assert (expected - requested).days == 15
    assert row == {
        "service_request_id": number,
        "status": "open",
        "status_notes": "已登记，信访部门正在确定办理单位",
        "service_name": "供水 / 水管漏水",
        "service_code": a_code(),
        "description": sent["description"],
        "agency_responsible": "信访局",
        "service_notice": None,
        "address": sent["address_string"],
        "address_id": None,
        "zipcode": None,
        "lat": 36.123,
        "long": 117.654,
        "media_url": sent["media_url"],
    }


def test_both_formats_say_the_same(browser: Client, key: IssuedKey) -> None:
    for _ in range(2):
        a_request(key, at=timezone.now())
    as_json = rows(browser.get(f"{V2}/requests.json"))
    document = tree(browser.get(f"{V2}/requests.xml"))
    assert document.tag == "service_requests"
    as_xml = [{element.tag: element.text for element in one} for one in document]
    assert as_xml == [
        {name: None if value is None else str(value) for name, value in row.items()} for row in as_json
    ]
    assert len(as_json) == 2


def test_nothing_of_a_person_is_public_unless_they_ask(browser: Client, key: IssuedKey) -> None:
    sent = told(key)
    assert browser.post(f"{V2}/requests.json", sent).status_code == 200
    for address in ("requests.json", "requests.xml", "servicerequestupdates.xml"):
        body = browser.get(f"{V2}/{address}").content.decode()
        assert "水管漏水" in body or "登记" in body
        secrets = (
            "欧阳",
            "139",
            "ouyang",
            "幸福路",
            "36.1234",
            "117.6543",
            "pictures.example",
            sent["description"],
        )
        assert [word for word in secrets if word in body] == []


def test_a_key_that_may_not_publish_words_doesn_t(browser: Client, county: County) -> None:
    key = a_key(at=timezone.now(), may_publish_text=False)
    a_request(key, at=timezone.now(), **{"attribute[publication]": "text"})
    [row] = rows(browser.get(f"{V2}/requests.json"))
    assert (row["description"], row["address"], row["media_url"]) == (None, None, None)


def test_what_is_to_stay_hidden_isn_t_there(browser: Client, key: IssuedKey) -> None:
    hidden = a_request(key, at=timezone.now(), **{"attribute[publication]": "none"}).report
    assert rows(browser.get(f"{V2}/requests.json")) == []
    assert browser.get(f"{V2}/requests/{hidden.case_id}.json").status_code == 404
    assert rows(browser.get(f"{V2}/servicerequestupdates.json")) == []


@pytest.mark.parametrize("column", ["is_confidential", "excluded_units"])
def test_what_is_confidential_vanishes_from_the_lists(
    column: str, browser: Client, key: IssuedKey, county: County
) -> None:
    report = a_request(key, at=timezone.now()).report
    assert len(rows(browser.get(f"{V2}/requests.json"))) == 1
    with acting_as_system():
        value = True if column == "is_confidential" else [county.unit("water").pk]
        Case.objects.filter(pk=report.case_id).update(**{column: value})
    assert rows(browser.get(f"{V2}/requests.json")) == []
    assert rows(browser.get(f"{V2}/servicerequestupdates.json")) == []
    assert browser.get(f"{V2}/requests/{report.case_id}.xml").status_code == 404


def test_filters(browser: Client, key: IssuedKey, county: County) -> None:
    today = timezone.now()
    old = a_request(key, at=today - timedelta(days=100)).report.case_id
    road = "市政与公用事业/市政设施/道路破损"
    hole = a_request(key, at=today - timedelta(days=2), service_code=a_code(road)).report.case_id
    pipe = a_request(key, at=today - timedelta(days=1)).report.case_id
    declined = {"reasons": "另有程序", "route": "法院"}
    moved(hole, "decline", by=county.standing("office.head"), at=today - timedelta(days=1), **declined)

    def found(**asked: object) -> list[int]:
        return [int(row["service_request_id"]) for row in rows(browser.get(f"{V2}/requests.json", asked))]

    assert found() == [pipe, hole]
    assert found(status="open") == [pipe]
    assert found(status="closed") == [hole]
    assert found(status="open,closed") == [pipe, hole]
    assert found(service_code=a_code()) == [pipe]
    assert found(service_code=f"{a_code()},{a_code(road)}") == [pipe, hole]
    assert found(service_code="petitions-0") == []
    assert found(service_request_id=f"{old},{pipe}", status="closed") == [pipe, old]
    assert found(start_date=(today - timedelta(days=101)).isoformat()) == [old]
    assert found(end_date=(today - timedelta(days=99)).isoformat()) == [old]
    assert found(page_size=1) == [pipe]
    assert found(page_size=1, page=2) == [hole]
    assert found(page_size=1, page=3) == []
    [row] = rows(browser.get(f"{V2}/requests/{hole}.json"))
    assert (row["status"], row["expected_datetime"]) == ("closed", None)


def test_updates_follow_the_procedure(browser: Client, key: IssuedKey, county: County) -> None:
    at = now() - timedelta(hours=3)
    report = a_request(key, at=at).report
    hour, water = timedelta(hours=1), county.unit("water").pk
    moved(report.case_id, "forward", by=county.standing("office.clerk"), at=at + hour, unit_id=water)
    moved(report.case_id, "accept", by=county.standing("water.clerk"), at=at + 2 * hour)
    found = rows(browser.get(f"{V2}/servicerequestupdates.json"))
    assert found == [
        {
            "update_id": f"{report.case_id}-{number}",
            "service_request_id": str(report.case_id),
            "status": "open",
            "updated_datetime": timezone.localtime(at + passed).isoformat(timespec="seconds"),
            "description": words,
            "media_url": None,
        }
        for number, passed, words in (
            (1, 0 * hour, "已登记，信访部门正在确定办理单位"),
            (2, hour, "已转给负责办理的单位"),
            (3, 2 * hour, "已受理，正在办理"),
        )
    ]
    document = tree(browser.get(f"{V2}/servicerequestupdates.xml", {"start_date": (at + hour).isoformat()}))
    assert (document.tag, {one.tag for one in document}) == ("service_request_updates", {"request_update"})
    assert [one.findtext("update_id") for one in document] == [f"{report.case_id}-2", f"{report.case_id}-3"]
    assert rows(browser.get(f"{V2}/servicerequestupdates.json", {"service_request_id": "0"})) == []


def test_the_sender_adds_something_once(browser: Client, key: IssuedKey, county: County) -> None:
    report = a_request(key, at=timezone.now()).report
    sent = {
        "api_key": key.words,
        "service_request_id": report.case_id,
        "update_id": "77",
        "description": "又漏了一处",
        "updated_datetime": "2026-11-23T12:00:00+08:00",
        "status": "OPEN",
    }
    first = tree(browser.post(f"{V2}/servicerequestupdates.xml", sent))
    again = tree(browser.post(f"{V2}/servicerequestupdates.xml", sent))
    assert first.findtext("request_update/update_id") == f"{report.case_id}-2"
    assert again.findtext("request_update/update_id") == f"{report.case_id}-2"
    other = a_key(at=timezone.now())
    answer = browser.post(f"{V2}/servicerequestupdates.json", {**sent, "api_key": other.words})
    assert refusal(answer)[:2] == (404, 404)
    for wrong in ({"description": ""}, {"description": "水" * 4001}):
        assert refusal(browser.post(f"{V2}/servicerequestupdates.json", {**sent, **wrong}))[:2] == (400, 400)
    assert "又漏了一处" not in browser.get(f"{V2}/servicerequestupdates.json").content.decode()


def test_the_key_is_asked_first(browser: Client, key: IssuedKey) -> None:
    assert refusal(browser.post(f"{V2}/requests.json", {})) == (403, 403, "缺少 api_key。")
    sent = {**told(key), "api_key": "wrong"}
    assert refusal(browser.post(f"{V2}/requests.json", sent)) == (403, 403, "此 api_key 无效。")
    withdraw_key(key.key.pk, at=timezone.now())
    assert refusal(browser.post(f"{V2}/requests.json", told(key)))[0] == 403
    assert list(Entry.objects.filter(action__startswith="api_key").values_list("action", flat=True)) == [
        "api_key.issued",
        "api_key.withdrawn",
    ]
    assert Report.objects.count() == 0


def test_a_key_runs_out(browser: Client, county: County) -> None:
    made = timezone.now() - timedelta(days=2)
    key = a_key(at=made, valid_until_at=made + timedelta(days=1))
    assert refusal(browser.post(f"{V2}/requests.json", told(key)))[0] == 403


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"service_code": ""}, 400),
        ({"service_code": "petitions-999999"}, 404),
        ({"service_code": "x" * 500}, 404),
        ({"service_code": "petitions-\x00"}, 404),
        ({"lat": "", "long": "", "address_string": ""}, 400),
        ({"lat": "<script>", "long": "1"}, 400),
        ({"description": "水" * 4001}, 400),
        ({"media_url": "file:///etc/passwd"}, 400),
        ({"attribute[publication]": "everything"}, 400),
        ({"jurisdiction_id": "", "phone": "9" * 300}, 400),
    ],
)
def test_what_can_t_be_taken_is_refused_and_leaves_nothing(
    changes: dict[str, str], status: int, browser: Client, key: IssuedKey
) -> None:
    assert refusal(browser.post(f"{V2}/requests.json", told(key, **changes)))[:2] == (status, status)
    document = browser.post(f"{V2}/requests.xml", told(key, **changes))
    assert (document.status_code, tree(document).findtext("error/code")) == (status, str(status))
    assert (Report.objects.count(), Attempt.objects.filter(kind="open311").count()) == (0, 0)


HOSTILE = "</description><script>alert(1)</script>]]>&amp;<!DOCTYPE x>\x08\u202e'\";--"


def test_script_stays_text(browser: Client, key: IssuedKey) -> None:
    sent = told(key, description=HOSTILE, address_string=HOSTILE, **{"attribute[publication]": "text"})
    number = tree(browser.post(f"{V2}/requests.xml", sent)).findtext("request/service_request_id")
    cleaned = "</description><script>alert(1)</script>]]>&amp;<!DOCTYPE x>'\";--"
    answer = browser.get(f"{V2}/requests/{number}.xml")
    assert b"<script" not in answer.content
    assert (answer["X-Content-Type-Options"], tree(answer).findtext("request/description")) == (
        "nosniff",
        cleaned,
    )
    assert [row["description"] for row in rows(browser.get(f"{V2}/requests/{number}.json"))] == [cleaned]


def test_a_body_that_is_too_large_or_can_t_be_read_is_refused(browser: Client, key: IssuedKey) -> None:
    form = "application/x-www-form-urlencoded"
    for body, kind in (
        ("api_key=" + "x" * 300_000, form),
        ("&".join(f"a{n}=1" for n in range(2001)), form),
        ("api_key=x", f"{form}; charset=gbk"),
    ):
        answer = browser.post(f"{V2}/requests.json", body, content_type=kind)
        assert refusal(answer)[:2] == (400, 400), kind
    answer = browser.post(f"{V2}/requests.json", json.dumps(told(key)), content_type="application/json")
    assert refusal(answer)[:2] == (403, 403)


def test_the_same_request_sent_again_is_the_same(browser: Client, key: IssuedKey) -> None:
    sent = told(key)
    first, again = (rows(browser.post(f"{V2}/requests.json", sent))[0] for _ in range(2))
    assert first["service_request_id"] == again["service_request_id"]
    assert again["service_notice"] is None
    assert Report.objects.count() == 1


def test_a_key_may_send_only_so_much(browser: Client, county: County) -> None:
    key = a_key(at=timezone.now(), per_hour=2)
    statuses = [browser.post(f"{V2}/requests.json", told(key)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert Report.objects.count() == 2


def test_an_address_may_ask_only_so_much(
    browser: Client, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_A_MINUTE", 2)
    answers = [browser.get(f"{V2}/requests.json") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"


def told_installation(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Settings of an installation as the pages see them."""
    changed = replace(installation(), **changes)
    monkeypatch.setattr(pages, "installation", lambda: changed)


def test_another_jurisdiction_is_refused(
    browser: Client, key: IssuedKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"jurisdiction_id": "elsewhere.example"}
    assert browser.get(f"{V2}/services.json", asked).status_code == 200
    told_installation(monkeypatch, jurisdiction_id="yunchuan.example")
    assert refusal(browser.get(f"{V2}/services.json", asked))[:2] == (404, 404)
    assert refusal(browser.post(f"{V2}/requests.json", told(key, **asked)))[:2] == (404, 404)
    for good in ({}, {"jurisdiction_id": "yunchuan.example"}, {"jurisdiction_id": ""}):
        assert browser.get(f"{V2}/services.json", good).status_code == 200


@pytest.mark.parametrize(
    ("origins", "asked", "allowed"),
    [
        ((), "https://map.example", None),
        (("https://map.example",), "https://map.example", "https://map.example"),
        (("https://map.example",), "https://evil.example", None),
        (("*",), "https://evil.example", "*"),
    ],
)
def test_pages_of_other_sites_read_only_where_they_are_named(
    origins: tuple[str, ...],
    asked: str,
    allowed: str | None,
    browser: Client,
    county: County,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told_installation(monkeypatch, open311_origins=origins)
    answer = browser.get(f"{V2}/requests.json", headers={"Origin": asked})
    assert answer.headers.get("Access-Control-Allow-Origin") == allowed
    assert "Access-Control-Allow-Credentials" not in answer


def test_the_discovery_document(browser: Client, county: County) -> None:
    found = rows(browser.get("/open311/discovery.json"))
    assert list(found) == ["changeset", "contact", "key_service", "endpoints"]
    [endpoint] = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    document = tree(browser.get("/open311/discovery.xml"))
    assert [one.text for one in document.findall("endpoints/endpoint/formats/format")] == endpoint["formats"]
    assert browser.get(f"{endpoint['url']}/services.xml").status_code == 200


class Lamps:
    """Another institution, which numbers its requests later."""

    key = "lamps"

    def __init__(self, county: County, pace: Pace) -> None:
        self.county, self.pace = county, pace

    def services(self) -> list[Service]:
        return [
            Service("lamps-1", "路灯不亮", pace=self.pace),
            Service("lamps-2", "家中灯不亮", is_private=True),
        ]

    def attributes(self, code: str) -> list[Attribute]:
        return [Attribute("POLE", Datatype.STRING, "杆号", is_required=True)]

    def submit(self, submission: Submission, *, service: Service, at: datetime) -> Accepted:
        petitions = offers.provider_of("petitions-1")
        [petition] = [one for one in petitions.services() if one.code == a_code()]
        return Accepted(petitions.submit(submission, service=petition, at=at).case)

    def supplement(self, case_id: int, *, text: str, request_key: str, at: datetime) -> int:
        raise offers.Refused(400, "%(name)s", name="no")


@pytest.fixture
def lamps(county: County, request: pytest.FixtureRequest) -> Iterator[Lamps]:
    """The lamps on offer for one test."""
    lamps = offers.offer(Lamps(county, request.param))
    yield lamps
    offers.withdraw("lamps")


@pytest.mark.parametrize("lamps", [Pace.BATCH], indirect=True)
def test_a_token_leads_to_the_number(lamps: Lamps, browser: Client, key: IssuedKey) -> None:
    sent = told(key, service_code="lamps-1", **{"attribute[POLE]": "7"})
    [row] = rows(browser.post(f"{V2}/requests.json", sent))
    assert sorted(row) == ["account_id", "service_notice", "token"]
    document = tree(browser.get(f"{V2}/tokens/{row['token']}.xml"))
    report = Report.objects.get()
    assert {one.tag: one.text for one in document[0]} == {
        "service_request_id": str(report.case_id),
        "token": row["token"],
    }
    assert refusal(browser.get(f"{V2}/tokens/{'0' * 32}.json"))[:2] == (404, 404)


@pytest.mark.parametrize("lamps", [Pace.BLACKBOX], indirect=True)
def test_a_blackbox_gives_no_number_and_shows_nothing(lamps: Lamps, browser: Client, key: IssuedKey) -> None:
    sent = told(key, service_code="lamps-1", **{"attribute[POLE]": "7"})
    [row] = rows(browser.post(f"{V2}/requests.json", sent))
    assert sorted(row) == ["account_id", "service_notice"]
    assert rows(browser.get(f"{V2}/requests.json")) == []


@pytest.mark.parametrize("lamps", [Pace.REALTIME], indirect=True)
def test_a_needed_field_of_a_service(lamps: Lamps, browser: Client, key: IssuedKey) -> None:
    definition = rows(browser.get(f"{V2}/services/lamps-1.json"))
    assert [(one["code"], one["required"], one["order"]) for one in definition["attributes"]] == [
        ("POLE", True, 1),
        ("publication", False, 2),
    ]
    assert refusal(browser.post(f"{V2}/requests.json", told(key, service_code="lamps-1"))) == (
        400,
        400,
        "须填写 attribute[POLE]。",
    )


@pytest.mark.parametrize("lamps", [Pace.REALTIME], indirect=True)
def test_what_concerns_a_home_is_public_only_for_who_asks(
    lamps: Lamps, browser: Client, key: IssuedKey
) -> None:
    field = {"service_code": "lamps-2", "attribute[POLE]": "7"}
    a_request(key, at=timezone.now(), **field)
    asked = a_request(key, at=timezone.now(), **field, **{"attribute[publication]": "status"}).report
    listed = rows(browser.get(f"{V2}/requests.json"))
    assert [row["service_request_id"] for row in listed] == [str(asked.case_id)]
    definition = rows(browser.get(f"{V2}/services/lamps-2.json"))
    assert definition["attributes"][1]["datatype_description"] == "不填则都不公开。"
