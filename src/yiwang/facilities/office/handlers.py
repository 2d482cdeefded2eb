"""What follows from acts with documents: the log, notices, and who is kept away."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.office.actions import end_asking
from yiwang.facilities.office.casetypes import issue_2012, report_2026, task_2026
from yiwang.facilities.office.events import DocumentReleased, DocumentWaits, NumberSettled, TextSigned
from yiwang.facilities.office.models import Adoption, Handling, Task
from yiwang.facilities.office.policies import KEYS, OFFICE_ROLES
from yiwang.facilities.office.queries import people_of_task, signers_of
from yiwang.facilities.office.queries_reports import writer_of
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record
from yiwang.kernel.audit.labels import name_action
from yiwang.kernel.base import live
from yiwang.kernel.base.events import handles, handles_within
from yiwang.kernel.base.text import N_
from yiwang.kernel.casework.events import CaseMoved
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.casework.sections import EVERY, Section, register_page, register_section
from yiwang.kernel.notices.actions import notify, reminds_by_itself
from yiwang.kernel.notices.enums import NoticeKind
from yiwang.kernel.notices.queries import staff_of

name_action("document.read", _("Read a document outside one's own work"))
name_action("document.signed", _("Signed a document"))
name_action("document.released", _("Released a document"))
name_action("document.number_settled", _("Kept back, used or voided a document number"))

for _key in sorted(KEYS):
    register_page(_key, "office:of_case")
register_section(
    Section(task_2026.KEY, _("Where it comes from"), "office:task_source", lambda standing, case: True)
)

register_section(
    Section(report_2026.KEY, _("Marks of adoption"), "office:report_marks", lambda standing, case: True)
)


def may_give_task_from(standing: Standing, case: Case) -> bool:
    """Whether tasks may come of a case: of every matter that somebody brought, none of the house's own papers."""
    is_internal = case_type_of(case.type_key, case.type_version).is_internal
    return not is_internal and bool(standing.roles & OFFICE_ROLES)


register_section(Section(EVERY, _("Tasks"), "office:tasks_of_case", may_give_task_from))
reminds_by_itself(task_2026.KEY)

WORDS = {
    "read": N_("A document waits for you to read it."),
    "urged": N_("You were reminded of a document that waits for you."),
    "countersign": N_("Your unit is asked to countersign a document."),
    "joint": N_("Your unit issues a document with others and is asked to sign it."),
    "refused": N_(
        "A unit refused to sign a document of yours; it went back to the drafter with the reasons."
    ),
    "all_signed": N_("A document was signed by every unit that issues it."),
    "assigned": N_("You were given a document to handle."),
    "delivered": N_("A document was delivered to your unit and waits to be signed for."),
    "returned": N_("A document came back from a unit it was sent to, with reasons."),
    "answered": N_("A document of yours was answered."),
    "handed_over": N_("A document waits for you in somebody else's place."),
}


@handles_within(TextSigned)
def on_signed(event: TextSigned) -> None:
    """Every signature stands in the log with the digest of the exact bytes."""
    details = {"version": event.version_id, "digest": event.digest, "principal": event.principal_id}
    if event.kind == "text":
        record(
            "document.signed",
            at=event.at,
            actor=event.account_id,
            unit=event.unit_id,
            subject_kind="document",
            subject_id=event.document_id,
            details=details,
        )
    else:
        record(
            "document.released",
            at=event.at,
            actor=event.account_id,
            unit=event.unit_id,
            subject_kind="document",
            subject_id=event.document_id,
            details=details,
        )


@handles_within(NumberSettled)
def on_number_settled(event: NumberSettled) -> None:
    """What people decide about numbers stands in the log, with the reason."""
    record(
        "document.number_settled",
        at=event.at,
        actor=event.by_account_id,
        unit=event.unit_id,
        subject_kind="document_number",
        subject_id=event.number_id,
        details={"state": event.state, "reason": event.reason},
    )


@handles_within(CaseMoved)
def on_recused(event: CaseMoved) -> None:
    """Whoever is kept away from the case is kept away from the document in that unit."""
    if event.type_key in KEYS and event.verb == "recuse":
        with acting_as_system():
            kept_away = Case.objects.values_list("excluded_accounts", flat=True).get(pk=event.case_id)
            Handling.objects.filter(case_id=event.case_id).update(excluded_accounts=kept_away)


