"""The board and its pages: who sees what, one click to the nearest team, and why."""

import json
import math
import re
from datetime import timedelta
from itertools import combinations
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import County, a_county
from tests.facilities.dispatch.builders import a_dispatcher, a_job, a_team
from yiwang.facilities.dispatch import actions, county_map, subjects
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.models import Job, Offer, Team
from yiwang.facilities.dispatch.rules.plane import to_plane
from yiwang.kernel.audit.labels import label_of
from yiwang.kernel.audit.models import Entry


@pytest.fixture
def county(db: None) -> County:
    """A small county with a dispatcher."""
    county = a_county()
    a_dispatcher(county)
    return county


def browser(county: County, who: str = "dispatcher") -> Client:
    """A browser in which somebody of the county is signed in."""
    client = Client()
    client.force_login(county.accounts[who], backend="yiwang.kernel.people.backends.AccountBackend")
    return client


def names(page: str) -> list[tuple[str, int, int]]:
    """The names of towns on a page's map, with their places on the drawing."""
    drawn = page.partition('<g class="names">')[2].partition("</g>")[0]
    found = re.findall(r'<text x="(-?\d+)" y="(-?\d+)">([^<]+)</text>', drawn)
    return [(name, int(x), int(y)) for x, y, name in found]


def now_team(county: County, **changes: object) -> Team:
    """A team that has just said where it is."""
    return a_team(county, position_at=timezone.now(), **changes)  # type: ignore[arg-type]


def text(client: Client, name: str, *arguments: object) -> str:
    """A page as text."""
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def test_one_click_offers_the_work_to_the_nearest_team(county: County) -> None:
    near, _far = now_team(county, x=400.0), now_team(county, x=5000.0)
    job = a_job(county, at=timezone.now())
    client = browser(county)
    assert "派给最近的队伍" in text(client, "dispatch:board")
    answered = client.post(reverse("dispatch:nearest", args=[job.pk]))
    assert answered["Location"] == reverse("dispatch:board")
    assert Offer.objects.get(job=job).team_id == near.pk
    board = text(client, "dispatch:board")
    assert near.name in board
    assert "派给最近的队伍" not in board


def test_when_nobody_is_found_the_click_leads_to_the_reasons(county: County) -> None:
    team = now_team(county, capacity=1)
    actions.decide(a_job(county, at=timezone.now()).pk, at=timezone.now())
    job = a_job(county, at=timezone.now())
    client = browser(county)
    answered = client.post(reverse("dispatch:nearest", args=[job.pk]))
    assert answered["Location"] == reverse("dispatch:job", args=[job.pk])
    page = text(client, "dispatch:job", job.pk)
    assert "看了附近 1 支队伍。" in page
    assert f"最接近条件的是{team.name}，距离 10 米，但手头的活已经排满。" in page


def test_the_page_says_why_this_team_and_not_the_nearer_one(county: County) -> None:
    stale = a_team(county, x=50.0, position_at=timezone.now() - timedelta(hours=1))
    chosen, second = now_team(county, x=3200.0), now_team(county, x=6400.0)
    job = a_job(county, at=timezone.now())
    actions.decide(job.pk, at=timezone.now())
    page = text(browser(county), "dispatch:job", job.pk)
    assert "距离 3.2 公里，约 10 分钟。" in page
    assert f"其次是{second.name}，要多用 10.0 分钟。" in page
    assert f"更近的{stale.name}半小时没有报告位置。" in page
    assert chosen.name in page


def test_a_choice_by_hand_needs_its_reason(county: County) -> None:
    now_team(county)
    far = now_team(county, x=9000.0)
    job = a_job(county, at=timezone.now())
    client, address = browser(county), reverse("dispatch:job", args=[job.pk])
    assert client.post(address, {"act": "offer", "team": far.pk, "reason": ""}).status_code == 200
    assert not Offer.objects.exists()
    client.post(address, {"act": "offer", "team": far.pk, "reason": "住户指定"})
    assert Offer.objects.get().team_id == far.pk
    assert "调度员指定：住户指定" in text(client, "dispatch:job", job.pk)
    client.post(address, {"act": "take_back", "reason": "队伍来不了"})
    assert Job.objects.get(pk=job.pk).state == JobState.WAITING


