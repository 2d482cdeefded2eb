"""An accusation with all that belongs to it, those who may see it, and those who must never hear of it.

Whoever is kept away holds the same posts as those who may see it, so that nothing but the rule keeps them
away: what an attempt doesn't find for them, it would have found.
"""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.test import Client

from tests.architecture.world import BACKEND, PICTURE
from tests.builders import NOON, County, a_county, a_petition, a_post, an_account, moved
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.queries import forget_standings, standing_of
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework import watching
from yiwang.kernel.casework.actions import FileData, PartyData
from yiwang.kernel.casework.models import Attachment, Case, ClockRecord, Letter
from yiwang.kernel.files.actions import store
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.orgs.actions import found_unit, merge_unit
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.queries import forget_tree
from yiwang.kernel.people.actions import delegate
from yiwang.kernel.people.models import Account, Post

TITLE = "铁盒招标收受好处费"
TEXT = "铁盒工程招标中有人收受好处费,经手人把现金装在铁盒里,当晚送到城东茶楼,账目附后。"
SIMILAR = TEXT.replace("铁盒", "纸袋")
ACCUSER, PHONE = "司马青衫", "13812345678"
FILE = "铁盒账目7731.png"
SAVED = "/desk/all/?purpose=accusation"
DAY = timedelta(days=1)

CONTROLS = ("control", "control leader")
KEPT_AWAY = (
    "accused by name",
    "accused leader",
    "recused after watching",
    "also works at the accused unit",
    "works at a part of the accused unit",
    "leads and heads the accused unit",
    "deputy of the accused",
    "deputy at the accused unit",
    "moved by a merger",
    "at the unit that took the accused one over",
    "at the accused unit only",
)


@dataclass
class Accusation:
    """The matter, what hangs on it, another matter that repeats it, one that may, and the people."""

    county: County
    people: dict[str, Account] = field(default_factory=dict)
    case: Case = field(init=False)
    code: str = ""
    repeating: Case = field(init=False)
    similar: Case = field(init=False)
    attachment_id: int = 0
    letter_ids: tuple[int, ...] = ()
    clock: tuple[str, int] = ("", 0)

    def standing(self, who: str) -> Standing:
        """What follows from somebody's posts."""
        return standing_of(self.people[who].pk)

    def browser(self, who: str) -> Client:
        """A browser in which somebody is signed in."""
        client = Client()
        client.force_login(self.people[who], backend=BACKEND)
        return client


def an_accusation() -> Accusation:
    """The water bureau and two people stand accused; the inspection has the matter in hand."""
    forget_standings()
    forget_tree()
    world = Accusation(a_county())
    _people(world)
    _matters(world)
    _later_ties(world)
    _what_hangs_on_it(world)
    forget_standings()
    forget_tree()
    return world


def _people(world: Accusation) -> None:
    unit = world.county.unit
    for who in (*CONTROLS, *KEPT_AWAY):
        person = world.people[who] = an_account(f"{who}")
        if who in ("deputy of the accused", "deputy at the accused unit"):
            a_post(person, unit("heping"), "clerk")
        elif who == "at the accused unit only":
            a_post(person, unit("water"), "head")
        elif "lead" in who:
            a_post(person, unit("county"), "leader")
        else:
            a_post(person, unit("office"), "clerk")
            a_post(person, unit("inspection"), "head")


def _matters(world: Accusation) -> None:
    county, control = world.county, world.standing("control")
    inspection = county.unit("inspection").pk
    file = FileData(store(io.BytesIO(PICTURE), filename=FILE, at=NOON, limit_bytes=10_000), FILE)
    same = {"title": TITLE, "text": TEXT, "parties": (PartyData(name=ACCUSER, phone=PHONE),)}
    registered = a_petition(
        county,
        by=control,
        purpose="accusation",
        accused_unit_ids=(county.unit("water").pk,),
        accused_account_ids=(world.people["accused by name"].pk, world.people["accused leader"].pk),
        files=(file,),
        **same,
    )
    world.case, world.code = registered.case, registered.receipt_code
    moved(world.case, "forward", by=control, at=NOON + DAY, unit_id=inspection)
    moved(world.case, "accept", by=control, at=NOON + 2 * DAY)
    plain = {**same, "title": "茶楼噪声扰民", "text": "城东茶楼夜里噪声扰民,请管一管。"}
    world.repeating = a_petition(county, by=control, **plain).case
    moved(
        world.repeating, "link_repeat", by=control, earlier_case_id=world.case.pk, reasons=f"同一人,见{TITLE}"
    )
    world.similar = a_petition(county, by=control, **{**same, "title": "再次反映招标", "text": SIMILAR}).case


def _later_ties(world: Accusation) -> None:
    """What ties people to the accused after the matter came in."""
    county, people = world.county, world.people
    section = found_unit(
        code="watersection",
        name="供水科",
        kind=UnitKind.SECTION,
        valid_from_on=date(2000, 1, 1),
        parent=county.unit("water"),
    )
    late = found_unit(
        code="newwater",
        name="水利局",
        kind=UnitKind.DEPARTMENT,
        valid_from_on=date(2000, 1, 1),
        parent=county.unit("county"),
    )
    a_post(people["also works at the accused unit"], county.unit("water"), "clerk")
    a_post(people["works at a part of the accused unit"], section, "clerk")
    a_post(people["leads and heads the accused unit"], county.unit("water"), "head")
    a_post(people["moved by a merger"], county.unit("water"), "clerk")
    a_post(people["at the unit that took the accused one over"], late, "clerk")
    watching.watch([world.case.pk], account_id=people["recused after watching"].pk, at=NOON)
    recused = people["recused after watching"]
    moved(
        world.case,
        "recuse",
        by=world.standing("control"),
        at=NOON + 3 * DAY,
        account_id=recused.pk,
        reasons="亲属",
    )
    accused = people["accused by name"]
    for post in Post.objects.filter(account=accused):
        _stand_in(post, people["deputy of the accused"], by=accused)
    at_water = Post.objects.get(account=people["at the accused unit only"])
    _stand_in(at_water, people["deputy at the accused unit"], by=people["at the accused unit only"])
    for unit, role in (("office", "clerk"), ("inspection", "head")):
        a_post(people["deputy at the accused unit"], county.unit(unit), role)
    for unit in (section, county.unit("water")):
        merge_unit(unit, into=late, on=date(2020, 1, 1), by_account_id=None)


def _stand_in(post: Post, deputy: Account, *, by: Account) -> None:
    from_on, until_on = date(2000, 1, 1), date(2100, 1, 1)
    delegate(post, to=deputy, from_on=from_on, until_on=until_on, reason="休假", by=by, at=NOON)


def _what_hangs_on_it(world: Accusation) -> None:
    with acting_as_system():
        world.case.refresh_from_db()
        world.attachment_id = Attachment.objects.get(case=world.case).pk
        world.letter_ids = tuple(Letter.objects.filter(case=world.case).values_list("pk", flat=True))
        clock = ClockRecord.objects.filter(case=world.case)[0]
        world.clock = (clock.key, clock.node)
    facts = {"verb": "accept", "type": "petition", "version": world.case.type_version}
    for account in world.people.values():
        watching.watch([world.case.pk], account_id=account.pk, at=NOON)
        watching.save_view("检举", query=SAVED, account_id=account.pk, at=NOON)
        Notice.objects.create(
            account_id=account.pk, kind="moved", case_id=world.case.pk, facts=facts, key="k1", at=NOON
        )
