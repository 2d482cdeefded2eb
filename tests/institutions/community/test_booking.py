"""Booking without an account or a script, and what a resident does with the receipt."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import NOON
from tests.institutions.community.builders import (
    Scene,
    a_scene,
    assigned_order,
    fresh,
    job_of,
    offer_of,
    verbs,
)
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.institutions.community.forms import WhenForm
from yiwang.institutions.community.models import Order
from yiwang.institutions.community.queries import offered
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case, Party
from yiwang.kernel.channels import messages

pytestmark = pytest.mark.django_db
BACKEND = "yiwang.kernel.people.backends.AccountBackend"


def test_after_the_last_window_the_first_day_offered_is_tomorrow(scene: Scene) -> None:
    version = offered(on=NOON.date()).get(name="水龙头更换")
    place = scene.county.unit("nanguan").pk

    def first(at: datetime) -> tuple[str, str]:
        form = WhenForm(version=version, place_unit_id=place, at=at)
        return form.fields["day"].choices[0][0], form.fields["begin"].initial  # type: ignore[attr-defined]

    assert first(NOON) == ("2026-11-23", "12:00")
    assert first(NOON + timedelta(hours=8)) == ("2026-11-24", "08:00")


class Remembering:
    """A gateway that remembers what it was given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, number: str, words: str, *, at: object) -> None:
        self.sent.append((number, words))


@pytest.fixture
def scene() -> Scene:
    cache.clear()
    return a_scene()


@pytest.fixture
def gateway():
    sender = Remembering()
    messages.use(sender)
    yield sender
    messages.use(None)


def begun(client: Client, *, name: str = "水龙头更换", quantity: int = 1) -> str:
    code = offered(on=timezone.localdate()).get(name=name).item.code
    answer = client.post(f"/community/services/{code}/book/", {"quantity": quantity})
    assert answer["Location"] == "/community/book/place/"
    return code


def answered(client: Client, scene: Scene, *, phone: str = "13900007777") -> None:
    """The questions up to the contact, which is sent once."""
    place = {"place_unit": scene.county.unit("nanguan").pk, "address": "南关社区3号楼"}
    assert client.post("/community/book/place/", place)["Location"] == "/community/book/when/"
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    when = {"day": day, "begin": "10:00"}
    assert client.post("/community/book/when/", when)["Location"] == "/community/book/contact/"
    client.post("/community/book/contact/", contact(phone))


def contact(phone: str = "13900007777") -> dict[str, str]:
    return {"name": "闻春生", "phone": phone, "text": "龙头滴水", "go": "send"}


def code_in(gateway: Remembering) -> str:
    found = re.search(r"\d{6}", gateway.sent[-1][1])
    assert found
    return found[0]


def booked(client: Client, scene: Scene, gateway: Remembering, **told: str) -> tuple[Case, str, str]:
    """A booking to its end; the case, the receipt's code and the PIN that the page shows."""
    begun(client)
    answered(client, scene, **told)
    client.post("/community/book/contact/", {**contact(**told), "go": "code", "code": code_in(gateway)})
    answer = client.post("/community/book/check/", {"is_another": "on"})
    assert answer["Location"] == "/community/book/done/"
    page = client.get("/community/book/done/").content.decode()
    codes = re.findall(r'<strong class="code">([^<]+)</strong>', page)
    with acting_as_system():
        case = Case.objects.order_by("-pk")[0]
    return case, codes[0], codes[1]


def test_a_code_confirms_the_telephone_and_the_order_at_once(scene: Scene, gateway: Remembering) -> None:
    case, _code, _pin = booked(Client(), scene, gateway)
    assert (fresh(case).state, case.category) == ("verified", "水暖维修/水龙头更换")
    assert gateway.sent[0][0] == "13900007777"
    with acting_as_system():
        party = Party.objects.get(case=case)
    assert (party.name, party.address) == ("闻春生", "南关社区3号楼")
    assert job_of(case).skill == "plumbing"


def test_without_a_gateway_the_centre_must_verify(scene: Scene) -> None:
    client = Client()
    begun(client)
    answered(client, scene)
    assert client.post("/community/book/check/")["Location"] == "/community/book/done/"
    with acting_as_system():
        case = Case.objects.get(type_key="community_order")
    assert case.state == "registered"


