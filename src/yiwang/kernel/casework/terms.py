"""An office's own choices for the clocks of the law: a shorter term, or how a last day on a rest day is treated.

The law's term can be tightened, never loosened; a roll-over needs the legal basis that the declaration names.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from yiwang.kernel.audit.actions import record
from yiwang.kernel.audit.labels import name_action
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.base.text import N_
from yiwang.kernel.calendar.rules import RollOver
from yiwang.kernel.casework.events import TermChosen
from yiwang.kernel.casework.models import TermChoice
from yiwang.kernel.casework.rules.casetype import CaseType, ClockDef, ClockKind
from yiwang.kernel.casework.rules.clocks import TermSetting
from yiwang.kernel.casework.rules.data import BadData, Fault

name_action("term.chosen", gettext_lazy("Term chosen"))

LONGER_THAN_THE_LAW = N_("The law's term is %(term)s days; an office may shorten it, never lengthen it.")
TOO_SHORT = N_("A term has at least one day.")
NO_BASIS = N_("The law gives no basis for moving this last day.")

_choices: Remembered[str, Mapping[str, TermSetting]] = Remembered()


def term_settings(type_key: str) -> Mapping[str, TermSetting]:
    """The choices in force for a case type; at most a few seconds old in another process."""
    return _choices.get(type_key, lambda: _read(type_key))


def _read(type_key: str) -> Mapping[str, TermSetting]:
    return {
        choice.clock_key: TermSetting(choice.term, RollOver(choice.roll_over) if choice.roll_over else None)
        for choice in TermChoice.objects.filter(type_key=type_key)
    }


def forget_terms() -> None:
    """Read the choices anew at the next question."""
    _choices.forget()


def may_choose(definition: ClockDef) -> bool:
    """Whether a clock has something to choose: duties of fixed length, not rights, not days set by hand."""
    is_set_by_hand = definition.due_on_field is not None or definition.term_field is not None
    return definition.kind is ClockKind.DUTY and not is_set_by_hand


@transaction.atomic
def choose_term(
    case_type: CaseType,
    clock_key: str,
    *,
    term: int | None,
    roll_over: RollOver | None,
    by: int,
    at: datetime,
) -> None:
    """Set or take back (both nothing) an office's own choice; running clocks follow in the background.

    `by` is an account's number. Raises `KeyError` for an unknown clock and `BadData` for a choice that the
    law doesn't allow. Written into the log.
    """
    definition = case_type.clock(clock_key)
    if not may_choose(definition):
        raise KeyError(clock_key)
    if term is not None and term > definition.term:
        raise BadData({"term": Fault(LONGER_THAN_THE_LAW, (("term", definition.term),))})
    if term is not None and term < 1:
        raise BadData({"term": Fault(TOO_SHORT)})
    if roll_over is RollOver.NEXT_WORKING_DAY and definition.roll_over_basis is None:
        raise BadData({"roll_over": Fault(NO_BASIS)})
    own_term = None if term == definition.term else term
    own_roll_over = "" if roll_over in (None, definition.roll_over) else str(roll_over)
    if own_term is None and not own_roll_over:
        TermChoice.objects.filter(type_key=case_type.key, clock_key=clock_key).delete()
    else:
        TermChoice.objects.update_or_create(
            type_key=case_type.key,
            clock_key=clock_key,
            defaults={"term": own_term, "roll_over": own_roll_over, "chosen_by": by, "chosen_at": at},
        )
    details = {"type": case_type.key, "clock": clock_key, "term": own_term, "roll_over": own_roll_over}
    record("term.chosen", at=at, actor=by, details=details)
    forget_terms()
    transaction.on_commit(forget_terms)
    publish(TermChosen(case_type.key, clock_key, own_term, own_roll_over, by, at))
