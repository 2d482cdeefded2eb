"""The demo county's last hundred days: matters that came in and what became of them, all through the actions."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.calendar.queries import current
from yiwang.kernel.casework.actions import Matter, PartyData, register, take
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.models import Case
from yiwang.kernel.orgs.models import Unit
from yiwang.site.demo import matters
from yiwang.site.demo.county import GIVEN, SURNAMES
from yiwang.site.demo.matters import DemoMatter

CHINA = ZoneInfo("Asia/Shanghai")
DAYS = 100
TOWNSHIPS = ("chengguan", "qingshi", "liuhe", "heping", "shuangqiao", "baiyang")
PLACES = ("nanguan", "beiguan", "shiyan", "liuwan", "heying", "qiaotou", "baishui")
CHANNELS = ("web", "web", "web", "web", "counter", "counter", "phone", "letter")


@dataclass
class Stage:
    """Units and staff by code, the dice, and the end of the story."""

    units: dict[str, Unit]
    staff: dict[str, Standing]
    dice: random.Random
    end_at: datetime


class TooLate(Exception):
    """The next step would lie after the end of the story: the matter stands where it is."""


class Actor:
    """One matter on its way: takes steps at credible times until the story's end."""

    def __init__(self, stage: Stage, case: Case, at: datetime) -> None:
        self.stage = stage
        self.case = case
        self.at = at

    def wait(self, least: float, most: float) -> None:
        """Let some days pass, to working hours of a working day; raises `TooLate` after the story's end."""
        later = self.at + timedelta(days=self.stage.dice.uniform(least, most))
        day = current().next_working_day(later.astimezone(CHINA).date())
        clock = time(self.stage.dice.randint(9, 16), self.stage.dice.randint(0, 59))
        self.at = max(datetime.combine(day, clock, CHINA), self.at + timedelta(minutes=7))
        if self.at >= self.stage.end_at:
            raise TooLate

    def do(self, who: str, verb: str, **data: Any) -> None:
        """Take a step as somebody of the staff."""
        standing = self.stage.staff[who]
        with acting_as(standing):
            take(self.case.pk, verb, by=standing, at=self.at, data=data)

    def hear(self, verb: str, **data: Any) -> None:
        """Take a step as the person who brought the matter."""
        standing = Standing.holder_of_receipt(self.case.pk)
        with acting_as(standing):
            take(self.case.pk, verb, by=standing, at=self.at, data=data)


def tell(
    units: dict[str, Unit], account_ids: dict[str, int], *, at: datetime, number: int, seed: int = 8
) -> int:
    """Let `number` matters happen in the hundred days before `at`; returns how many were brought in."""
    staff = {name: standing_of(account_id) for name, account_id in account_ids.items()}
    stage = Stage(units, staff, random.Random(seed), at)
    started = sorted(_beginnings(stage, number))
    for index, began_at in enumerate(started):
        _happen(stage, began_at, index)
    return len(started)


def _beginnings(stage: Stage, number: int) -> Iterator[datetime]:
    for _ in range(number):
        ago = 0.05 + stage.dice.random() ** 1.5 * DAYS
        day: date = (stage.end_at - timedelta(days=ago)).astimezone(CHINA).date()
        began_at = datetime.combine(day, time(stage.dice.randint(8, 20), stage.dice.randint(0, 59)), CHINA)
        yield min(began_at, stage.end_at - timedelta(minutes=stage.dice.randint(10, 300)))


def _person(stage: Stage) -> PartyData:
    dice = stage.dice
    number = "1" + "".join(str(dice.randint(0, 9)) for _ in range(10))
    return PartyData(
        name=dice.choice(SURNAMES) + dice.choice(GIVEN),
        phone="100" + number[3:],
        address=f"{stage.units[dice.choice(PLACES)].name}{dice.randint(1, 9)}组{dice.randint(1, 90)}号",
    )


def _happen(stage: Stage, at: datetime, index: int) -> None:
    dice = stage.dice
    if index % 23 == 11:
        _supervision(stage, at)
        return
    matter = dice.choice(matters.MATTERS)
    place_code = dice.choice(PLACES)
    place = stage.units[place_code]
    case = _bring(stage, matter, place, at)
    actor = Actor(stage, case, at)
    township = next(code for code in TOWNSHIPS if stage.units[code].pk in place.path)
    try:
        _pass(actor, matter, place.name, township)
    except (TooLate, GuardFailed):
        return


def _bring(stage: Stage, matter: DemoMatter, place: Unit, at: datetime) -> Case:
    channel = stage.dice.choice(CHANNELS)
    by = SYSTEM if channel == "web" else stage.staff["office"]
    with acting_as(by):
        return register(
            Matter(
                type_key="petition",
                root_unit_id=stage.units["office"].pk,
                title=matter.title.format(place=place.short_name),
                text=matter.text.format(place=place.short_name),
                channel=channel,
                received_at=at - timedelta(days=1) if channel == "letter" else at,
                purpose=matter.purpose,
                category=matter.category,
                place_unit_id=place.pk,
                parties=(_person(stage),),
                facts={"consents_electronic_service": channel == "web"},
            ),
            by=by,
            at=at,
        ).case


