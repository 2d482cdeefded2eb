"""What the centre does about companies: it commends, warns, removes, hears appeals, and ends a membership."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch import faults as dispatch_faults
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.models import Job, Team
from yiwang.institutions.community.casetypes import mark_appeal_2026, removal_2026
from yiwang.institutions.community.company_actions import Refused
from yiwang.institutions.community.company_enums import ActKind, Figure
from yiwang.institutions.community.company_marks import count_month, counted
from yiwang.institutions.community.company_models import Company, CompanyAct, Mark, OrderLeftOut
from yiwang.institutions.community.company_rules import APPEAL_DAYS
from yiwang.institutions.community.policies import centre
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.text import clean_line, clean_text
from yiwang.kernel.casework.actions import FileData, Matter, PartyData, register
from yiwang.kernel.casework.enums import Channel, PartyRole
from yiwang.kernel.casework.models import Case
from yiwang.kernel.orgs.actions import merge_unit
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.actions import end_post
from yiwang.kernel.people.models import Account, Post

REMOVED = "removed"
"""Why the teams of a company that is being removed are offered nothing."""

MARKS = {ActKind.COMMENDATION: "社表", ActKind.WARNING: "社警", ActKind.REMOVAL: "社清告"}
NOTICE_DAYS = 30
"""A removed company stays a unit for so long, unless the decision names another day: its work under way ends."""


@transaction.atomic
def say(
    company: Company,
    kind: str,
    *,
    title: str,
    words: str,
    is_public: bool,
    by: Account | None,
    at: datetime,
    case_id: int | None = None,
) -> CompanyAct:
    """Commend or warn a company, or make its removal known; numbered by kind and year."""
    # One number after the other: whoever says something waits for whoever is saying something.
    Unit.objects.select_for_update(no_key=True).get(pk=centre(on=timezone.localdate(at)).pk)
    year = timezone.localdate(at).year
    number = CompanyAct.objects.filter(kind=kind, number__contains=f"〔{year}〕").count() + 1
    return CompanyAct.objects.create(
        company=company,
        kind=kind,
        number=f"{MARKS[ActKind(kind)]}〔{year}〕{number}号",
        title=clean_line(title)[:80],
        words=clean_text(words),
        is_public=is_public,
        given_at=at,
        by_account=by,
        case_id=case_id,
    )


def open_removal(
    company: Company, *, title: str, text: str, files: Sequence[FileData] = (), by: Standing, at: datetime
) -> Case:
    """Begin a removal with the evidence there is. Raises `Refused` while another one is under way.

    Raises `NotPermitted` for somebody who doesn't work for the centre's office.
    """
    with acting_as_system(), transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        if removal_of(company) is not None:
            raise Refused(_("A removal of this company is under way already."))
        matter = Matter(
            type_key=removal_2026.KEY,
            root_unit_id=centre(on=timezone.localdate(at)).pk,
            title=title or company.unit.name,
            text=text,
            channel=Channel.COUNTER,
            received_at=at,
            parties=(PartyData(role=PartyRole.RESPONDENT, name=company.unit.name, unit_id=company.pk),),
            files=files,
            facts={"company": company.pk},
            has_receipt=False,
        )
        return register(matter, by=by, at=at).case


def removal_of(company: Company) -> Case | None:
    """The removal of a company that is under way, if there is one."""
    found = Case.objects.filter(type_key=removal_2026.KEY, facts__company=company.pk, ended_at__isnull=True)
    return found.order_by("-pk").first()


# ----------------------------------------------------------------------------------------- what follows from it


@transaction.atomic
def stop(company: Company, *, ends_on: date | None, by: Standing, at: datetime) -> None:
    """Offer a company's teams nothing from now on and seek others for what they haven't begun.

    Work under way is finished. The others are sought after the commit: the removal's own transaction holds the
    teams, and dispatch takes the work first. Should the machine fail in between, `seek_again` finds it.
    """
    company.is_suspended = True
    company.ends_on = ends_on or timezone.localdate(at) + timedelta(days=NOTICE_DAYS)
    company.save(update_fields=["is_suspended", "ends_on"])
    for team_id in Team.objects.filter(unit_id=company.pk).order_by("pk").values_list("pk", flat=True):
        dispatch.suspend(team_id, reason=REMOVED, by=by, at=at)
    transaction.on_commit(lambda: _seek_for(company, at=at), robust=True)


def seek_anew(company: Company, *, reason: str, at: datetime) -> int:
    """Take back what a company was offered or has taken on without beginning it, and look for somebody else.

    Each piece of work by itself, so that nothing is held while another piece is waited for. Not within a
    transaction. Returns how many were taken back.
    """
    held = Job.objects.filter(team__unit_id=company.pk, state=JobState.ACCEPTED)
    waiting = Job.objects.filter(
        offers__team__unit_id=company.pk, offers__state="offered", state=JobState.OFFERED
    )
    ids = sorted({*held.values_list("pk", flat=True), *waiting.values_list("pk", flat=True)})
    taken = 0
    for job_id in ids:
        with suppress(dispatch_faults.Refused):  # begun, given back or cancelled meanwhile
            dispatch.take_back(job_id, reason=reason, by=SYSTEM, at=at)
            taken += 1
            dispatch.decide(job_id, at=at)
    return taken


def seek_again(*, at: datetime) -> int:
    """Seek others for what companies that are being removed still have without having begun it.

    Every minute; there is something to do only when the machine failed just after a decision.
    """
    stopped = Company.objects.filter(is_suspended=True, ended_on__isnull=True).select_related("unit")
    return sum(_seek_for(company, at=at) for company in stopped)


def _seek_for(company: Company, *, at: datetime) -> int:
    with acting_as_system():
        return seek_anew(company, reason=_("The company is being removed."), at=at)


@transaction.atomic
def take_up_again(company: Company, *, by: Standing, at: datetime) -> None:
    """A removal was taken back: the company's teams are offered work again, what stood in public is lifted."""
    company.is_suspended, company.ends_on = False, None
    company.save(update_fields=["is_suspended", "ends_on"])
    stopped = Team.objects.filter(unit_id=company.pk, suspended_reason=REMOVED)
    for team_id in stopped.order_by("pk").values_list("pk", flat=True):
        dispatch.restore(team_id, by=by, at=at)
    CompanyAct.objects.filter(company=company, kind=ActKind.REMOVAL, lifted_at__isnull=True).update(
        lifted_at=at
    )


