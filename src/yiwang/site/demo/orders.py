"""The demo's service orders: companies' teams, and some forty orders in every state, all through the actions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.models import Job, Offer, Team
from yiwang.institutions.community.actions import NewOrder, Ordered, order, place_locality, verify
from yiwang.institutions.community.casetypes.order_2026 import KEY
from yiwang.institutions.community.models import ItemVersion
from yiwang.institutions.community.queries import offered
from yiwang.institutions.community.rules import CHINA
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.casework.actions import take
from yiwang.kernel.orgs.models import Unit
from yiwang.site.demo.county import GIVEN, SURNAMES

PLACES: Mapping[str, tuple[float, float]] = {
    "chengguan": (0, 0), "nanguan": (600, -1200), "beiguan": (-300, 1500), "qingshi": (-11000, -9000),
    "shiyan": (-12500, -10500), "liuhe": (-12000, 12500), "liuwan": (-13500, 11000), "heping": (11500, 11000),
    "heying": (13000, 12500), "shuangqiao": (13000, -2500), "qiaotou": (14500, -4000), "baiyang": (6000, -13500),
    "baishui": (7500, -15000),
}  # fmt: skip
"""Where the invented county's towns and villages lie, in metres from the county's offices."""

TEAMS = (
    ("anju", "水电一队", ("plumbing", "electrics", "gas"), ("electrician", "gas_fitter"), (400, -300), ("anju.one",), 4),
    ("anju", "疏通修缮队", ("drains", "renovation", "furniture", "plumbing"), ("waterproofing",), (-800, 900), ("anju.two",), 4),
    ("jiehe", "保洁一队", ("cleaning", "housekeeping", "appliance_care"), ("health_card",), (300, 900), ("jiehe.one",), 4),
    ("jiehe", "家政二队", ("housekeeping", "child_care", "cleaning"), ("health_card",), (12000, 10500), ("jiehe.two",), 4),
    ("kanghu", "护理队", ("elder_care", "health"), ("care_worker", "nurse", "health_card"), (-200, -600), ("kanghu.one",), 4),
    ("suida", "搬运队", ("moving", "logistics"), ("road_transport", "health_card"), (900, 200), ("suida.one",), 4),
)  # fmt: skip
WANTED = ("水龙头更换", "马桶疏通", "开关插座更换", "日常保洁", "助餐送餐", "厨房下水疏通", "小型搬家", "钟点工", "灯具安装", "上门测血压血糖", "挂式空调清洗", "生活照料")  # fmt: skip
WORDS = (
    "一直滴水，关不紧。",
    "堵了一天了，请带工具。",
    "老人一个人在家，请提前打电话。",
    "三楼，没有电梯。",
    "",
    "请上午来。",
)
LIVES = (
    *("concluded",) * 16, *("done",) * 4, *("under_way",) * 2, *("assigned",) * 3, *("offered",) * 4,
    *("registered",) * 4, *("reopened",) * 2, *("disputed",) * 2, *("cancelled",) * 2, "declined",
)  # fmt: skip
"""How far each of the demo's orders has come."""


def serve(units: Mapping[str, Unit], accounts: Mapping[str, int], *, at: datetime) -> int:
    """Give the companies teams and the centre orders; returns how many."""
    for code, (x, y) in PLACES.items():
        place_locality(units[code], x=x, y=y)
    teams = _teams(units, accounts, at=at)
    rows = {one.name: one for one in offered(on=at.date()).filter(name__in=WANTED)}
    chance = Random(96519)
    for number, life in enumerate(LIVES):
        is_over = life in ("concluded", "cancelled", "declined")
        days = chance.randint(2, 20) if is_over else 1 if life in ("done", "reopened", "disputed") else 0
        came_at = at - timedelta(days=days, minutes=40 + 3 * number)
        _live(life, rows[WANTED[number % len(WANTED)]], units, teams, came_at, number=number, chance=chance)
    for team in teams:
        dispatch.report_position(team.pk, x=team.base_x, y=team.base_y, at=at)
    return len(LIVES)