def test_a_wrong_code_five_times_is_no_way_in(scene: Scene, gateway: Remembering) -> None:
    client = Client()
    begun(client)
    answered(client, scene)
    right = code_in(gateway)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _try in range(5):
        page = client.post("/community/book/contact/", {**contact(), "go": "code", "code": wrong})
        assert page.status_code == 422
    assert client.post("/community/book/contact/", {**contact(), "go": "code", "code": right}).status_code == 422  # fmt: skip
    assert client.get("/community/book/check/")["Location"] == "/community/book/contact/"


def test_one_connection_gets_five_codes_an_hour(scene: Scene, gateway: Remembering) -> None:
    client = Client()
    begun(client)
    answered(client, scene)
    for number in range(4):
        client.post("/community/book/contact/", contact(f"1390000888{number}"))
    assert client.post("/community/book/contact/", contact("13900008885")).status_code == 429
    assert len(gateway.sent) == 5


def test_the_same_again_is_asked_about_and_can_be_meant(scene: Scene, gateway: Remembering) -> None:
    first, _code, _pin = booked(Client(), scene, gateway)
    client = Client()
    begun(client)
    answered(client, scene)
    client.post("/community/book/contact/", {**contact(), "go": "code", "code": code_in(gateway)})
    assert first.number in client.get("/community/book/check/").content.decode()
    assert client.post("/community/book/check/").status_code == 422
    assert client.post("/community/book/check/", {"is_another": "on"}).status_code == 303
    assert Order.objects.count() == 2


def test_a_point_of_the_map_is_kept_in_metres(scene: Scene) -> None:
    client = Client()
    begun(client)
    place = {
        "place_unit": scene.county.unit("nanguan").pk,
        "address": "3号楼",
        "point.x": "190",
        "point.y": "90",
    }
    assert client.post("/community/book/place/", place)["Location"].endswith("#map")
    answered(client, scene)
    client.post("/community/book/check/")
    order = Order.objects.get()
    assert (order.x, order.y) == (800.0 + 40 * 5, -400.0 + 60 * 5)


def test_nobody_jumps_over_a_question(scene: Scene) -> None:
    client = Client()
    assert client.get("/community/book/check/")["Location"] == "/community/"
    begun(client)
    assert client.get("/community/book/check/")["Location"] == "/community/book/place/"


def test_the_receipt_shows_team_and_pin_once_somebody_comes(scene: Scene, gateway: Remembering) -> None:
    case, code, pin = booked(Client(), scene, gateway)
    browser = Client()
    before = browser.get(f"/r/{code}/").content.decode()
    assert f'<strong class="code">{pin}</strong>' not in before
    now = timezone.now()
    dispatch.report_position(scene.team.pk, x=500, y=0, at=now)
    with acting_as_system():
        dispatch.decide(job_of(case).pk, at=now)
    dispatch.accept(offer_of(case).pk, by=scene.worker, at=now)
    assert "已出发" not in browser.get(f"/r/{code}/").content.decode()
    assert "距您" not in browser.get(f"/r/{code}/").content.decode()
    dispatch.depart(job_of(case).pk, by=scene.worker, at=now)
    dispatch.depart(job_of(case).pk, by=scene.worker, at=now)
    coming = browser.get(f"/r/{code}/").content.decode()
    assert (verbs(case).count("depart"), "距您约500" in coming, "<svg viewBox" in coming) == (1, True, True)
    assert (f"已于{timezone.localtime(now):%H:%M}出发" in coming, len(coming.encode()) <= 30_000) == (
        True,
        True,
    )
    assert f'<strong class="code">{pin}</strong>' in coming
    assert "安居修缮公司" in coming
    dispatch.start(job_of(case).pk, data={"pin": pin}, by=scene.worker, at=now)
    dispatch.finish(job_of(case).pk, data={"price_fen": 4500}, by=scene.worker, at=now)
    asked = browser.get(f"/r/{code}/").content.decode()
    assert ("未联系上" in asked, "部分完成" in asked, "提交答复" in asked) == (False, True, True)
    nobody = browser.post(f"/r/{code}/do/call_back/", {"outcome": "unreached"})
    assert (nobody.status_code, fresh(case).state) == (422, "done")
    answer = browser.post(f"/r/{code}/do/call_back/", {"outcome": "solved", "grade_unit": "5", "grade_office": "4"})  # fmt: skip
    assert answer.status_code == 303
    done = fresh(case)
    assert (done.state, done.outcome, done.grade_unit) == ("concluded", "solved", 5)
    browser.post(f"/r/{code}/do/dispute/", {"wish": "again", "reasons": "又漏了"})
    assert fresh(case).state == "disputed"


