"""The county in which the generated tests open every page, and a sample for everything an address takes.

A page that takes something new needs one line in `SAMPLES`; the tests say so.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.builders import (
    ANSWER,
    NOON,
    County,
    a_county,
    a_petition,
    a_post,
    an_account,
    moved,
)
from tests.facilities.lawbook.builders import a_lawbook
from tests.open311 import a_code, a_report
from yiwang.facilities.archive import actions as archive
from yiwang.facilities.archive import actions_packages as archive_packages
from yiwang.facilities.archive.models import FilePart, FileUnit, Fonds, Package
from yiwang.facilities.archive.policies import kept_units
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch import queries as dispatch_queries
from yiwang.facilities.dispatch.models import Job, Offer, Team
from yiwang.facilities.dispatch.policies import visible_jobs
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import block, enter_service, hear, open_line, write_article
from yiwang.facilities.hotline.models import Article, Call, CallBack
from yiwang.facilities.hotline.policies import hotline_units, may_see_call, may_supervise
from yiwang.facilities.lawbook.rules.addresses import ArticleId, Reference
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.office import actions as office
from yiwang.facilities.office.models import Handling, Task
from yiwang.facilities.office.policies import may_see as may_see_document
from yiwang.institutions.community.actions import NewOrder, order, place_locality
from yiwang.institutions.community.company_actions import Application, Terms, add_certificate, enrol, take_on
from yiwang.institutions.community.company_actions import apply as apply_as_company
from yiwang.institutions.community.company_acts import say as tell_company
from yiwang.institutions.community.company_marks import count_month
from yiwang.institutions.community.company_models import Certificate, Company, CompanyAct
from yiwang.institutions.community.company_rules import months_before
from yiwang.institutions.community.models import ItemVersion, Order
from yiwang.kernel.access import locks
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.queries import forget_standings, standing_of
from yiwang.kernel.access.rules import NOBODY, SYSTEM, Standing
from yiwang.kernel.audit.actions import record
from yiwang.kernel.casework.actions import FileData, take
from yiwang.kernel.casework.models import Attachment, Case, ClockRecord, Letter, SavedView, Watch
from yiwang.kernel.casework.policies import may_see
from yiwang.kernel.channels.models import Report
from yiwang.kernel.files.actions import store
from yiwang.kernel.notices import actions as notices
from yiwang.kernel.notices.models import Announcement, AnnouncementFile, Notice
from yiwang.kernel.notices.policies import may_read, may_work_on
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import forget_tree
from yiwang.kernel.people.actions import delegate, propose_post
from yiwang.kernel.people.models import Account, Delegation, Post

BACKEND = "yiwang.kernel.people.backends.AccountBackend"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
CASE_ROLES = ("clerk", "head", "agent", "dispatcher", "leader")
SERVICE_ROLES = ("agent", "dispatcher", "worker")
ROLES = (*CASE_ROLES, "worker", "administrator", "security_officer", "auditor")


@dataclass(frozen=True)
class Asker:
    """Somebody who opens pages: a role at the unit that has the matter, at another one, or nothing."""

    role: str
    place: str

    def __str__(self) -> str:
        return f"{self.role}-{self.place}"


ASKERS = (
    *(Asker(role, place) for role in ROLES for place in ("own", "other")),
    Asker("signed_in", "no unit"),
    Asker("nobody", "no unit"),
)


@dataclass
class World:
    """A county with one of everything; `case` is held below the petition office, `account_id` is of `clerk-own`."""

    county: County
    accounts: dict[str, Account] = field(default_factory=dict)
    case: Case = field(init=False)
    code: str = ""
    attachment_id: int = 0
    letter_id: int = 0
    clock: tuple[str, int] = ("", 0)
    call: Call = field(init=False)
    call_back_id: int = 0
    application_id: int = 0

    def browser(self, asker: Asker) -> Client:
        """A browser in which that person is signed in."""
        client = Client(raise_request_exception=True)
        if asker.role != "nobody":
            client.force_login(self.accounts[str(asker)], backend=BACKEND)
        return client

    def standing(self, asker: Asker) -> Standing:
        """What follows from that person's posts."""
        return NOBODY if asker.role == "nobody" else standing_of(self.accounts[str(asker)].pk)