def test_the_work_of_another_unit_is_not_there(county: County) -> None:
    job = a_job(county, at=timezone.now())
    other = browser(county, "water.head")
    assert "修水管" not in text(other, "dispatch:board")
    assert other.get(reverse("dispatch:job", args=[job.pk])).status_code == 404
    assert other.post(reverse("dispatch:nearest", args=[job.pk])).status_code == 404
    assert Job.objects.get(pk=job.pk).state == JobState.WAITING


def test_a_company_s_head_sees_its_own_teams_work_only(county: County) -> None:
    team, other = now_team(county), now_team(county, company="another", x=90_000.0)
    job = a_job(county, at=timezone.now())
    actions.decide(job.pk, at=timezone.now())
    actions.accept(Offer.objects.get(job=job).pk, by=county.standing("company.head"), at=timezone.now())
    own, stranger = browser(county, "company.head"), browser(county, "another.head")
    assert "修水管" in text(own, "dispatch:board")
    assert "修水管" not in text(stranger, "dispatch:board")
    assert other.name not in text(own, "dispatch:teams")
    assert stranger.get(reverse("dispatch:team", args=[team.pk])).status_code == 404


def test_whoever_dispatches_suspends_a_team_and_its_company_does_not(county: County) -> None:
    team = now_team(county)
    address = reverse("dispatch:team", args=[team.pk])
    browser(county, "company.head").post(address, {"reason": "没事"})
    team.refresh_from_db()
    assert team.is_suspended is False
    client = browser(county)
    client.post(address, {"reason": "投诉较多"})
    team.refresh_from_db()
    assert (team.is_suspended, team.suspended_reason) == (True, "投诉较多")
    assert "投诉较多" in text(client, "dispatch:team", team.pk)
    client.post(address)
    team.refresh_from_db()
    assert team.is_suspended is False


def test_the_board_s_live_part_is_no_whole_page(county: County) -> None:
    response = browser(county).get(reverse("dispatch:board") + "?part=live")
    assert "<html" not in response.content.decode()
    assert "board-figures" in response.content.decode()


def test_the_map_holds_its_extent_whatever_lies_outside(county: County) -> None:
    now_team(county, x=400_000.0, y=-400_000.0)
    assert 'transform="translate(20000 20000)"' in text(browser(county), "dispatch:board")


def test_skills_are_called_what_the_institution_calls_them(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "_skill_names", [])
    subjects.provide_skill_names(lambda: {"plumbing": "水管维修"})
    team, job = now_team(county, skills=["plumbing", "juggling"]), a_job(county, at=timezone.now())
    client = browser(county)
    assert "juggling、水管维修" in text(client, "dispatch:team", team.pk)
    assert "水管维修" in text(client, "dispatch:teams")
    assert "水管维修" in text(client, "dispatch:job", job.pk)


def test_licences_are_called_what_the_institution_calls_them(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "_licence_names", [])
    subjects.provide_licence_names(lambda: {"electrician": "电工证"})
    team, job = now_team(county), a_job(county, at=timezone.now(), licence="electrician")
    actions.grant_licence(team.pk, kind="electrician", until_on=timezone.localdate())
    client = browser(county)
    assert "<li>电工证 ·" in text(client, "dispatch:team", team.pk)
    assert "电工证" in text(client, "dispatch:job", job.pk)


# ------------------------------------------------------------------------------------------------ the map


def places(page: str) -> list[tuple[int, int]]:
    """Where the marks of a map lie."""
    return [(int(x), int(y)) for x, y in re.findall(r'class="mark [^"]*" transform="translate\((-?\d+) (-?\d+)\)', page)]  # fmt: skip


