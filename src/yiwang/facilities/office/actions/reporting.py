"""Writing a report that is to go up; what follows is steps of its case."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yiwang.facilities.office.actions.acts import demand
from yiwang.facilities.office.casetypes import report_2026
from yiwang.facilities.office.enums import ReportTopic
from yiwang.facilities.office.faults import Classified, NotThese
from yiwang.facilities.office.policies import OFFICE_ROLES
from yiwang.facilities.office.secrecy import mark_in
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.actions import Matter, register
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.orgs.queries import tree

SOURCE = "office.report"


@dataclass(frozen=True)
class NewReport:
    """What is to be reported, and to which unit; `key` tells the same form sent twice from two reports."""

    title: str
    text: str
    topic: str
    to_unit_id: int
    key: str = ""


def write_report(new: NewReport, *, unit_id: int, by: Standing, at: datetime) -> Case:
    """Write a report in the name of a unit; it waits there until the unit's head sends it up.

    The same form twice is one report. Raises `Classified`, `NotPermitted`, `NotThese`.
    """
    demand(by.account_id is not None and by.roles_at(unit_id) & OFFICE_ROLES, "write")
    if mark := mark_in(f"{new.title}\n{new.text}"):
        raise Classified(mark)
    if new.topic not in ReportTopic.values:
        raise NotThese(_("Please choose what the report is about."))
    units = tree()
    if new.to_unit_id == unit_id or new.to_unit_id not in {unit.pk for unit in units.valid(on=local_day(at))}:
        raise NotThese(_("A report goes up to another unit."))
    key = new.key[:60] or None
    if key is not None:
        sent = Case.objects.filter(visible(by), source=SOURCE, source_key=key).first()
        if sent is not None:
            return sent
    matter = Matter(
        type_key=report_2026.KEY,
        root_unit_id=unit_id,
        title=new.title,
        text=new.text,
        channel=Channel.WEB,
        received_at=at,
        category=new.topic,
        facts={"meant_for": new.to_unit_id},
        source=SOURCE if key else "",
        source_key=key,
        has_receipt=False,
    )
    return register(matter, by=by, at=at).case