def _teams(units: Mapping[str, Unit], accounts: Mapping[str, int], *, at: datetime) -> list[Team]:
    from yiwang.kernel.people.models import Account

    founded: list[Team] = []
    for code, name, skills, licences, (x, y), members, capacity in TEAMS:
        team = dispatch.found_team(
            unit_id=units[code].pk,
            name=name,
            skills=skills,
            base_x=x,
            base_y=y,
            capacity=capacity,
            phone=f"0000-00001{len(founded)}",
            at=at - timedelta(days=60),
        )
        for kind in licences:
            dispatch.grant_licence(team.pk, kind=kind, until_on=at.date() + timedelta(days=300))
        for username in members:
            dispatch.add_member(team.pk, Account.objects.get(pk=accounts[username]), at=at)
        founded.append(team)
    return founded


def _live(
    life: str,
    version: ItemVersion,
    units: Mapping[str, Unit],
    teams: list[Team],
    at: datetime,
    *,
    number: int,
    chance: Random,
) -> None:
    """One order's life up to where it stands; a step that nobody can take ends it there."""
    ordered = order(_new(version, units, at, number=number, chance=chance), at=at)
    case_id = ordered.case.pk
    if life == "registered":
        return
    if life == "declined":
        reasons = {"reasons": "该地址不在服务范围内。", "route": "可以联系当地村委会。"}
        take(case_id, "decline", by=SYSTEM, at=at + timedelta(minutes=5), data=reasons)
        return
    verify(case_id, how="call", at=at + timedelta(minutes=4))
    for team in teams:
        dispatch.report_position(team.pk, x=team.base_x, y=team.base_y, at=at + timedelta(minutes=5))
    job = Job.objects.get(subject_kind=KEY, subject_id=case_id)
    decision = dispatch.decide(job.pk, at=at + timedelta(minutes=5))
    if decision.chosen_team_id is None or life == "offered":
        return
    _serve(life, ordered, job, at + timedelta(minutes=8), version=version)


def _serve(life: str, ordered: Ordered, job: Job, at: datetime, *, version: ItemVersion) -> None:
    """From the acceptance on."""
    case_id, team = ordered.case.pk, Standing.system()
    offer = Offer.objects.get(job=job, state="offered")
    dispatch.accept(offer.pk, by=team, at=at)
    if life == "cancelled":
        take(case_id, "cancel", by=SYSTEM, at=at + timedelta(minutes=5))
    if life in ("cancelled", "assigned"):
        return
    dispatch.start(job.pk, data={"pin": ordered.pin}, by=team, at=at + timedelta(minutes=20))
    if life == "under_way":
        return
    done_at = at + timedelta(minutes=28)
    dispatch.finish(job.pk, data={"price_fen": version.price_fen}, by=team, at=done_at)
    if life == "disputed":
        data = {"wish": "again", "reasons": "修好第二天又漏了，打电话没人管。"}
        take(case_id, "dispute", by=SYSTEM, at=done_at + timedelta(minutes=3), data=data)
    elif life in ("concluded", "reopened"):
        outcome = "solved" if life == "concluded" else "unsolved"
        grade = "5" if case_id % 3 else "4"
        data = {"way": "call", "outcome": outcome, "grade_office": "5", "grade_unit": grade}
        take(case_id, "call_back", by=SYSTEM, at=done_at + timedelta(minutes=3), data=data)


def _new(
    version: ItemVersion, units: Mapping[str, Unit], at: datetime, *, number: int, chance: Random
) -> NewOrder:
    code = ("nanguan", "beiguan", "chengguan", "nanguan", "beiguan", "heying")[number % 6]
    x, y = PLACES[code]
    day = at.astimezone(CHINA)
    begin = day.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(
        days=0 if day.hour < 11 else 1
    )
    return NewOrder(
        version=version,
        place_unit_id=units[code].pk,
        x=x + chance.randint(-400, 400),
        y=y + chance.randint(-400, 400),
        address=f"{units[code].short_name}{chance.randint(1, 30)}号楼{chance.randint(1, 4)}单元",
        window_from_at=begin,
        window_until_at=begin + timedelta(hours=2),
        name=SURNAMES[number % len(SURNAMES)] + GIVEN[(7 * number) % len(GIVEN)],
        phone=f"100{number:04}0000",
        quantity=1 + chance.randint(0, 1),
        text=WORDS[number % len(WORDS)],
        channel="phone" if number % 2 else "web",
    )