def end_memberships(today: date, *, at: datetime) -> int:
    """End every removed company whose day has come and whose removal stands; returns how many.

    Its unit goes over into the centre with what it still holds, its people's posts end. A company that is
    still at work in somebody's home, or whose objection isn't decided, stays until that is over.
    """
    due = Company.objects.filter(ends_on__lte=today, ended_on__isnull=True).select_related("unit")
    return sum(_end(company, today, at=at) for company in due)


def _end(company: Company, today: date, *, at: datetime) -> bool:
    removal = removal_of(company)
    if removal is not None and removal.state in (removal_2026.DECIDED_STATE, removal_2026.OBJECTED):
        return False
    if removal is not None and removal.state == removal_2026.SERVED and _may_still_object(removal, today):
        return False
    if Job.objects.filter(team__unit_id=company.pk, state=JobState.UNDER_WAY).exists():
        return False
    try:
        with transaction.atomic():
            into = centre(on=today)
            for post in Post.objects.filter(
                unit_id=company.pk, refused_at__isnull=True, until_on__isnull=True
            ):
                end_post(post, on=today, by=None, at=at)
            merge_unit(company.unit, into=into, on=today, by_account_id=None, at=at)
            teams = Team.objects.filter(unit_id=company.pk).order_by("pk")
            for team_id in teams.values_list("pk", flat=True):
                dispatch.change_team(team_id, {"is_active": False})
            company.ended_on = today
            company.save(update_fields=["ended_on"])
    except ValidationError:
        return False
    return True


def _may_still_object(removal: Case, today: date) -> bool:
    clock = removal.clock_records.filter(key="objection", ended_on__isnull=True).first()
    return clock is not None and clock.due_on is not None and today <= clock.due_on


# ------------------------------------------------------------------------------------------------------ appeals


def appeal(
    company: Company,
    *,
    month_on: date,
    figure: str,
    order_id: int,
    reasons: str,
    by: Account | None,
    at: datetime,
) -> Case:
    """A company says that an order mustn't count for a figure of its mark. Raises `Refused`.

    Only for an order that does count there, once, and within fifteen days after the month was counted.
    """
    mark = Mark.objects.filter(company=company, month_on=month_on).first()
    if mark is None or at > mark.counted_at + timedelta(days=APPEAL_DAYS):
        raise Refused(_("The term for an appeal against this month has ended."))
    if not reasons.strip():
        raise Refused(_("Please say why."))
    against = [row for row in counted([company.pk], month_on=month_on) if row.figure == figure]
    if not any(row.case_id == order_id and not row.is_good for row in against):
        raise Refused(_("This order isn't held against you here."))
    facts = {
        "company": company.pk,
        "month": month_on.isoformat(),
        "figure": figure,
        "order": order_id,
        "account": by.pk if by else None,
    }
    with acting_as_system(), transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        same = {key: facts[key] for key in ("company", "figure", "order")}
        if Case.objects.filter(type_key=mark_appeal_2026.KEY, facts__contains=same).exists():
            raise Refused(_("There has been an appeal about this order and this figure."))
        number = Case.objects.values_list("number", flat=True).get(pk=order_id)
        matter = Matter(
            type_key=mark_appeal_2026.KEY,
            root_unit_id=centre(on=timezone.localdate(at)).pk,
            title=f"{company.unit.short_name}：{number}",
            text=f"{Figure(figure).label}\n{clean_text(reasons)}",
            channel=Channel.WEB,
            received_at=at,
            parties=(PartyData(name=company.unit.name, unit_id=company.pk),),
            facts=facts,
            has_receipt=False,
        )
        return register(matter, by=SYSTEM, at=at).case


def leave_out(appeal_case: Case, *, at: datetime) -> None:
    """An appeal was right: the order doesn't count for the figure, and the month is counted anew."""
    facts = appeal_case.facts
    OrderLeftOut.objects.get_or_create(
        company_id=facts["company"],
        order_id=facts["order"],
        figure=facts["figure"],
        defaults={"appeal": appeal_case},
    )
    count_month(date.fromisoformat(facts["month"]), at=at, company_ids=[facts["company"]])