def a_world() -> World:
    """One of everything, in the transaction under way."""
    forget_standings()
    forget_tree()
    world = World(a_county())
    unit = world.county.unit
    own = {"clerk": "office.clerk", "head": "office.head", "leader": "county.leader"}
    own |= {"administrator": "admin", "security_officer": "security", "auditor": "auditor"}
    for role in SERVICE_ROLES:
        world.accounts[f"{role}-own"] = an_account(f"本处{role}")
        a_post(world.accounts[f"{role}-own"], unit("office"), role)
    for role in ROLES:
        if role in own:
            world.accounts[f"{role}-own"] = world.county.accounts[own[role]]
        world.accounts[f"{role}-other"] = an_account(f"别处{role}")
        a_post(world.accounts[f"{role}-other"], unit("heping"), role)
    world.accounts["signed_in-no unit"] = an_account("无岗")
    picture = store(io.BytesIO(PICTURE), filename="水管.png", at=NOON, limit_bytes=10_000)
    registered = a_petition(world.county, files=(FileData(picture, "水管.png"),))
    world.case, world.code = registered.case, registered.receipt_code
    _answered(world)
    with acting_as_system():
        paper = Letter.objects.filter(case=world.case).first()
        clock = ClockRecord.objects.filter(case=world.case).first()
        assert paper is not None
        assert clock is not None
        world.letter_id, world.clock = paper.pk, (clock.key, clock.node)
        world.attachment_id = Attachment.objects.filter(case=world.case)[0].pk
    _announced(world, number=0)
    _archive(world)
    _hotline(world)
    _centre(world)
    _documents(world, number=0)
    a_lawbook()
    grow(world, count=1)
    return world


def _documents(world: World, *, number: int) -> None:
    """A draft of the office, and a document that goes around there and is handled by its clerk."""
    office_id, clerk = world.county.unit("office").pk, world.standing(Asker("clerk", "own"))
    readers = [world.accounts[f"{role}-own"].pk for role in ("clerk", "head", "leader")]
    with acting_as_system():
        text = office.Text(
            kind="notice",
            title=f"通知{number}",
            main_units=[world.county.unit("heping").pk],
            content={"body": "一、请办理。"},
        )
        draft = office.draft(text, unit_id=office_id, by=clerk, at=NOON)
        office.save_text(draft.pk, text, edition=1, by=clerk, at=NOON)
        outside = office.FromOutside(
            kind="letter",
            title=f"来函{number}",
            origin="邻县",
            file=io.BytesIO(PICTURE),
            file_name="来函.png",
        )
        came = office.receive_outside(outside, unit_id=office_id, by=clerk, at=NOON)
        take(came.case_id or 0, "examine", by=clerk, at=NOON)
        office.circulate(came.pk, readers, by=clerk, at=NOON)
        office.assign(came.pk, account_id=clerk.account_id, by=clerk, at=NOON)
        task = office.NewTask(
            title=f"任务{number}", text="请办理。", holder_unit_id=office_id, handling_id=came.pk
        )
        office.give_task(task, unit_id=office_id, by=clerk, at=NOON)
        above = world.county.unit("county").pk
        report = office.NewReport(f"信息{number}", "昨夜抢修12处。", "民生保障", above)
        office.write_report(report, unit_id=office_id, by=clerk, at=NOON)
        series = office.open_series(office_id, mark="云信发", by=SYSTEM)
        office.reserve(series.pk, reason="留号", by=clerk, at=NOON)


