"""The centre's people: taking orders on the telephone, calling back, keeping the catalogue."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.builders import NOON
from tests.institutions.community.builders import Scene, a_scene, an_order, finished_order, fresh, verbs
from yiwang.facilities.dispatch.models import Team
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import hear, open_line
from yiwang.facilities.hotline.models import Call, CallBack, CallOutcome
from yiwang.institutions.community.actions import import_catalogue
from yiwang.institutions.community.catalogue import own_lines
from yiwang.institutions.community.models import ItemVersion, Order
from yiwang.institutions.community.queries import offered, version_offered
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case

pytestmark = pytest.mark.django_db
BACKEND = "yiwang.kernel.people.backends.AccountBackend"


@pytest.fixture
def scene() -> Scene:
    cache.clear()
    return a_scene()


def signed_in(scene: Scene, name: str = "centre.agent") -> Client:
    client = Client()
    client.force_login(scene.county.accounts[name], backend=BACKEND)
    return client


def told(scene: Scene, **changes: object) -> dict[str, object]:
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    return {
        "item": offered(on=timezone.localdate()).get(name="水龙头更换").item.code,
        "quantity": 1,
        "name": "冉玉芳",
        "phone": "13900002222",
        "place_unit": scene.county.unit("nanguan").pk,
        "address": "南关社区8号楼",
        "day": day,
        "begin": "10:00",
        "text": "",
        "how": "call",
        "key": "",
        **changes,
    }


def a_call(scene: Scene, number: str = "13900002222") -> Call:
    open_line("96519", name="热线", unit_id=scene.county.unit("centre").pk)
    hear(port.CallOffered("cti", "k1", NOON, "inbound", number, "96519"))
    return Call.objects.get(driver_key="k1")


def test_an_agent_takes_an_order_and_reads_out_code_and_pin(scene: Scene) -> None:
    client = signed_in(scene)
    answer = client.post("/community/orders/new/", told(scene))
    with acting_as_system():
        case = Case.objects.get(type_key="community_order")
    assert (answer.status_code, answer["Location"]) == (303, f"/community/orders/{case.pk}/taken/")
    assert verbs(case) == ["register", "verify"]
    page = client.get(answer["Location"]).content.decode()
    assert page.count('<strong class="code">') == 2
    assert (
        signed_in(scene, "centre.head")
        .get(answer["Location"])
        .content.decode()
        .count('<strong class="code">')
        == 0
    )


def test_a_call_becomes_the_order_and_its_caller_is_known_the_next_time(scene: Scene) -> None:
    call = a_call(scene)
    client = signed_in(scene)
    client.post(f"/community/orders/new/?call={call.pk}", told(scene, call=call.pk))
    outcome = CallOutcome.objects.get(call=call)
    order = Order.objects.get()
    assert (outcome.key, outcome.subject_id, order.call_id) == ("order", order.pk, call.pk)
    page = client.get(f"/community/orders/new/?call={call.pk}").content.decode()
    assert 'value="冉玉芳"' in page
    assert "南关社区8号楼" in page


def test_another_caller_joins_the_open_order(scene: Scene) -> None:
    case = an_order(scene, phone="13900002222").case
    call = a_call(scene)
    client = signed_in(scene)
    client.post("/community/orders/new/", {"join": case.pk, "call": call.pk, "name": "邻居", "phone": "13900003333"})  # fmt: skip
    assert verbs(case) == ["register", "join"]
    assert CallOutcome.objects.get(call=call).subject_id == case.pk


def test_in_the_console_only_the_form_is_sent(scene: Scene) -> None:
    page = signed_in(scene).get("/community/orders/new/", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in page
    assert '<div class="order-form">' in page


def test_outside_the_hours_of_a_service_nothing_is_taken(scene: Scene) -> None:
    answer = signed_in(scene).post("/community/orders/new/", told(scene, begin="22:00"))
    assert answer.status_code == 422
    assert not Order.objects.exists()


def test_where_nobody_serves_the_agent_takes_an_order_only_knowingly(scene: Scene) -> None:
    client = signed_in(scene)
    Team.objects.update(is_active=False)
    asked = client.post("/community/orders/new/", told(scene))
    page = asked.content.decode()
    assert (asked.status_code, Order.objects.exists()) == (422, False)
    assert ("没有能提供此项服务的队伍" in page, 'name="is_nevertheless"' in page) == (True, True)
    assert client.post("/community/orders/new/", told(scene, is_nevertheless="on")).status_code == 303
    assert Order.objects.count() == 1


def test_whoever_works_elsewhere_takes_no_order(scene: Scene) -> None:
    assert signed_in(scene, "water.clerk").get("/community/orders/new/").status_code == 403


def test_the_call_back_page_concludes_or_opens_again(scene: Scene) -> None:
    good, bad = finished_order(scene).case, finished_order(scene).case
    client = signed_in(scene)
    waiting = client.get("/community/call-backs/").content.decode()
    assert [good.number in waiting, bad.number in waiting] == [True, True]
    client.post(f"/community/call-backs/{good.pk}/", {"way": "call", "outcome": "solved", "grade_unit": "5", "grade_office": "5"})  # fmt: skip
    client.post(
        f"/community/call-backs/{bad.pk}/", {"way": "call", "outcome": "unsolved", "comment": "没修好"}
    )
    assert (fresh(good).state, fresh(bad).state) == ("concluded", "verified")


def test_the_section_of_the_case_page_says_what_who_and_why(scene: Scene) -> None:
    case = finished_order(scene).case
    page = signed_in(scene).get(f"/community/orders/{case.pk}/section/").content.decode()
    assert [word in page for word in ("水龙头更换", "一队", "安居修缮公司")] == [True, True, True]
    assert signed_in(scene, "water.clerk").get(f"/community/orders/{case.pk}/section/").status_code == 404


def test_the_catalogue_has_26_classes_and_208_items_and_loads_twice_without_change(scene: Scene) -> None:
    versions = list(offered(on=NOON.date()))
    assert (len(versions), len({one.item.service_class_id for one in versions})) == (208, 26)
    again = import_catalogue(own_lines(), at=NOON)
    assert (again.read, again.known, again.new, again.changed, again.refused) == (208, 208, 0, 0, 0)


def test_a_changed_line_is_a_new_version_and_a_bad_one_is_told(scene: Scene) -> None:
    lines = [
        "# plumbing|水暖维修|Plumbing",
        "水龙头更换|Replace a tap|个|45|60|40|plumbing||08-20",
        "坏|x|个|9|1|1|p||08-20",
    ]
    found = import_catalogue(lines, at=NOON)
    assert (found.changed, found.refused, found.errors) == (1, 1, [{"line": 3, "reason": "the ceiling is below the price"}])  # fmt: skip
    now = offered(on=NOON.date()).get(name="水龙头更换")
    assert (now.number, now.price_fen) == (2, 4500)


def test_only_the_head_changes_an_item_and_orders_keep_their_version(scene: Scene) -> None:
    case = an_order(scene).case
    version = Order.objects.get(pk=case.pk).version
    url = f"/community/catalogue/{version.item.code}/"
    new = {"price": "50", "ceiling": "70", "minutes": 40, "from_hour": 8, "until_hour": 20, "note": "", "is_offered": "on"}  # fmt: skip
    assert signed_in(scene, "centre.agent").post(url, new).status_code == 403
    assert signed_in(scene, "centre.head").post(url, new).status_code == 303
    now = version_offered(version.item.code, on=timezone.localdate())
    assert now is not None
    assert (now.number, now.price_fen, now.ceiling_fen) == (2, 5000, 7000)
    assert Order.objects.get(pk=case.pk).version_id == version.pk
    assert ItemVersion.objects.get(pk=version.pk).valid_until_on == timezone.localdate()


def test_the_person_of_a_list_is_called_as_the_procedure_says(scene: Scene) -> None:
    an_order(scene)
    page = signed_in(scene, "centre.agent").get("/desk/all/").content.decode()
    assert ("居民" in page, "信访人" in page) == (True, False)


def test_units_have_english_words(scene: Scene) -> None:
    page = Client().get("/community/?q=tap", headers={"Accept-Language": "en"}).content.decode()
    assert "40 yuan for one piece" in page
    lacking = [one.name for one in offered(on=NOON.date()) if not one.unit_word_en]
    assert lacking == []


def test_the_promise_does_not_send_its_reader_to_itself(scene: Scene) -> None:
    page = Client().get("/community/how/", headers={"Accept-Language": "en"}).content.decode()
    assert "on its page" not in page


def test_a_follow_up_taken_on_at_the_hotline_is_noted_in_the_order_and_closes_there(scene: Scene) -> None:
    case = finished_order(scene).case
    task = CallBack.objects.get(subject_id=case.pk)
    client = signed_in(scene)
    here, desk = f"/hotline/call-backs/{task.pk}/", f"/community/call-backs/{case.pk}/"
    client.post(here, {"do": "take"})
    assert f'href="{desk}"' in client.get(here).content.decode()
    assert client.post(here, {"do": "done", "outcome": "reached"})["Location"] == desk
    assert CallBack.objects.get().done_at is None
    client.post(desk, {"way": "call", "outcome": "solved"})
    assert fresh(case).state == "concluded"
    assert CallBack.objects.filter(done_at__isnull=True).count() == 0
