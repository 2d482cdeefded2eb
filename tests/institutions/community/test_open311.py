"""Orders that came through Open311."""

import json
import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.institutions.community.builders import Scene, a_scene
from tests.open311 import a_key
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.origin import origin
from yiwang.facilities.dispatch.rules.plane import to_plane
from yiwang.institutions.community.models import Order
from yiwang.institutions.community.queries import offered
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.casework.models import Case
from yiwang.kernel.channels.models import Report

pytestmark = pytest.mark.django_db
REQUESTS = "/open311/v2/requests.json"


@pytest.fixture
def scene(db: None) -> Scene:
    """A county with a service centre."""
    cache.clear()
    with acting_as_system():
        return a_scene()


def tap() -> str:
    """The code of the service that replaces taps."""
    return f"community-{offered(on=timezone.localdate()).get(name='水龙头更换').item.code}"


def tomorrow_at(hour: int) -> str:
    """Tomorrow at an hour of the county, in the W3C's form."""
    return timezone.make_aware(
        datetime.combine(timezone.localdate() + timedelta(days=1), time(hour))
    ).isoformat()


def told(scene: Scene, **changes: str) -> dict[str, str]:
    """What a program sends about a dripping tap."""
    fields = {
        "api_key": a_key(at=timezone.now()).words,
        "service_code": tap(),
        "description": "厨房水龙头滴水",
        "address_string": "南关社区3号楼",
        "first_name": "建华",
        "last_name": "欧阳",
        "phone": "13900000000",
        "attribute[window_from]": tomorrow_at(10),
        "attribute[place]": str(scene.county.unit("nanguan").pk),
    }
    return {name: value for name, value in {**fields, **changes}.items() if value}


def answered(scene: Scene, **changes: str) -> tuple[int, Any]:
    """Status and first row of the answer."""
    answer = Client().post(REQUESTS, told(scene, **changes))
    return answer.status_code, answer.json()[0]


def test_items_of_the_catalogue_are_services(scene: Scene) -> None:
    listed = Client().get("/open311/v2/services.json").json()
    mine = [one for one in listed if one["service_code"].startswith("community-")]
    assert len(mine) == offered(on=timezone.localdate()).count()
    definition = Client().get(f"/open311/v2/services/{tap()}.json").json()
    assert [(one["code"], one["required"]) for one in definition["attributes"]] == [
        ("place", False),
        ("window_from", True),
        ("publication", False),
    ]


def test_a_request_is_an_order_to_be_verified_and_isn_t_public(scene: Scene) -> None:
    status, row = answered(scene)
    assert status == 200
    with acting_as_system():
        case = Case.objects.get(pk=row["service_request_id"])
        placed = Order.objects.select_related("version").get(pk=case.pk)
    assert (case.type_key, case.state, case.source) == ("community_order", "registered", "open311")
    assert (placed.version.name, placed.x, placed.y) == ("水龙头更换", 800.0, -400.0)
    assert placed.window_until_at - placed.window_from_at == timedelta(hours=2)
    assert Client().get(REQUESTS).json() == []
    assert Report.objects.get().is_listed is False


def test_a_position_finds_the_nearest_place(scene: Scene) -> None:
    lat, long = origin()
    sent = {"attribute[place]": "", "lat": str(lat + 0.001), "long": str(long + 0.002)}
    status, row = answered(scene, **sent)
    assert status == 200
    with acting_as_system():
        case = Case.objects.get(pk=row["service_request_id"])
        placed = Order.objects.get(pk=case.pk)
    assert case.place_unit_id == scene.county.unit("nanguan").pk
    assert (placed.x, placed.y) == pytest.approx(to_plane(lat + 0.001, long + 0.002, origin=origin()))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phone": ""}, "请提交姓名和电话，以便核实。"),
        ({"attribute[window_from]": ""}, "须填写 attribute[window_from]。"),
        ({"attribute[window_from]": "2020-01-01T10:00:00+08:00"}, "window_from 不是可预约时段的开始时间。"),
        ({"attribute[place]": ""}, "请选择所在村（社区），或提交 lat 与 long。"),
        ({"attribute[place]": "", "lat": "-35", "long": "10"}, "请选择所在村（社区），或提交 lat 与 long。"),
        ({"attribute[place]": "999999"}, "attribute[place] 不是 singlevaluelist 类型的值。"),
    ],
)
def test_what_can_t_be_ordered_is_refused(changes: dict[str, str], words: str, scene: Scene) -> None:
    status, row = answered(scene, **changes)
    assert (status, row) == (400, {"code": 400, "description": words})
    assert Order.objects.count() == 0


def test_an_order_is_taken_only_where_a_team_serves_it(scene: Scene) -> None:
    dispatch.change_team(scene.team.pk, {"areas": [scene.county.unit("water").pk]})
    assert answered(scene) == (400, {"code": 400, "description": "目前没有队伍在该地提供此项服务。"})
    dispatch.change_team(scene.team.pk, {"areas": [scene.county.unit("chengguan").pk]})
    assert answered(scene)[0] == 200
    dispatch.suspend(scene.team.pk, reason="试", by=SYSTEM, at=timezone.now())
    assert answered(scene)[0] == 400
    assert Order.objects.count() == 1


def test_a_licence_must_hold_on_the_day_of_the_work(scene: Scene) -> None:
    version = (
        offered(on=timezone.localdate()).exclude(licence="").filter(until_hour__gt=11, from_hour__lte=10)[0]
    )
    code = f"community-{version.item.code}"
    dispatch.change_team(scene.team.pk, {"skills": [version.skill]})
    assert answered(scene, service_code=code)[0] == 400
    today = timezone.localdate()
    dispatch.grant_licence(scene.team.pk, kind=version.licence, until_on=today)
    assert answered(scene, service_code=code)[0] == 400
    dispatch.grant_licence(scene.team.pk, kind=version.licence, until_on=today + timedelta(days=1))
    assert answered(scene, service_code=code)[0] == 200


def test_english_answers_have_english_words(scene: Scene) -> None:
    listed = Client().get("/open311/v2/services.json", headers={"Accept-Language": "en"}).content.decode()
    rows = [one["description"] for one in json.loads(listed) if one["service_code"].startswith("community-")]
    assert [row for row in rows if re.search("[\u4e00-\u9fff]", row)] == []
