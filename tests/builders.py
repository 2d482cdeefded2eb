"""Builders for tests: a small county and its matters, made through the actions, never past them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.access.queries import forget_standings, standing_of
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.casework.actions import Matter, PartyData, Registered, register, take
from yiwang.kernel.casework.models import Case, JournalEntry
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.actions import create_account, grant_post, propose_post
from yiwang.kernel.people.models import Account

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Noon in China on the day the tests take for today."""

LONG_AGO = date(2000, 1, 1)
PASSWORD = "correct horse battery"
_numbers = count(1)


@dataclass
class County:
    """A small county: its units by a short name, and a person for each role at each."""

    units: dict[str, Unit] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def unit(self, name: str) -> Unit:
        """The unit of that short name."""
        return self.units[name]

    def standing(self, name: str) -> Standing:
        """The standing of "office.clerk", "water.head", "county.leader", "admin", …"""
        return standing_of(self.accounts[name].pk)

    @contextmanager
    def asking_as(self, name: str) -> Iterator[Standing]:
        """Ask the database as one of the county's people."""
        standing = self.standing(name)
        with acting_as(standing):
            yield standing


def an_account(name: str = "", *, password: str = PASSWORD) -> Account:
    """An account without posts."""
    number = next(_numbers)
    return create_account(username=f"user{number}", name=name or f"职员{number}", password=password, at=NOON)


def a_post(
    account: Account, unit: Unit, role: str, *, from_on: date = LONG_AGO, until_on: date | None = None
) -> None:
    """A post that counts."""
    grant_post(
        propose_post(account, unit=unit, role=role, from_on=from_on, until_on=until_on, by=None, at=NOON),
        by=None,
        at=NOON,
    )
    forget_standings(account.pk)


UNITS: tuple[tuple[str, str, str, str | None, tuple[str, ...]], ...] = (
    ("county", "云川县", UnitKind.COUNTY, None, ()),
    ("office", "信访局", UnitKind.OFFICE, "county", ("petitions.intake",)),
    ("inspection", "督查室", UnitKind.OFFICE, "county", ("petitions.supervision",)),
    ("water", "水务局", UnitKind.DEPARTMENT, "county", ()),
    ("housing", "住建局", UnitKind.DEPARTMENT, "county", ()),
    ("chengguan", "城关镇", UnitKind.TOWNSHIP, "county", ()),
    ("heping", "和平乡", UnitKind.TOWNSHIP, "county", ()),
)


def a_county() -> County:
    """Seven units; clerk and head at each but the county, which has a leader; admin, security, auditor."""
    county = County()
    for short, name, kind, parent, functions in UNITS:
        county.units[short] = found_unit(
            code=f"{short}{next(_numbers)}",
            name=name,
            kind=kind,
            valid_from_on=LONG_AGO,
            parent=county.units[parent] if parent else None,
            functions=functions,
        )
        for role in ("clerk", "head") if parent else ("leader",):
            account = county.accounts[f"{short}.{role}"] = an_account(f"{name}{role}")
            a_post(account, county.units[short], role)
    for key, role in (("admin", "administrator"), ("security", "security_officer"), ("auditor", "auditor")):
        county.accounts[key] = an_account(key)
        a_post(county.accounts[key], county.units["county"], role)
    return county


def a_petition(county: County, *, by: Standing = SYSTEM, at: datetime = NOON, **changes: Any) -> Registered:
    """A petition registered at the petition office; any field of `Matter` may be changed."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "type_key": "petition",
        "root_unit_id": county.unit("office").pk,
        "title": f"村口水管漏水第{number}次反映",
        "text": "村口主水管漏水已有半月,路面结冰,请尽快派人修理。",
        "channel": "web",
        "received_at": at,
        "purpose": "claim",
        "category": "城乡建设/城市建设和市政管理/供水",
        "parties": (PartyData(name="欧阳建华", phone="13900000000"),),
    }
    with acting_as(by):
        return register(Matter(**{**fields, **changes}), by=by, at=at)


def moved(
    case: Case | int, verb: str, *, by: Standing = SYSTEM, at: datetime = NOON, **data: Any
) -> JournalEntry:
    """One step of a case, taken as somebody."""
    case_id = case if isinstance(case, int) else case.pk
    with acting_as(by):
        return take(case_id, verb, by=by, at=at, data=data)


ANSWER = {
    "outcome": "supported",
    "facts": "经现场查看,主水管接头老化。",
    "opinion": "已更换接头,恢复供水。",
    "basis": "《信访工作条例》第三十二条",
}


def an_answered_petition(county: County, *, at: datetime = NOON, **changes: Any) -> Case:
    """A petition that went office → water → chengguan and came back answered."""
    case = a_petition(county, at=at, **changes).case
    day = timedelta(days=1)
    moved(case, "forward", by=county.standing("office.clerk"), at=at + day, unit_id=county.unit("water").pk)
    moved(
        case,
        "forward",
        by=county.standing("water.clerk"),
        at=at + 2 * day,
        unit_id=county.unit("chengguan").pk,
    )
    moved(case, "accept", by=county.standing("chengguan.clerk"), at=at + 3 * day)
    moved(case, "answer", by=county.standing("chengguan.clerk"), at=at + 9 * day, **ANSWER)
    moved(case, "approve", by=county.standing("water.head"), at=at + 10 * day)
    moved(case, "issue", by=county.standing("office.head"), at=at + 11 * day)
    with acting_as(SYSTEM):
        return Case.objects.get(pk=case.pk)