def test_the_receipt_cancels_and_knows_no_other_verbs(scene: Scene, gateway: Remembering) -> None:
    case, code, _pin = booked(Client(), scene, gateway)
    assert Client().post(f"/r/{code}/do/archive/").status_code == 303
    assert fresh(case).state == "verified"
    assert Client().post(f"/r/{code}/do/cancel/").status_code == 303
    assert fresh(case).state == "cancelled"


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def test_photos_of_the_team_stand_on_the_receipt(scene: Scene) -> None:
    now = timezone.now()
    dispatch.report_position(scene.team.pk, x=500.0, y=0.0, at=now)
    ordered = assigned_order(scene, at=now)
    job = job_of(ordered.case)
    dispatch.start(job.pk, data={"pin": ordered.pin}, by=scene.worker, at=now)
    client = Client()
    client.force_login(scene.county.accounts["company.worker"], backend=BACKEND)
    photo = SimpleUploadedFile("换好的龙头.png", PNG, content_type="image/png")
    sent = {"key": str(uuid4()), "price": "40", "photos": photo}
    answer = client.post(reverse("dispatch:phone_act", args=["finish", job.pk]), sent)
    assert answer.status_code == 303
    assert fresh(ordered.case).state == "done"
    page = Client().get(f"/r/{ordered.receipt_code}/").content.decode()
    assert "换好的龙头.png" in page


def test_a_service_of_one_township_is_not_booked_elsewhere(scene: Scene) -> None:
    version = offered(on=timezone.localdate()).get(name="水龙头更换")
    client = Client()
    place = {"place_unit": scene.county.unit("nanguan").pk, "address": "南关社区3号楼"}
    begun(client)
    version.areas = [scene.county.unit("water").pk]
    version.save()
    refused = client.post("/community/book/place/", place)
    assert refused.status_code == 422
    assert "本项服务仅在以下区域提供：水务局。" in refused.content.decode()
    version.areas = [scene.county.unit("chengguan").pk]
    version.save()
    assert client.post("/community/book/place/", place).status_code == 303


def test_a_place_that_no_team_serves_is_told_at_once_with_what_to_do_instead(scene: Scene) -> None:
    client = Client()
    place = {"place_unit": scene.county.unit("nanguan").pk, "address": "南关社区3号楼"}
    begun(client)
    dispatch.change_team(scene.team.pk, {"areas": [scene.county.unit("water").pk]})
    for sent in (place, {**place, "go": "map"}):
        refused = client.post("/community/book/place/", sent)
        page = refused.content.decode()
        assert refused.status_code == 422
        assert page.count("目前没有队伍在南关社区提供此项服务。请拨打96519，由服务中心受理并寻找队伍；也可以改选其他服务。") == 2  # fmt: skip
        assert 'value="南关社区3号楼"' in page
    dispatch.change_team(scene.team.pk, {"areas": [scene.county.unit("chengguan").pk]})
    assert client.post("/community/book/place/", place).status_code == 303


def test_a_day_after_the_last_licence_is_told_beside_the_day(scene: Scene) -> None:
    today = timezone.localdate()
    version = offered(on=today).exclude(licence="").filter(until_hour__gt=11, from_hour__lte=10)[0]
    dispatch.change_team(scene.team.pk, {"skills": [version.skill]})
    dispatch.grant_licence(scene.team.pk, kind=version.licence, until_on=today + timedelta(days=1))
    client = Client()
    begun(client, name=version.name)
    place = {"place_unit": scene.county.unit("nanguan").pk, "address": "南关社区3号楼"}
    assert client.post("/community/book/place/", place).status_code == 303
    answers = [
        client.post(
            "/community/book/when/", {"day": (today + timedelta(days=days)).isoformat(), "begin": "10:00"}
        )
        for days in (2, 1)
    ]
    assert [answer.status_code for answer in answers] == [422, 303]
    assert "届时没有队伍具备在该地提供此项服务的资格" in answers[0].content.decode()
