"""The demo's companies: papers and contracts of those that are members, applications, marks, a removal under way."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from yiwang.institutions.community.company_actions import (
    Application,
    Terms,
    add_certificate,
    apply,
    check_certificate,
    enrol,
)
from yiwang.institutions.community.company_acts import open_removal, say
from yiwang.institutions.community.company_marks import count_month
from yiwang.institutions.community.company_models import Company
from yiwang.institutions.community.company_rules import months_before
from yiwang.institutions.community.queries import offered
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.casework.actions import take
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.models import Account

MEMBERS: tuple[tuple[str, str, str, tuple[str, ...], int, tuple[tuple[str, str], ...]], ...] = (
    ("anju", "91540000MA0000001G", "鄢听雨", ("plumbing", "electrics", "gas", "drains", "renovation", "furniture"), 290, (("郏水生", "水电维修"), ("璩开元", "管道疏通"))),
    ("jiehe", "91540000MA0000002E", "逯文绣", ("cleaning", "housekeeping", "appliance_care", "child_care"), 24, (("桓素云", "保洁"), ("鞠小满", "家政"))),
    ("kanghu", "91540000MA0000003C", "晁知暖", ("elder_care", "health"), 400, (("宓怀仁", "护理"),)),
    ("suida", "91540000MA0000004A", "麴行舟", ("moving", "logistics"), 150, (("竺大力", "搬运"),)),
)  # fmt: skip
"""Unit, credit code, contact, classes, days that the contract still lasts, people."""

APPLICANTS: tuple[tuple[str, str, str, tuple[str, ...], str, int], ...] = (
    ("云川县明安电器维修有限公司", "91540000MA00000058", "尉迟明", ("electrics", "appliance_care"), "", 2),
    ("云川县绿源害虫防治服务部", "91540000MA00000066", "公冶清", ("cleaning",), "缺少有害生物防治证书复印件，请补交。", 6),
    ("云川县安心陪护服务有限公司", "91540000MA00000074", "闻人和", ("elder_care",), "verified", 9),
)  # fmt: skip


def admit_companies(units: Mapping[str, Unit], accounts: Mapping[str, int], *, at: datetime) -> int:
    """Give the companies contracts, papers and marks; returns how many are members."""
    clerk, head = (Account.objects.get(pk=accounts[name]) for name in ("centre", "centre.head"))
    members = {}
    for code, credit_code, contact, classes, days, staff in MEMBERS:
        new = _application(units[code].name, credit_code, contact, classes, staff, at=at)
        ends_on = at.date() + timedelta(days=days)
        terms = Terms(units[code].short_name, ends_on - timedelta(days=365), ends_on, verified_by=clerk.pk)
        members[code] = enrol(units[code], new, terms, by=head, at=at - timedelta(days=240))
    _papers(members, clerk=clerk, at=at)
    for name, credit_code, contact, classes, life, ago in APPLICANTS:
        came_at = at - timedelta(days=ago)
        new = _application(name, credit_code, contact, classes, ((contact, "负责人"),), at=at)
        case_id = apply(new, by=SYSTEM, at=came_at).case.pk
        if life == "verified":
            take(
                case_id,
                "verify",
                by=standing_of(clerk.pk),
                at=came_at + timedelta(days=2),
                data={"how": "register"},
            )
        elif life:
            take(
                case_id,
                "ask",
                by=standing_of(clerk.pk),
                at=came_at + timedelta(days=1),
                data={"missing": life},
            )
    words = "全年居民回访满意率居前，冬季水管抢修随叫随到。"
    say(
        members["anju"],
        "commendation",
        title="2025年度优质服务企业",
        words=words,
        is_public=True,
        by=head,
        at=at - timedelta(days=40),
    )
    words = "连续两次未在约定时间内上门且未提前告知，责令整改。"
    say(
        members["suida"],
        "warning",
        title="未按约定时间上门",
        words=words,
        is_public=True,
        by=head,
        at=at - timedelta(days=35),
    )
    _removal(members["suida"], by=clerk.pk, at=at - timedelta(days=2))
    today = at.date()
    for month_on in (months_before(today, number=1)[0], today.replace(day=1)):
        count_month(month_on, at=at)
    return len(members)


def _application(
    name: str,
    credit_code: str,
    contact: str,
    classes: tuple[str, ...],
    staff: tuple[tuple[str, str], ...],
    *,
    at: datetime,
) -> Application:
    """What a company hands in, with a price a little under the ceiling for its first items."""
    versions = offered(on=at.date()).filter(item__service_class__key__in=classes)[:6]
    return Application(
        name=name,
        credit_code=credit_code,
        address="云川县城关镇东街",
        contact=contact,
        phone="0000-0000200",
        classes=classes,
        areas=[],
        certificates=[
            {
                "kind": "business",
                "number": credit_code,
                "holder": "",
                "until_on": (at.date() + timedelta(days=3000)).isoformat(),
            }
        ],
        staff=[{"name": person, "work": work} for person, work in staff],
        prices={version.item.code: version.price_fen for version in versions},
    )


def _papers(members: Mapping[str, Company], *, clerk: Account, at: datetime) -> None:
    """Licences: one that runs out in five days, one that waits to be checked."""
    soon = at.date() + timedelta(days=5)
    until = at.date() + timedelta(days=300)
    for code, kind, number, holder, until_on, is_checked in (
        ("anju", "electrician", "T540000001", "郏水生", until, True),
        ("anju", "gas_fitter", "R540000007", "郏水生", soon, True),
        ("anju", "electrician", "T540000019", "璩开元", until, False),
        ("kanghu", "care_worker", "H540000003", "宓怀仁", until, True),
    ):
        one = add_certificate(
            members[code],
            kind=kind,
            number=number,
            holder=holder,
            until_on=until_on,
            by=None,
            at=at - timedelta(days=3),
        )
        if is_checked:
            check_certificate(one.pk, is_good=True, reason="", by=clerk, at=at - timedelta(days=2))


def _removal(company: Company, *, by: int, at: datetime) -> None:
    """The company has been notified and may state its case."""
    text = "警告后一个月内又有两次未按约定时间上门，居民在回访中要求更换公司。"
    case = open_removal(company, title="警告后仍未按约定时间上门", text=text, by=standing_of(by), at=at)
    grounds = {"grounds": "警告后一个月内又有两次未按约定时间上门，违反加盟协议。"}
    take(case.pk, "notify", by=standing_of(by), at=at + timedelta(hours=2), data=grounds)