def _a_team_with_work(world: World, *, number: int, at: datetime) -> None:
    """A team of the office that has one job and is offered another one; one more job waits for anybody."""
    office = world.county.unit("office").pk
    team = dispatch.found_team(
        unit_id=office, name=f"{number}队", skills=[f"skill {number}"], base_x=0, base_y=0, at=at
    )
    dispatch.add_member(team.pk, world.accounts["worker-own"], at=at)
    dispatch.report_position(team.pk, x=0, y=0, at=at)
    with acting_as_system():
        for place in range(3):
            job = dispatch.ask_for_team(
                subject_kind="sample",
                subject_id=10 * number + place,
                unit_id=office,
                title=f"修水管{number}",
                skill=f"skill {number}",
                x=0,
                y=0,
                window_from_at=at,
                window_until_at=at + timedelta(hours=2),
                minutes=60,
                is_automatic=False,  # where a site runs, its own worker leaves this one alone
                at=at,
            )
            if place:
                dispatch.decide(job.pk, at=at)
        dispatch.accept(Offer.objects.filter(job=job)[0].pk, by=SYSTEM, at=at)


def _archive(world: World) -> None:
    """The office keeps an archive with a schedule that waits for approval."""
    office = world.county.unit("office")
    fonds = archive.found_fonds(office, number="J001", by=SYSTEM, at=NOON)
    rule = {
        "source": "announcement",
        "words": "通知公告",
        "category": "WS",
        "period": "D10",
        "section": "BGS",
    }
    for _number in range(2):
        archive.propose_schedule(fonds, [rule], valid_from_on=NOON.date(), by=SYSTEM, at=NOON)
    _a_file_unit(world, number=0)


def _a_file_unit(world: World, *, number: int) -> None:
    """One file unit at each stage, with a file and a hold; one of them long expired, with a proposal."""
    picture = store(io.BytesIO(PICTURE), filename="图.png", at=NOON, limit_bytes=10_000)
    fonds, clerk = Fonds.objects.get(), world.county.standing("office.clerk")
    with acting_as_system():
        for place, year in enumerate((None, 2026, 2010, 2011)):
            found = FileUnit.objects.create(
                fonds=fonds,
                unit_id=fonds.unit_id,
                source="announcement",
                source_key=f"{number}-{place}",
                title="通知",
                author="信访局",
                dated_on=NOON.date().replace(year=2016),
                metadata={"journal": []},
                composed_at=NOON,
            )
            FilePart.objects.create(
                file_unit=found, place=1, role="attachment", name="图.png", digest=picture.digest,
                media_type=picture.media_type, size=picture.size,
            )  # fmt: skip
            if place < 2:
                archive.hold(found.pk, reason="查", by=clerk, at=NOON)
            if year:
                period = "Y" if year == 2026 else "D10"
                archive.classify(
                    found.pk, category="WS", year=year, period=period, section="BGS", by=clerk, at=NOON
                )
        archive.number(fonds, by=clerk, at=NOON)
        archive.propose_disposal(fonds, [found.pk], reason="期满", by=clerk, at=NOON)
        asked = archive_packages.ask_package(fonds, year=2026, period="Y", by=clerk, at=NOON)
        archive_packages.work_on(asked.pk, at=NOON)


def _package_id(world: World) -> int:
    with acting_as_system():
        return Package.objects.order_by("pk")[0].pk


def _file_unit_id(world: World) -> int:
    with acting_as_system():
        return FileUnit.objects.order_by("pk")[0].pk


def _announced(world: World, *, number: int) -> None:
    """The office has told its own people something, with a file; it tells the public something, and writes a draft."""
    at, office = timezone.now() - timedelta(hours=1), world.county.unit("office").pk
    clerk, head = world.county.standing("office.clerk"), world.county.standing("office.head")
    picture = store(io.BytesIO(PICTURE), filename="图.png", at=NOON, limit_bytes=10_000)
    for audience, within in ((f"unit:{office}", 3), ("public", None)):
        draft = notices.Draft(
            title=f"公告{number}",
            text="停电。",
            audience=[audience],
            must_read_within=within,
            is_on_screen=within is None,
            files=[(picture, "图.png")],
        )
        begun = notices.begin(draft, unit_id=office, by=clerk, at=at)
        notices.submit(begun.pk, by=clerk, at=at)
        notices.approve(begun.pk, by=head, at=at)
        notices.note(begun.pk, version=1, by=head, at=at)
    notices.begin(draft, unit_id=office, by=clerk, at=at)


