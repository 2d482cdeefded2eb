"""Builders of the community: the centre with its staff, a company with a team, orders made through the actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.builders import LONG_AGO, NOON, County, a_county, a_post, an_account
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.models import Job, Offer, Team
from yiwang.institutions.community.actions import NewOrder, Ordered, order, place_locality
from yiwang.institutions.community.casetypes.order_2026 import KEY
from yiwang.institutions.community.queries import offered
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.models import Case, JournalEntry
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.enums import UnitKind

_numbers = count(1)


@dataclass
class Scene:
    """A county with a service centre, a company, and its team of one plumber."""

    county: County
    team: Team
    worker: Standing

    def standing(self, name: str) -> Standing:
        """Somebody of the county: "centre.agent", "company.clerk"."""
        return self.county.standing(name)


def a_scene() -> Scene:
    """The centre (agent, dispatcher, head, clerk), a company with clerk, head and a team that mends pipes."""
    county = a_county()
    for key, name, kind, parent, functions, roles in (
        ("centre", "社区服务中心", UnitKind.OFFICE, "county", ("community.centre",), ("clerk", "head", "agent", "dispatcher")),
        ("company", "安居修缮公司", UnitKind.COMPANY, "centre", (), ("clerk", "head", "worker")),
        ("nanguan", "南关社区", UnitKind.VILLAGE, "chengguan", (), ()),
    ):  # fmt: skip
        county.units[key] = found_unit(
            code=f"{key}{next(_numbers)}c",
            name=name,
            kind=kind,
            valid_from_on=LONG_AGO,
            parent=county.units[parent],
            functions=functions,
        )
        for role in roles:
            county.accounts[f"{key}.{role}"] = an_account(f"{name}{role}")
            a_post(county.accounts[f"{key}.{role}"], county.units[key], role)
    place_locality(county.unit("nanguan"), x=800.0, y=-400.0)
    team = dispatch.found_team(
        unit_id=county.unit("company").pk,
        name="一队",
        skills=["plumbing"],
        base_x=500.0,
        base_y=0.0,
        phone="0000-000",
        at=NOON,
    )
    dispatch.report_position(team.pk, x=500.0, y=0.0, at=NOON)
    dispatch.add_member(team.pk, county.accounts["company.worker"], at=NOON)
    return Scene(county, team, standing_of(county.accounts["company.worker"].pk))


def a_new_order(scene: Scene, *, at: datetime = NOON, name: str = "水龙头更换", **changes: Any) -> NewOrder:
    """A tap to be replaced in 南关社区, this afternoon."""
    version = offered(on=at.date()).get(name=name)
    values: dict[str, Any] = {
        "version": version,
        "place_unit_id": scene.county.unit("nanguan").pk,
        "x": 800.0,
        "y": -400.0,
        "address": "南关社区3号楼2单元",
        "window_from_at": at + timedelta(hours=2),
        "window_until_at": at + timedelta(hours=4),
        "name": "闻春生",
        "phone": f"1390000{next(_numbers):04}",
        "text": "厨房水龙头一直滴水。",
    }
    return NewOrder(**{**values, **changes})


def an_order(scene: Scene, *, at: datetime = NOON, how: str = "", **changes: Any) -> Ordered:
    """An order, verified when `how` says how."""
    return order(a_new_order(scene, at=at, **changes), at=at, how=how)


def job_of(case: Case) -> Job:
    """The live or last piece of work for an order."""
    return Job.objects.filter(subject_kind=KEY, subject_id=case.pk).order_by("-pk")[0]


def offer_of(case: Case) -> Offer:
    """The newest offer for an order."""
    return Offer.objects.filter(job__subject_kind=KEY, job__subject_id=case.pk).order_by("-pk")[0]


def offered_order(scene: Scene, *, at: datetime = NOON, **changes: Any) -> Ordered:
    """An order that was verified by a code and offered to the team."""
    ordered = an_order(scene, at=at, how="code", **changes)
    with acting_as_system():
        dispatch.decide(job_of(ordered.case).pk, at=at)
    return ordered


def assigned_order(scene: Scene, *, at: datetime = NOON, **changes: Any) -> Ordered:
    """An order that the team took on."""
    ordered = offered_order(scene, at=at, **changes)
    dispatch.accept(offer_of(ordered.case).pk, by=scene.worker, at=at)
    return ordered


def finished_order(scene: Scene, *, at: datetime = NOON, price_fen: int = 4000, **changes: Any) -> Ordered:
    """An order whose work is done."""
    ordered = assigned_order(scene, at=at, **changes)
    job = job_of(ordered.case)
    dispatch.start(job.pk, data={"pin": ordered.pin}, by=scene.worker, at=at)
    dispatch.finish(job.pk, data={"price_fen": price_fen}, by=scene.worker, at=at)
    return ordered


def step(case: Case, verb: str, *, by: Standing, at: datetime = NOON, **data: Any) -> None:
    """One step of an order."""
    with acting_as(by):
        take(case.pk, verb, by=by, at=at, data=data)


def verbs(case: Case) -> list[str]:
    """What its journal says, in order."""
    with acting_as_system():
        return list(JournalEntry.objects.filter(case=case).order_by("number").values_list("verb", flat=True))


def fresh(case: Case) -> Case:
    """The case as it is in the database now."""
    with acting_as_system():
        return Case.objects.get(pk=case.pk)