def _pass(actor: Actor, matter: DemoMatter, place: str, township: str) -> None:
    """From the petition office down the chain, and the answer back up."""
    dice = actor.stage.dice
    units = actor.stage.units
    is_slow = dice.random() < 0.12
    actor.wait(6 if is_slow else 0.1, 18 if is_slow else 4)
    if dice.random() < 0.06:
        chain = ["office"]
    else:
        chain = ["office", matter.unit]
        if dice.random() < 0.07:
            wrong = dice.choice(
                [code for code in ("city", "housing", "labour", "land") if code != matter.unit]
            )
            actor.do("office", "forward", unit_id=units[wrong].pk)
            actor.wait(0.2, 4)
            actor.do(wrong, "object", reasons=dice.choice(matters.OBJECTIONS))
            actor.wait(0.2, 2)
            actor.do("office", "agree_objection")
        if dice.random() < 0.18:
            due_on = (actor.at + timedelta(days=dice.choice((20, 30, 45)))).astimezone(CHINA).date()
            actor.do("office", "assign", unit_id=units[matter.unit].pk, due_on=due_on)
        else:
            actor.do("office", "forward", unit_id=units[matter.unit].pk)
        if dice.random() < 0.45:
            actor.wait(0.2, 5)
            actor.do(matter.unit, "forward", unit_id=units[township].pk)
            chain.append(township)
    _handle(actor, matter, place, chain, is_slow=is_slow)


def _handle(actor: Actor, matter: DemoMatter, place: str, chain: list[str], *, is_slow: bool) -> None:
    dice = actor.stage.dice
    handler = chain[-1]
    actor.wait(0.2, 6)
    actor.do(handler, "accept")
    for note in dice.sample(matters.NOTES, dice.randint(0, 2)):
        actor.wait(1, 8)
        actor.do(handler, "note", text=note)
    if dice.random() < 0.15:
        actor.wait(0.5, 4)
        actor.hear("supplement", text=dice.choice(matters.SUPPLEMENTS))
    if is_slow:
        actor.wait(20, 40)
        actor.do(handler, "request_extension", days=30, reasons=matters.EXTENSION_REASONS)
        actor.wait(0.5, 2)
        actor.do(f"{handler}.head", "extend", days=30, reasons=matters.EXTENSION_REASONS)
    actor.wait(3, 22)
    outcome = dice.choices(("supported", "explained", "not_supported"), (7, 3, 1))[0]
    answer = {
        "outcome": outcome,
        "facts": matter.facts.format(place=place),
        "opinion": matter.opinion.format(place=place),
        "basis": matter.basis,
    }
    actor.do(handler, "answer", **answer)
    for index in range(len(chain) - 2, 0, -1):
        actor.wait(0.2, 3)
        actor.do(f"{chain[index]}.head", "approve")
    actor.wait(0.2, 3)
    if len(chain) > 1 and dice.random() < 0.1:
        actor.do("office", "return", reasons=dice.choice(matters.RETURNS))
        actor.wait(0.5, 3)
        if len(chain) > 2:
            actor.do(f"{chain[1]}.head", "return", reasons=dice.choice(matters.RETURNS))
            actor.wait(0.5, 3)
        actor.do(handler, "answer", **answer)
        for index in range(len(chain) - 2, 0, -1):
            actor.wait(0.2, 2)
            actor.do(f"{chain[index]}.head", "approve")
        actor.wait(0.2, 2)
    actor.do("office.head", "issue")
    _close(actor)


def _close(actor: Actor) -> None:
    dice = actor.stage.dice
    actor.wait(0.2, 3)
    actor.do(
        "office", "serve", how=dice.choice(("in_person", "post")), served_on=actor.at.astimezone(CHINA).date()
    )
    if dice.random() < 0.62:
        actor.wait(0.3, 6)
        office, unit = dice.choice((5, 5, 5, 4, 4, 3, 2)), dice.choice((5, 5, 4, 4, 3, 2, 1))
        comment = dice.choice(matters.COMMENTS) if dice.random() < 0.5 else ""
        actor.hear("evaluate", grade_office=office, grade_unit=unit, comment=comment)
    actor.wait(0.5, 6)
    actor.do("office", "conclude")
    if dice.random() < 0.7:
        actor.wait(1, 10)
        actor.do("office", "archive")


def _supervision(stage: Stage, at: datetime) -> None:
    """An accusation through the supervision mailbox: it goes around the unit complained of."""
    dice = stage.dice
    code = dice.choice(TOWNSHIPS)
    with acting_as(SYSTEM):
        case = register(
            Matter(
                type_key="petition",
                root_unit_id=stage.units["inspection"].pk,
                title=f"反映{stage.units[code].short_name}低保评定不公",
                text=matters.ACCUSATION_TEXT.format(place=stage.units[code].short_name),
                channel="mailbox",
                received_at=at,
                purpose="accusation",
                category="民政与社会救助/社会救助/最低生活保障",
                place_unit_id=stage.units[code].pk,
                parties=(_person(stage),),
                accused_unit_ids=(stage.units[code].pk,),
            ),
            by=SYSTEM,
            at=at,
        ).case
    actor = Actor(stage, case, at)
    try:
        actor.wait(0.3, 3)
        actor.do("inspection", "accept")
        actor.wait(2, 9)
        actor.do("inspection", "note", text="已调取评定会议记录和公示照片。")
    except TooLate:
        return
