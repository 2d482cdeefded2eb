"""Giving a task: from an instruction on a document, from a case, or from nothing but the giver's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.facilities.office.actions.acts import demand
from yiwang.facilities.office.actions.circulating import let_see
from yiwang.facilities.office.casetypes import task_2026
from yiwang.facilities.office.faults import Classified, NotThese
from yiwang.facilities.office.models import Handling, Opinion, Task
from yiwang.facilities.office.policies import OFFICE_ROLES, may_circulate, visible
from yiwang.facilities.office.queries import people_of_task
from yiwang.facilities.office.secrecy import mark_in
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.actions import Matter, register, take
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible as visible_cases
from yiwang.kernel.people.queries import posts_that_count

SOURCE = "office.task"


@dataclass(frozen=True)
class NewTask:
    """What is to be done, by whom, with whose help, by when; `days` are working days, and `due_on` wins over them.

    `key` tells the same form sent twice from two tasks.
    """

    title: str
    text: str
    holder_unit_id: int
    holder_account_id: int | None = None
    helper_unit_ids: Sequence[int] = ()
    days: int | None = None
    due_on: date | None = None
    handling_id: int | None = None
    opinion_id: int | None = None
    from_case_id: int | None = None
    key: str = ""


def give_task(new: NewTask, *, unit_id: int, by: Standing, at: datetime) -> Task:
    """Give a task in the name of a unit: one case, handed to the unit that does it, with those that help.

    Whoever does it may read the document that it comes from, if the giver may send that around. The same form
    twice, or the same instruction twice for the same people, is one task: raises `NotThese`. Raises `Classified`,
    `NotPermitted`, `BadData`.
    """
    demand(by.account_id is not None and by.roles_at(unit_id) & OFFICE_ROLES, "give")
    if mark := mark_in(f"{new.title}\n{new.text}"):
        raise Classified(mark)
    handling = _source(new, by=by)
    _check_people(new, at=at)
    if new.key:
        sent = Case.objects.filter(visible_cases(by), source=SOURCE, source_key=new.key[:60]).first()
        if sent is not None:
            return Task.objects.get(case=sent)
    try:
        with transaction.atomic():
            return _written(new, handling, unit_id=unit_id, by=by, at=at)
    except IntegrityError as twice:
        raise NotThese(_("This was given already, to the same people.")) from twice


def _written(new: NewTask, handling: Handling | None, *, unit_id: int, by: Standing, at: datetime) -> Task:
    matter = Matter(
        type_key=task_2026.KEY,
        root_unit_id=unit_id,
        title=new.title,
        text=new.text,
        channel=Channel.WEB,
        received_at=at,
        has_receipt=False,
        source=SOURCE if new.key else "",
        source_key=new.key[:60] or None,
    )
    case = register(matter, by=by, at=at).case
    with acting_as_system():
        task = Task.objects.create(
            case=case,
            handling=handling,
            opinion_id=new.opinion_id,
            from_case_id=new.from_case_id,
            given_by=by.account_id or 0,
            holder_unit_id=new.holder_unit_id,
            holder_account_id=new.holder_account_id,
        )
    helpers = [one for one in dict.fromkeys(new.helper_unit_ids) if one not in (unit_id, new.holder_unit_id)]
    for helper in helpers:
        take(case.pk, "involve", by=by, at=at, data={"unit_id": helper})
    term: dict[str, Any] = {"account_id": new.holder_account_id, "due_on": new.due_on}
    if new.due_on is None:
        term["days"] = new.days
    if new.holder_unit_id == unit_id:
        take(case.pk, "keep", by=by, at=at, data=term)
    else:
        take(case.pk, "assign", by=by, at=at, data={**term, "unit_id": new.holder_unit_id})
    if handling is not None and may_circulate(by, handling):
        with acting_as_system():
            let_see(handling, set(people_of_task(task)) - set(handling.excluded_accounts))
    return task


def _source(new: NewTask, *, by: Standing) -> Handling | None:
    """The document that the task comes from, if it is the giver's to see; and that the rest hangs together."""
    if new.from_case_id and not Case.objects.filter(visible_cases(by), pk=new.from_case_id).exists():
        raise Case.DoesNotExist
    if new.handling_id is None:
        return None
    handling = Handling.objects.filter(visible(by)).select_related("document").get(pk=new.handling_id)
    if new.opinion_id and not Opinion.objects.filter(pk=new.opinion_id, handling=handling).exists():
        raise Handling.DoesNotExist
    return handling


def _check_people(new: NewTask, *, at: datetime) -> None:
    if new.holder_account_id is None:
        return
    posts = posts_that_count(on=at.date()).filter(
        account_id=new.holder_account_id, unit_id=new.holder_unit_id, role__in=sorted(OFFICE_ROLES)
    )
    if not posts.exists():
        raise NotThese(_("This person has no post at that unit."))