@handles_within(CaseMoved)
def on_opened_again(event: CaseMoved) -> None:
    """Nobody is asked any more to sign what was opened again or given up."""
    if event.type_key == issue_2012.KEY and event.verb in ("reopen", "withdraw"):
        with acting_as_system():
            end_asking(event.case_id, at=event.at)


@handles(DocumentWaits)
def on_waits(event: DocumentWaits) -> None:
    """Each is told once, with the way to the document and nothing of what it says."""
    with acting_as_system():
        facts = {"what": WORDS[event.why], "url": reverse("office:document", args=[event.handling_id])}
        notify(event.account_ids, NoticeKind.WAITS, key=event.key, at=event.at, facts=facts)


@handles(DocumentReleased)
def on_released(event: DocumentReleased) -> None:
    """Open registers of the sender hear that it went out."""
    live.tell([f"unit:{event.unit_id}"], "desk")


TO_HOLDER = {
    "assign": N_("You were given a task."),
    "keep": N_("You were given a task."),
    "urge": N_("You were reminded of a task."),
    "return": N_("A task came back to you as not done yet, with reasons."),
    "extend": N_("You were granted more time for a task."),
    "refuse_extension": N_("You were refused more time for a task."),
    "confirm": N_("A task of yours was confirmed as done."),
    "withdraw": N_("A task was taken back from you."),
}
TO_GIVER = {
    "answer": N_("A task that you gave was reported done."),
    "request_extension": N_("Somebody asks for more time for a task that you gave."),
}


@handles(CaseMoved)
def on_task_moved(event: CaseMoved) -> None:
    """Whoever does a task hears of the giver's steps, the giver of theirs, and a unit that it is to help."""
    if event.type_key != task_2026.KEY:
        return
    with acting_as_system():
        task = Task.objects.select_related("case").get(case_id=event.case_id)
        if event.verb == "involve":
            what, people = N_("Your unit is asked to help with a task."), staff_of(int(event.data["unit_id"]))
        elif event.verb in TO_HOLDER:
            what, people = TO_HOLDER[event.verb], people_of_task(task)
        elif event.verb in TO_GIVER:
            what, people = TO_GIVER[event.verb], [task.given_by]
        else:
            return
        notify(
            set(people) - {event.account_id},
            NoticeKind.WAITS,
            key=f"task {event.case_id} {event.entry_number}",
            at=event.at,
            case=task.case,
            facts={"what": what, "url": reverse("casework:case", args=[event.case_id])},
        )


TO_WRITER = {
    "adopt": N_("A report of your unit was adopted."),
    "pass_over": N_("A report of your unit wasn't adopted; the reasons are with it."),
    "return_report": N_("A report of your unit came back, to be written anew."),
}


@handles_within(CaseMoved)
def on_adopted(event: CaseMoved) -> None:
    """Every mark of adoption is kept beside the journal, where lists find it."""
    if event.type_key == report_2026.KEY and event.verb == "adopt":
        said = {name: str(event.data.get(name) or "") for name in ("level", "bulletin", "issue", "words")}
        with acting_as_system():
            Adoption.objects.create(
                case_id=event.case_id,
                entry_number=event.entry_number,
                unit_id=event.to_unit_id,
                account_id=event.account_id,
                at=event.at,
                **said,
            )


@handles(CaseMoved)
def on_report_moved(event: CaseMoved) -> None:
    """The head hears what waits to be sent up, the unit above what came, the writer and the head what became of it."""
    if event.type_key != report_2026.KEY:
        return
    with acting_as_system():
        case = Case.objects.get(pk=event.case_id)
        if event.verb == "write":
            what, people = N_("A report waits for you to send it up."), signers_of(case.root_unit_id)
        elif event.verb == "send_up":
            what, people = N_("A report came up to your unit."), staff_of(event.to_unit_id)
        elif event.verb in TO_WRITER:
            what = TO_WRITER[event.verb]
            people = [writer_of(case.pk) or 0, *signers_of(case.root_unit_id)]
        else:
            return
        notify(
            set(people) - {event.account_id, 0},
            NoticeKind.WAITS,
            key=f"report {event.case_id} {event.entry_number}",
            at=event.at,
            case=case,
            facts={"what": what, "url": reverse("casework:case", args=[event.case_id])},
        )
