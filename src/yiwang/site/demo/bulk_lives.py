"""Lives of a great many matters: each is a journal made by the pure rules, without a database.

What the one door checks (order of verbs, four eyes, service before conclusion) the stories keep by themselves;
`yiwang verify clocks` finds any that doesn't.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from yiwang.kernel.calendar.rules import WorkingCalendar
from yiwang.kernel.casework.models import Case, Letter, Party
from yiwang.kernel.casework.receipts import ALPHABET, LENGTH, digest
from yiwang.kernel.casework.rules.casetype import CaseType
from yiwang.kernel.casework.rules.clocks import TermSetting
from yiwang.kernel.casework.rules.progress import Entry, Progress, advance, step_for
from yiwang.kernel.orgs.queries import UnitTree
from yiwang.site.demo import bulk_words as words
from yiwang.site.demo import matters
from yiwang.site.demo.county import GIVEN, SURNAMES
from yiwang.site.demo.matters import DemoMatter

CHINA = ZoneInfo("Asia/Shanghai")
YEARS = 3
LONG_STORY_EVERY = 50
"""Every so many matters one has a journal of fifteen entries."""

CHANNELS = ("web", "counter", "phone", "letter")
CHANNEL_WEIGHTS = (50, 28, 14, 8)
STOPS = (
    *("register", "forward", "accept", "answer", "issue", "serve", "conclude", "archive", "decline"),
    "supervise",
)
STOP_WEIGHTS = (5, 7, 11, 2, 13, 8, 16, 28, 9, 1)
"""How far matters get when time allows; the rest waits where it is, some of it long overdue."""


@dataclass(frozen=True)
class Ground:
    """All that stories stand on: units and clerks by code, the procedure, the calendar, the end of time."""

    units: Mapping[str, int]
    clerks: Mapping[str, int]
    tree: UnitTree
    departments: tuple[str, ...]
    townships: tuple[str, ...]
    places: tuple[str, ...]
    case_type: CaseType
    calendar: WorkingCalendar
    settings: Mapping[str, TermSetting]
    end_at: datetime
    first_id: int
    number: int
    seed: int


@dataclass
class Life:
    """One matter's row, people and journal, with the standing after each entry."""

    case: Case
    matter: DemoMatter
    place: str
    petitioner: Party
    accused: list[Party] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    standings: list[Progress] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)


class Over(Exception):
    """The next step would lie in the future, or the story stops here."""