@pytest.fixture
def shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose towns are known."""
    monkeypatch.setattr(county_map, "installation", lambda: SimpleNamespace(is_demo=True))


def test_a_town_can_be_looked_at_by_itself(county: County, shapes: None) -> None:
    now_team(county, x=0.0, y=0.0)
    now_team(county, x=-12_000.0, y=12_000.0)
    whole = text(browser(county), "dispatch:board")
    assert '<a href="/dispatch/board/?map=chengguan">城关镇</a>' in whole
    assert (len(places(whole)), "5 公里" in whole) == (2, True)
    near = browser(county).get(reverse("dispatch:board"), {"map": "chengguan"}).content.decode()
    assert '<a href="/dispatch/board/?map=chengguan" aria-current="page">城关镇</a>' in near
    assert 'hx-get="/dispatch/board/?part=live&amp;map=chengguan"' in near
    assert (len(places(near)), "1 公里" in near) == (1, True)


def test_no_mark_lies_on_the_name_of_a_town(county: County, shapes: None) -> None:
    bare = names(text(browser(county), "dispatch:board"))
    at = {name: (x, -y) for name, x, y in bare}
    for name in ("城关镇", "双桥乡"):
        now_team(county, x=float(at[name][0]), y=float(at[name][1] + 350))
    page = text(browser(county), "dispatch:board")
    moved = {name: (x, y) for name, x, y in names(page)}
    assert {name for name, x, y in bare if moved[name] != (x, y)} == {"城关镇", "双桥乡"}
    assert [
        (name, mark)
        for name, (x, y) in moved.items()
        for mark in places(page)
        if abs(mark[0] - x) < 1500 and y - 1000 < mark[1] < y
    ] == []


def test_after_a_click_the_same_part_of_the_map_is_shown(county: County, shapes: None) -> None:
    now_team(county)
    job = a_job(county, at=timezone.now())
    address = reverse("dispatch:nearest", args=[job.pk])
    came = {"Referer": "http://testserver/dispatch/board/?map=chengguan"}
    answered = browser(county).post(address, headers=came)
    assert answered["Location"] == "/dispatch/board/?map=chengguan"


def test_an_unknown_part_of_the_map_is_the_whole_county(county: County, shapes: None) -> None:
    page = browser(county).get(reverse("dispatch:board"), {"map": "<b>"}).content.decode()
    assert '<a href="/dispatch/board/" aria-current="page">全县</a>' in page


def test_marks_at_one_place_lie_beside_one_another(county: County) -> None:
    for _ in range(12):
        now_team(county)
    found = places(text(browser(county), "dispatch:board"))
    assert found[0] == (0, 0)
    gaps = [math.dist(one, two) for one, two in combinations(found, 2)]
    assert (len(found), min(gaps) >= 999, max(gaps) < 6000) == (12, True, True)


# ------------------------------------------------------------------------------------------------ the log


def logged() -> list[tuple[str, int | None, int | None, object]]:
    """What the log says of teams: action, actor, team, reason."""
    found = Entry.objects.filter(subject_kind="team").order_by("pk")
    return [(one.action, one.actor, one.subject_id, one.details.get("reason")) for one in found]


def test_what_people_decide_about_teams_stands_in_the_log(county: County) -> None:
    first, second = now_team(county), now_team(county)
    job = a_job(county, at=timezone.now())
    who, client = county.accounts["dispatcher"].pk, browser(county)
    of_job, of_team = (
        reverse("dispatch:job", args=[job.pk]),
        reverse("dispatch:team", args=[second.pk]),
    )
    client.post(of_job, {"act": "offer", "team": first.pk, "reason": "住户指定"})
    client.post(of_job, {"act": "take_back", "reason": "改派"})
    client.post(of_team, {"reason": "车辆年检"})
    client.post(of_team)
    assert logged() == [
        ("team.chosen_by_hand", who, first.pk, "住户指定"),
        ("team.taken_from", who, first.pk, "改派"),
        ("team.suspended", who, second.pk, "车辆年检"),
        ("team.restored", who, second.pk, None),
    ]
    assert [label_of(action) for action, *_ in logged()] == [
        "人工指派队伍", "从队伍收回任务", "暂停向队伍派单", "恢复向队伍派单",
    ]  # fmt: skip


def test_what_the_house_decides_does_not(county: County) -> None:
    now_team(county)
    job = a_job(county, at=timezone.now())
    actions.decide(job.pk, at=timezone.now())
    actions.withdraw(job.pk, reason="–", at=timezone.now())
    assert logged() == []


def test_a_county_s_own_map_takes_the_place_of_the_invented_one(county: County, shapes: None) -> None:
    ring = [[105.3, 35.3], [105.6, 35.3], [105.6, 35.6], [105.3, 35.6], [105.3, 35.3]]
    town = {
        "type": "Feature",
        "properties": {"code": "north", "name": "北川镇"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    actions.change_map(json.dumps({"type": "FeatureCollection", "features": [town]}), at=timezone.now())
    county_map._own.forget()
    x, y = to_plane(35.45, 105.45, origin=(35.0, 105.0))
    now_team(county, x=x, y=y)
    page = text(browser(county), "dispatch:board")
    county_map._own.forget()
    assert ("北川镇" in page, "青石镇" in page) == (True, False)
    (across, down) = places(page)[0]
    assert (abs(across) < 200, abs(down) < 200) == (True, True)