def _announcement(world: World, audience: str) -> Announcement:
    return Announcement.objects.filter(audience=[audience], published_at__isnull=False).order_by("pk")[0]


def _for_the_office(world: World) -> Announcement:
    return _announcement(world, f"unit:{world.county.unit('office').pk}")


def _file_of(announcement: Announcement) -> int:
    return AnnouncementFile.objects.get(version__announcement=announcement).pk


def _sees_announcement(standing: Standing, world: World) -> bool:
    found = _for_the_office(world)
    return may_read(standing, found, at=timezone.now()) or may_work_on(standing, found)


def _hotline(world: World) -> None:
    """The office answers a line; its agent has a call on hand, whose caller called in vain before."""
    office = world.county.unit("office").pk
    open_line("96519", name="热线", unit_id=office)
    agent = enter_service(world.accounts["agent-own"].pk, unit_id=office, at=NOON)
    _calls(world, number=0)
    said = [
        port.CallOffered("cti", "sample", NOON, "inbound", "13900000000", "96519"),
        port.CallAnswered("cti", "sample", NOON + timedelta(seconds=5), agent_id=agent.pk),
        port.RecordingReady("cti", "sample", NOON + timedelta(seconds=6), digest="ab", seconds=1),
    ]
    for event in said:
        hear(event)
    world.call = Call.objects.get(driver_key="sample")
    world.call_back_id = CallBack.objects.get().pk
    write_article(title="热线几点上班", text="全天。", review_on=NOON.date(), by=None, at=NOON)


def _centre(world: World) -> None:
    """The office is the service centre too, with one order."""
    Unit.objects.filter(pk=world.county.unit("office").pk).update(
        functions=["petitions.intake", "community.centre"]
    )
    forget_tree()
    place_locality(world.county.unit("heping"), x=100.0, y=100.0)
    _an_order(world, number=0)
    _a_company(world.county.unit("office"), number=0)
    new = company_application(number=9_000)
    world.application_id = apply_as_company(new, at=NOON).case.pk


def company_application(*, number: int) -> Application:
    """What a company hands in."""
    return Application(
        name=f"公司{number}",
        credit_code=f"9154{number:014}",
        address="和平乡",
        contact="闻春生",
        phone="13900000000",
        classes=["plumbing"],
        areas=[],
        certificates=[{"kind": "business", "number": f"YY{number}", "holder": "", "until_on": "2036-01-01"}],
        staff=[{"name": "闻春生", "work": "维修"}],
        prices={},
    )


def _a_company(unit: Unit, *, number: int) -> None:
    """A company with all that it can have."""
    now, today = timezone.now(), timezone.localdate()
    new, terms = (
        company_application(number=number),
        Terms(f"公司{number}", today, today + timedelta(days=300)),
    )
    company = enrol(unit, new, terms, by=None, at=now)
    picture = store(io.BytesIO(PICTURE), filename="证.png", at=NOON, limit_bytes=10_000)
    until_on = today + timedelta(days=9)
    add_certificate(
        company,
        kind="driver",
        number="1",
        until_on=until_on,
        by=None,
        at=now,
        proof=FileData(picture, "证.png"),
    )
    tell_company(company, "commendation", title="服务好", words="好。", is_public=True, by=None, at=now)
    count_month(months_before(today, number=1)[0], at=now, company_ids=[company.pk])