class Teller:
    """Tells lives from one die; the same seed and ground tell the same lives."""

    def __init__(self, ground: Ground, seed: str) -> None:
        self.ground = ground
        self.dice = random.Random(seed)
        self.at = ground.end_at
        self._skewed = list(accumulate(1 / (rank + 2) ** 1.1 for rank in range(len(ground.departments))))
        self._topics = list(accumulate(1 / (rank + 3) for rank in range(len(matters.MATTERS))))

    def life(self, index: int) -> Life:
        """The `index`-th matter of the ground, from its registration as far as it gets."""
        stop = self.dice.choices(STOPS, STOP_WEIGHTS)[0]
        is_long = index % LONG_STORY_EVERY == LONG_STORY_EVERY - 1
        life = self._beginning(index, is_accusation=stop == "supervise" and not is_long)
        try:
            if is_long:
                self._long(life)
            elif stop == "supervise":
                self._supervision(life)
            else:
                self._story(life, stop)
        except Over:
            pass
        return life

    # How a matter begins

    def _beginning(self, index: int, *, is_accusation: bool) -> Life:
        ground, dice = self.ground, self.dice
        matter = self._topic()
        place_code = dice.choice(ground.places)
        place_id = ground.units[place_code]
        place = ground.tree.get(place_id).short_name
        received_at = self._received_at(index)
        channel = "mailbox" if is_accusation else dice.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
        registered_at = received_at
        if channel in ("counter", "phone"):
            registered_at = received_at + timedelta(minutes=dice.randint(1, 20))
        pk = ground.first_id + index
        root = "inspection" if is_accusation else "office"
        case = Case(
            pk=pk,
            type_key=ground.case_type.key,
            type_version=ground.case_type.version,
            institution=ground.case_type.institution,
            number=f"{ground.case_type.number_prefix}{received_at.year}-{pk:06d}",
            title=self._title(matter, place),
            text=self._text(matter, place),
            channel=channel,
            purpose="accusation" if is_accusation else matter.purpose,
            category=matter.category,
            place_unit_id=place_id,
            place=f"{place}{dice.randint(1, 9)}组",
            facts={"signing": "signed", "electronic_service": channel == "web"},
            received_on=received_at.date(),
            received_at=received_at,
            registered_at=min(registered_at, ground.end_at),
            receipt_digest=digest("".join(dice.choices(ALPHABET, k=LENGTH))),
            root_unit_id=ground.units[root],
            is_confidential=is_accusation,
        )
        life = Life(case, matter, place, self._person(pk, place))
        if is_accusation:
            accused_id = ground.units[dice.choice(ground.townships)]
            case.excluded_units = [accused_id]
            life.accused.append(Party(case_id=pk, role="accused", unit_id=accused_id))
        self.at = case.registered_at
        account_id = ground.clerks[root] if channel in ("counter", "phone", "letter") else None
        told = {
            "unit_id": case.root_unit_id,
            "received_on": case.received_on.isoformat(),
            "channel": channel,
        }
        self._enter(life, "register", unit_id=case.root_unit_id, account_id=account_id, data=told)
        return life

    def _topic(self) -> DemoMatter:
        chance = self.dice.random()
        if chance < words.NURSE_RATE:
            return words.NURSE
        if chance < words.NURSE_RATE + words.NOISE_RATE:
            return words.NOISE
        return self.dice.choices(matters.MATTERS, cum_weights=self._topics)[0]

    def _received_at(self, index: int) -> datetime:
        """Spread evenly over the years, in the order of the numbers, in waking hours."""
        ground, dice = self.ground, self.dice
        ago = timedelta(days=365 * YEARS) * (1 - (index + dice.random()) / ground.number)
        moment = (ground.end_at - ago).astimezone(CHINA)
        if not 8 <= moment.hour <= 20:
            moment = moment.replace(hour=dice.randint(8, 20))
        moment = moment.replace(second=dice.randint(0, 59), microsecond=0)
        return min(moment, ground.end_at.astimezone(CHINA) - timedelta(minutes=dice.randint(1, 20)))

    def _title(self, matter: DemoMatter, place: str) -> str:
        title = matter.title.format(place=place)
        return f"{title},{self.dice.choice(words.TITLE_ENDS)}"[:120]

    def _text(self, matter: DemoMatter, place: str) -> str:
        dice = self.dice
        told = [matter.text.format(place=place)]
        length = len(told[0])
        wanted = dice.gauss(300, 70)
        while length < wanted:
            what = dice.choice(words.WHAT).format(n=dice.randint(2, 60))
            told.append(f"{dice.choice(words.WHEN)}{dice.choice(words.WHO)}{what}。")
            length += len(told[-1])
        told.append(dice.choice(words.ENDINGS))
        return "".join(told)

    def _person(self, case_id: int, place: str) -> Party:
        dice = self.dice
        name = dice.choice(SURNAMES) + dice.choice(GIVEN)
        phone = f"100{dice.randrange(10**8):08d}"
        return Party(
            case_id=case_id,
            role="petitioner",
            name=name,
            name_key=name,
            phone=phone,
            phone_key=phone,
            address=f"{place}{dice.randint(1, 9)}组{dice.randint(1, 90)}号",
        )

    # How time passes and steps are taken

    def _wait(self, least: float, most: float) -> None:
        moment = (self.at + timedelta(days=self.dice.uniform(least, most))).astimezone(CHINA)
        day = _working_day(self.ground.calendar, moment.date())
        hour, minute = self.dice.randint(9, 16), self.dice.randint(0, 59)
        later = datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)
        self.at = max(later, self.at + timedelta(minutes=7))
        if self.at >= self.ground.end_at:
            raise Over

    def _do(self, life: Life, who: str, verb: str, least: float = 0.3, most: float = 4, **data: Any) -> None:
        """Some days later somebody of the staff takes a step; `who` is a unit's code, with `.head` its head."""
        self._wait(least, most)
        unit_id = self.ground.units[who.removesuffix(".head")]
        self._enter(life, verb, unit_id=unit_id, account_id=self.ground.clerks[who], data=data)

    def _hear(self, life: Life, verb: str, least: float, most: float, **data: Any) -> None:
        """Some days later the person who brought the matter takes a step."""
        self._wait(least, most)
        self._enter(life, verb, unit_id=None, account_id=None, data=data)

    def _enter(
        self, life: Life, verb: str, *, unit_id: int | None, account_id: int | None, data: dict[str, Any]
    ) -> None:
        before = life.standings[-1] if life.standings else Progress()
        step = step_for(verb, before, self.ground.case_type)
        number = len(life.entries) + 1
        entry = Entry(number, verb, self.at, before.holder, unit_id, account_id, before.state, "", data)
        after = advance(before, entry, step)
        life.entries.append(
            Entry(number, verb, self.at, before.holder, unit_id, account_id, before.state, after.state, data)
        )
        life.standings.append(after)

    # What becomes of it

    def _chain(self, life: Life) -> list[str]:
        """Who gets the matter, one after another, below the petition office."""
        dice = self.dice
        if dice.random() < 0.06:
            return []
        department = (
            life.matter.unit
            if dice.random() < 0.4
            else dice.choices(self.ground.departments, cum_weights=self._skewed)[0]
        )
        return [department, self._township(life)] if dice.random() < 0.25 else [department]

    def _township(self, life: Life) -> str:
        path = self.ground.tree.get(life.case.place_unit_id or 0).path
        return next(code for code in self.ground.townships if self.ground.units[code] in path)

    def _send_down(self, life: Life, chain: Sequence[str]) -> None:
        giver = "office"
        for code in chain:
            is_slow = self.dice.random() < 0.04
            wait = (12, 20) if is_slow else (0.1, 5)
            if giver == "office" and self.dice.random() < 0.15:
                due_on = (self.at + timedelta(days=40)).date().isoformat()
                self._do(life, giver, "assign", *wait, unit_id=self.ground.units[code], due_on=due_on)
            else:
                self._do(life, giver, "forward", *wait, unit_id=self.ground.units[code])
            giver = code

    def _story(self, life: Life, stop: str) -> None:
        if stop == "register":
            return
        chain = self._chain(life)
        self._send_down(life, chain)
        handler = chain[-1] if chain else "office"
        if stop == "forward":
            return
        if stop == "decline":
            reasons = "所反映的事项已经进入诉讼程序，依法应当通过诉讼途径解决。"
            self._do(
                life,
                f"{handler}.head",
                "decline",
                1,
                10,
                reasons=reasons,
                route="请向受理案件的人民法院提出。",
            )
            self._close(life, ("serve", "conclude", "archive"))
            return
        self._do(life, handler, "accept", 0.3, 12)
        if self.dice.random() < 0.3:
            self._do(life, handler, "note", 1, 9, text=self.dice.choice(matters.NOTES))
        if stop == "accept":
            return
        self._answer(life, chain, handler)
        if stop == "answer":
            return
        self._do(life, "office.head", "issue", 0.2, 4)
        order = ("issue", "serve", "conclude", "archive")
        self._close(life, order[1 : order.index(stop) + 1])

    def _answer(self, life: Life, chain: Sequence[str], handler: str) -> None:
        outcome = self.dice.choices(("supported", "explained", "not_supported"), (7, 3, 1))[0]
        matter = life.matter
        self._do(
            life,
            handler,
            "answer",
            5,
            62,
            outcome=outcome,
            facts=matter.facts.format(place=life.place),
            opinion=matter.opinion.format(place=life.place),
            basis=matter.basis,
        )
        for code in reversed(chain[:-1]):
            self._do(life, f"{code}.head", "approve", 0.2, 4)

    def _close(self, life: Life, verbs: Sequence[str]) -> None:
        for verb in verbs:
            if verb == "serve":
                self._wait(0.2, 4)
                self._enter(
                    life,
                    "serve",
                    unit_id=life.case.root_unit_id,
                    account_id=self.ground.clerks["office"],
                    data={
                        "how": self.dice.choice(("in_person", "post")),
                        "served_on": self.at.date().isoformat(),
                    },
                )
                if self.dice.random() < 0.4:
                    grades = {
                        "grade_office": self.dice.choice((5, 5, 4, 3)),
                        "grade_unit": self.dice.choice((5, 4, 4, 2)),
                    }
                    self._hear(life, "evaluate", 0.3, 9, **grades)
            elif verb == "archive":
                self._do(life, "office", "archive", 1, 12)
            else:
                self._do(life, "office", verb, 1, 8)

    def _long(self, life: Life) -> None:
        """Fifteen entries: a wrong transfer, a township, an extension, and an answer that was served."""
        wrong = "roads" if "roads" in self.ground.units else "transport"
        chain = [life.matter.unit if life.matter.unit != wrong else "city", self._township(life)]
        handler = chain[-1]
        self._do(life, "office", "forward", 0.2, 2, unit_id=self.ground.units[wrong])
        self._do(life, wrong, "object", 0.2, 2, reasons=self.dice.choice(matters.OBJECTIONS))
        self._do(life, "office", "agree_objection", 0.2, 1)
        self._do(life, "office", "forward", 0.2, 1, unit_id=self.ground.units[chain[0]])
        self._do(life, chain[0], "forward", 0.2, 3, unit_id=self.ground.units[handler])
        self._do(life, handler, "accept", 0.3, 3)
        self._do(life, handler, "note", 1, 6, text=matters.NOTES[0])
        self._hear(life, "supplement", 0.5, 4, text=self.dice.choice(matters.SUPPLEMENTS))
        self._do(life, handler, "request_extension", 20, 40, days=30, reasons=matters.EXTENSION_REASONS)
        self._do(life, f"{handler}.head", "extend", 0.3, 2, days=30, reasons=matters.EXTENSION_REASONS)
        self._do(life, handler, "note", 2, 12, text=matters.NOTES[1])
        self._answer(life, chain, handler)
        self._do(life, "office.head", "issue", 0.2, 3)

    def _supervision(self, life: Life) -> None:
        """An accusation: the inspection office handles it itself, past the unit complained of."""
        self._do(life, "inspection", "accept", 0.3, 3)
        self._do(life, "inspection", "note", 2, 9, text="已调取评定会议记录和公示照片。")


@lru_cache(maxsize=4096)
def _working_day(calendar: WorkingCalendar, day: date) -> date:
    return calendar.next_working_day(day)
