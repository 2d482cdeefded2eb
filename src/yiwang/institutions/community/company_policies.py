"""Who may do what with companies: their own people, the centre's office, its head."""

from datetime import date

from yiwang.institutions.community.casetypes import removal_2026
from yiwang.institutions.community.company_models import Company
from yiwang.institutions.community.policies import CENTRE
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import N_
from yiwang.kernel.casework.guards import register_guard
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.records import Standings
from yiwang.kernel.casework.rules.clocks import ClockStatus
from yiwang.kernel.casework.rules.data import Fault
from yiwang.kernel.orgs.queries import tree

OFFICE = frozenset({"clerk", "head"})

SAME_VERIFIED = N_("Whoever verified the application can't admit the company; somebody else must.")
SAME_OPENED = N_("Whoever began the removal can't decide it; somebody else must.")
SAME_DECIDED = N_("Whoever decided can't decide on the objection too; somebody else must.")
STILL_MAY_STATE = N_("The company may still state its case, until %(day)s.")
OBJECTION_OVER = N_("The term for an objection has ended.")
MAY_STILL_OBJECT = N_("The company may still object, until %(day)s.")
NOT_PUBLIC_YET = N_("Make it public first.")
NOTHING_TO_PUBLISH = N_("Nothing is held against the company; there is nothing to make public.")


def is_office(standing: Standing, *, on: date) -> bool:
    """Whether somebody looks after the companies for the centre: its clerks and its head."""
    return any(standing.roles_at(unit.pk) & OFFICE for unit in tree().with_function(CENTRE, on=on))


def is_head(standing: Standing, *, on: date) -> bool:
    """Whether somebody commends, warns and decides for the centre."""
    return any("head" in standing.roles_at(unit.pk) for unit in tree().with_function(CENTRE, on=on))


def own_company(standing: Standing) -> Company | None:
    """The company whose office somebody works in; one query."""
    mine = [post.unit_id for post in standing.posts if post.role in OFFICE]
    if not mine:
        return None
    return Company.objects.select_related("unit").filter(unit_id__in=mine).first()


def _another(verb: str, message: str) -> None:
    def guard(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
        for entry in reversed(derived.entries):
            if entry.verb == verb:
                is_same = entry.account_id is not None and entry.account_id == by.account_id
                return Fault(message) if is_same else None
        return None

    register_guard(
        {"verify": "another_verified", "open": "another_opened", "decide": "another_decided"}[verb], guard
    )


def _last_day(derived: Standings, key: str, *, on: date) -> date | None:
    """The last day of a right that may still be used."""
    for clock in derived.clocks:
        if clock.key == key and clock.is_open and clock.status(as_of=on) is not ClockStatus.EXPIRED:
            return clock.due_on
    return None


def _statement_term_over(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    day = _last_day(derived, "statement", on=on)
    return Fault(STILL_MAY_STATE, (("day", day.isoformat()),)) if day else None


def _objection_term_open(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    return None if _last_day(derived, "objection", on=on) else Fault(OBJECTION_OVER)


def decision_of(derived: Standings) -> str:
    """What was decided last in a removal: kept, warned or removed."""
    decided = (e.data["decision"] for e in reversed(derived.entries) if e.verb in ("decide", "review"))
    return str(next(decided, removal_2026.KEPT))


def _something_to_publish(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    return Fault(NOTHING_TO_PUBLISH) if decision_of(derived) == removal_2026.KEPT else None


def _published_and_final(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    if decision_of(derived) != removal_2026.KEPT and "publish" not in derived.progress.verbs:
        return Fault(NOT_PUBLIC_YET)
    if derived.progress.state == removal_2026.SERVED and (day := _last_day(derived, "objection", on=on)):
        return Fault(MAY_STILL_OBJECT, (("day", day.isoformat()),))
    return None


_another("verify", SAME_VERIFIED)
_another("open", SAME_OPENED)
_another("decide", SAME_DECIDED)
register_guard("statement_term_over", _statement_term_over)
register_guard("objection_term_open", _objection_term_open)
register_guard("something_to_publish", _something_to_publish)
register_guard("published_and_final", _published_and_final)
