"""Builders about companies: an application, an admitted company, a removal, all made through the actions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from tests.builders import NOON, moved
from tests.institutions.community.builders import Scene, a_scene
from yiwang.institutions.community.casetypes.admission_2026 import KEY as ADMISSION
from yiwang.institutions.community.company_actions import Application, Terms, apply, enrol
from yiwang.institutions.community.company_acts import open_removal
from yiwang.institutions.community.company_models import Company
from yiwang.institutions.community.company_rules import _CODE_SIGNS, _CODE_WEIGHTS
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case
from yiwang.kernel.people.models import Account

TODAY = NOON.date()
_numbers = count(1)


def a_credit_code() -> str:
    """A code of the right form that nobody has (GB 32100: the last sign follows from the others)."""
    body = f"91540000MA{next(_numbers):07}"
    total = sum(_CODE_SIGNS.index(sign) * weight for sign, weight in zip(body, _CODE_WEIGHTS, strict=True))
    return body + _CODE_SIGNS[(31 - total % 31) % 31]


def an_application(**changes: Any) -> Application:
    """What a company that mends pipes hands in."""
    values: dict[str, Any] = {
        "name": "云川县清泉管道有限公司",
        "credit_code": a_credit_code(),
        "address": "城关镇东街8号",
        "contact": "郏水生",
        "phone": "13900000001",
        "classes": ["plumbing"],
        "areas": [],
        "certificates": [{"kind": "business", "number": "YY1", "holder": "", "until_on": "2036-01-01"}],
        "staff": [{"name": "郏水生", "work": "管道维修"}],
        "prices": {},
    }
    return Application(**{**values, **changes})


def an_applied(scene: Scene, *, at: datetime = NOON, **changes: Any) -> Case:
    """An application that the centre has received."""
    return apply(an_application(**changes), at=at).case


def an_admitted(scene: Scene, *, at: datetime = NOON) -> Company:
    """A company that applied, was verified by the clerk and admitted by the head."""
    case = an_applied(scene, at=at)
    moved(case, "verify", by=scene.standing("centre.clerk"), at=at, how="register")
    moved(case, "accept", by=scene.standing("centre.head"), at=at, **accepted_with())
    return Company.objects.select_related("unit").get(admission=case)


def accepted_with(**changes: Any) -> dict[str, Any]:
    """What the head writes when a company is admitted."""
    values = {"short_name": "清泉管道", "contract_from": "2026-11-24", "contract_until": "2027-11-23"}
    return {**values, **changes}


@dataclass
class Membership:
    """The scene with its company enrolled."""

    scene: Scene
    company: Company

    def removal(self, *, at: datetime = NOON) -> Case:
        """A removal that the centre's clerk has begun."""
        by = self.scene.standing("centre.clerk")
        return open_removal(self.company, title="多次无故爽约", text="三户居民投诉爽约。", by=by, at=at)


def a_membership(*, until_on: date = TODAY + timedelta(days=300), at: datetime = NOON) -> Membership:
    """The scene of the orders, whose company has a contract, a business licence and prices."""
    scene = a_scene()
    with acting_as_system():
        company = enrol(
            scene.county.unit("company"),
            an_application(name="安居修缮公司"),
            Terms("安居修缮", TODAY - timedelta(days=60), until_on),
            by=None,
            at=at - timedelta(days=60),
        )
    return Membership(scene, Company.objects.select_related("unit").get(pk=company.pk))


def somebody_of(membership: Membership, name: str) -> Account:
    """An account of the scene: "company.head"."""
    return membership.scene.county.accounts[name]


__all__ = ["ADMISSION", "a_membership", "an_admitted", "an_application", "an_applied"]