def _more_of_companies(world: World, *, number: int) -> None:
    """One company more, and one thing more of everything that the sample's company has."""
    now, today = timezone.now(), timezone.localdate()
    unit = found_unit(
        code=f"company{number}",
        name=f"公司{number}",
        kind=UnitKind.COMPANY,
        valid_from_on=today,
        parent=world.county.unit("office"),
    )
    _a_company(unit, number=number)
    company = Company.objects.get(pk=world.county.unit("office").pk)
    add_certificate(company, kind="driver", number=str(number), until_on=today, by=None, at=now)
    take_on(company, name=f"员工{number}", work="维修", phone="", on=today)
    tell_company(company, "warning", title="警告", words="改。", is_public=True, by=None, at=now)
    apply_as_company(company_application(number=9_001 + number), at=now)


def _an_order(world: World, *, number: int) -> None:
    at = timezone.now() - timedelta(hours=1)
    new = NewOrder(
        version=ItemVersion.objects.order_by("pk")[0],
        place_unit_id=world.county.unit("heping").pk,
        x=100.0,
        y=100.0,
        address="和平乡一号",
        window_from_at=at + timedelta(hours=2),
        window_until_at=at + timedelta(hours=4),
        name="闻春生",
        phone=f"1370000{number:04}",
    )
    order(new, at=at, how="code" if number else "")


def _calls(world: World, *, number: int) -> None:
    """A call in vain of a number of its own, and one of the sample's caller that was answered elsewhere."""
    at = NOON - timedelta(minutes=number + 1)
    for caller, key in ((f"1390000{number:04}", f"missed{number}"), ("13900000000", f"earlier{number}")):
        hear(port.CallOffered("cti", key, at, "inbound", caller, "96519"))
        if key.startswith("earlier"):
            hear(port.CallAnswered("cti", key, at + timedelta(seconds=3)))
        hear(port.CallEnded("cti", key, at + timedelta(seconds=20), cause="caller"))


def _answered(world: World) -> None:
    """The office hands the matter to the water department, which answers; the office issues the answer."""
    county, case, day = world.county, world.case, timedelta(days=1)
    clerk, water = county.standing("office.clerk"), county.unit("water").pk
    moved(case, "forward", by=clerk, at=NOON + day, unit_id=water)
    moved(case, "accept", by=county.standing("water.clerk"), at=NOON + 2 * day)
    moved(case, "answer", by=county.standing("water.clerk"), at=NOON + 3 * day, **ANSWER)
    moved(case, "issue", by=county.standing("office.head"), at=NOON + 4 * day)
    with acting_as_system():
        case.refresh_from_db()


def grow(world: World, *, count: int) -> None:
    """More of everything a page may list: matters, people, posts, delegations, units, notices, log, views."""
    now, today = timezone.now(), timezone.localdate()
    county, clerk = world.county, world.accounts["clerk-own"]
    admin = county.accounts["admin"]
    post = Post.objects.get(account=clerk)
    already = Account.objects.count()
    for number in range(already, already + count):
        _a_team_with_work(world, number=number, at=now)
        registered = a_petition(county, at=now - timedelta(days=3))
        person = an_account(f"新人{number}")
        a_post(person, county.unit("water"), "clerk")
        propose_post(person, unit=county.unit("housing"), role="head", from_on=today, by=admin, at=now)
        delegate(
            post,
            to=person,
            from_on=today,
            until_on=today + timedelta(days=9),
            reason="休假",
            by=clerk,
            at=now,
        )
        found_unit(
            code=f"grown{number}",
            name=f"新村{number}",
            kind=UnitKind.VILLAGE,
            parent=county.unit("heping"),
            valid_from_on=today,
        )
        record("account.created", at=now, actor=admin.pk, subject_kind="account", subject_id=person.pk)
        facts = {"verb": "register", "type": "petition", "version": registered.case.type_version}
        for account in world.accounts.values():
            case_id = registered.case.pk
            Notice.objects.create(
                account_id=account.pk, kind="moved", case_id=case_id, facts=facts, key=f"k{number}", at=now
            )
            Watch.objects.create(account_id=account.pk, case_id=case_id, since_at=now)
        SavedView.objects.create(account_id=clerk.pk, name=f"视图{number}", query="?", created_at=now)
        _calls(world, number=number)
        _announced(world, number=number)
        _a_file_unit(world, number=number)
        _more_of_companies(world, number=number)
        write_article(title=f"条目{number}", text="内容。", review_on=today, by=None, at=now)
        head = world.accounts["head-own"].pk
        block(f"1380000{number:04}", reason="骚扰", until_at=now + timedelta(days=1), by=head, at=now)
        a_report(at=now - timedelta(days=3))
        _an_order(world, number=number + 1)
        _documents(world, number=number)
        a_lawbook({f"灯法{number}(2020-01-01).md": f"# 灯法{number}号\n\n第一条 灯会。\n\n第二条 灯会。\n"})
    forget_standings()


def _own_delegation(world: World) -> int:
    return Delegation.objects.filter(made_by=world.accounts["clerk-own"])[0].pk


def _order_id(world: World) -> int:
    with acting_as_system():
        return Order.objects.order_by("pk")[0].pk


def _handling(world: World, direction: str) -> Handling:
    with acting_as_system():
        return Handling.objects.filter(unit=world.county.unit("office"), direction=direction).order_by("pk")[
            0
        ]


def _task_case(world: World) -> int:
    with acting_as_system():
        return Task.objects.filter(handling=_handling(world, "in")).order_by("pk")[0].case_id


def _report_case(world: World) -> int:
    with acting_as_system():
        return Case.objects.filter(type_key="information_report").order_by("pk")[0].pk


def _own_view(world: World) -> int:
    return SavedView.objects.filter(account_id=world.accounts["clerk-own"].pk)[0].pk


SAMPLES: dict[str, Callable[[World], object]] = {
    "case_id": lambda world: world.case.pk,
    "handling_id": lambda world: _handling(world, "in").pk,
    "office:text/handling_id": lambda world: _handling(world, "out").pk,
    "office:of_case/case_id": lambda world: _handling(world, "in").case_id,
    "office:task_source/case_id": _task_case,
    "office:report_marks/case_id": _report_case,
    "office:file/form": lambda world: "original",
    "attachment_id": lambda world: world.attachment_id,
    "letter_id": lambda world: world.letter_id,
    "verb": lambda world: "archive",
    "length": lambda world: 1,
    "casework:why/key": lambda world: world.clock[0],
    "casework:why/node": lambda world: world.clock[1],
    "announcement_id": lambda world: _for_the_office(world).pk,
    "notices:edit/announcement_id": lambda world: Announcement.objects.filter(published_at=None)[0].pk,
    "notices:public_announcement/announcement_id": lambda world: _announcement(world, "public").pk,
    "notices:public_file/announcement_id": lambda world: _announcement(world, "public").pk,
    "notices:public_file/file_id": lambda world: _file_of(_announcement(world, "public")),
    "file_unit_id": _file_unit_id,
    "package_id": _package_id,
    "archive:part_file/place": lambda world: 1,
    "file_id": lambda world: _file_of(_for_the_office(world)),
    "view_id": _own_view,
    "code": lambda world: world.code,
    "ui:language/code": lambda world: "en",
    "key": lambda world: "petition",
    "version": lambda world: world.case.type_version,
    "kind": lambda world: "petition",
    "question": lambda world: "what",
    "unit_id": lambda world: world.county.unit("water").pk,
    "account_id": lambda world: world.accounts["clerk-own"].pk,
    "job_id": lambda world: Job.objects.filter(state="accepted")[0].pk,
    "team_id": lambda world: Team.objects.order_by("pk")[0].pk,
    "dispatch:phone_act/kind": lambda world: "accept",
    "dispatch:phone_act/subject_id": lambda world: Offer.objects.filter(state="offered")[0].pk,
    "delegation_id": _own_delegation,
    "call_id": lambda world: world.call.pk,
    "call_back_id": lambda world: world.call_back_id,
    "agent_account_id": lambda world: world.accounts["agent-own"].pk,
    "article_id": lambda world: Article.objects.order_by("pk")[0].pk,
    "hotline:cti/token": lambda world: "wrong",
    "channels:open311_listing/case_id": lambda world: Report.objects.all()[0].case_id,
    "community:taken/case_id": _order_id,
    "community:order_section/case_id": _order_id,
    "community:call_back/case_id": _order_id,
    "community:class/key": lambda world: "plumbing",
    "community:item/code": lambda world: "0101",
    "community:begin/code": lambda world: "0101",
    "community:edit_item/code": lambda world: "0101",
    "community:application_section/case_id": lambda world: world.application_id,
    "community:apply_question/question": lambda world: "company",
    "community:company/unit_id": lambda world: world.county.unit("office").pk,
    "community:company_figure/unit_id": lambda world: world.county.unit("office").pk,
    "community:public_company/unit_id": lambda world: world.county.unit("office").pk,
    "figure": lambda world: "response",
    "act_id": lambda world: CompanyAct.objects.order_by("pk")[0].pk,
    "certificate_id": lambda world: Certificate.objects.exclude(digest="").order_by("pk")[0].pk,
    "community:map/unit_id": lambda world: world.county.unit("heping").pk,
    "community:book/question": lambda world: "place",
    "form": lambda world: "xml",
    "service_code": lambda world: a_code(),
    "service_request_id": lambda world: Report.objects.all()[0].case_id,
    "ref": lambda world: Reference("灯会法"),
    "eid": lambda world: ArticleId(Number(2)),
    "place": lambda world: 1,
    "token": lambda world: Report.objects.all()[0].token,
}
"""What an address is given: by the name of what it takes, or by page and name where one name means two things."""


def arguments(name: str, takes: tuple[str, ...], world: World) -> dict[str, object]:
    """The samples for one page; fails with the name of what lacks one."""
    found = {}
    for taken in takes:
        sample = SAMPLES.get(f"{name}/{taken}") or SAMPLES.get(taken)
        assert sample, f"tests/architecture/world.py has no sample for {taken!r}, which {name} takes"
        found[taken] = sample(world)
    return found


def _of_clerk(standing: Standing, world: World) -> bool:
    return standing.account_id == world.accounts["clerk-own"].pk


def _sees_job(standing: Standing, world: World) -> bool:
    return Job.objects.filter(visible_jobs(standing), pk=SAMPLES["job_id"](world)).exists()


def _sees_team(standing: Standing, world: World) -> bool:
    return dispatch_queries.teams_seen(standing).filter(pk=SAMPLES["team_id"](world)).exists()


MAY_SEE: dict[str, Callable[[Standing, World], bool]] = {
    "announcement_id": _sees_announcement,
    "file_unit_id": lambda standing, world: world.county.unit("office").pk in kept_units(standing),
    "package_id": lambda standing, world: world.county.unit("office").pk in kept_units(standing),
    "job_id": _sees_job,
    "team_id": _sees_team,
    "case_id": lambda standing, world: may_see(standing, world.case),
    "handling_id": lambda standing, world: may_see_document(standing, _handling(world, "in")),
    "delegation_id": _of_clerk,
    "view_id": _of_clerk,
    "call_id": lambda standing, world: may_see_call(standing, world.call),
    "call_back_id": lambda standing, world: world.call.unit_id in hotline_units(standing),
    "agent_account_id": lambda standing, world: may_supervise(standing, world.call.unit_id),
}
"""Who may see the sample: the policy of its module. What isn't named here is for whoever may open the page."""


def read(response: Any) -> Any:
    """An answer read to its end, so that the file behind it is closed."""
    if response.streaming:
        list(response)
    return response


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves nothing behind, in the database or in what is remembered of it."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
    locks.forget()
    forget_standings()
    forget_tree()
