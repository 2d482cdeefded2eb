"""A declaration that contradicts itself doesn't get into the house."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.casework.procedures import (
    CITED,
    DONE,
    OPEN,
    a_clock,
    a_procedure,
    a_state,
    a_step,
    with_step,
)
from yiwang.institutions.petitions.casetypes.petition_2022 import PETITION
from yiwang.kernel.casework.guards import GUARDS
from yiwang.kernel.casework.procedure_page import procedure_page
from yiwang.kernel.casework.registry import declared
from yiwang.kernel.casework.rules.casetype import (
    BadDeclaration,
    CaseType,
    Citation,
    LetterDef,
    Norm,
    RemedyDef,
    check,
)

TOY = a_procedure()
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "reference" / "petition-procedure.md"


def test_a_sound_declaration_passes() -> None:
    check(TOY)


def test_every_declared_procedure_is_sound() -> None:
    assert PETITION in declared()
    for case_type in declared():
        check(case_type)


def changed(**changes: Any) -> CaseType:
    return replace(TOY, _state={}, _steps={}, _clock={}, _letter={}, **changes)


LOST = (a_step("loop", {"lost"}, "found"), a_step("pool", {"found"}, "lost"))
BROKEN = {
    "step finish leads to the unknown state nowhere": with_step(TOY, "finish", to="nowhere"),
    "step resume starts from the unknown state moon": with_step(
        TOY, "resume", from_states=frozenset({"moon"})
    ),
    "step finish makes the unknown letter ode": with_step(TOY, "finish", letter="ode"),
    "no step start begins the procedure": changed(initial_verb="start"),
    "state limbo can't be reached": changed(states=(*TOY.states, a_state("limbo"))),
    "state lost can't be reached; state found can't be reached": changed(
        states=(*TOY.states, a_state("lost"), a_state("found")), steps=(*TOY.steps, *LOST)
    ),
    "state done is a dead end": changed(ends_in=frozenset()),
    "clock term waits for the unknown verb begun": changed(clocks=(a_clock(starts=frozenset({"begun"})),)),
    "clock term waits for the unknown verb ended": changed(
        clocks=(a_clock(ended_by_anybody=frozenset({"ended"})),)
    ),
    "clock term waits for the unknown verb pause": changed(clocks=(a_clock(suspended_by="pause"),)),
    "clock term has neither a citation nor a norm": changed(clocks=(a_clock(citations=()),)),
    "remedy appeal ends with the unknown clock review": changed(
        remedies=(RemedyDef("appeal", "", "", "review", CITED),)
    ),
    "letter answer speaks of the unknown remedy prayer": changed(
        letters=(LetterDef("answer", "", "", is_for_petitioner=True, remedy="prayer"),)
    ),
    "letter ode is made by no step": changed(
        letters=(*TOY.letters, LetterDef("ode", "", "", is_for_petitioner=True))
    ),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_says_what_is_wrong(sentence: str) -> None:
    with pytest.raises(BadDeclaration) as refused:
        check(BROKEN[sentence])
    said = str(refused.value).removeprefix("toy 1: ").split("; ")
    assert set(sentence.split("; ")) <= set(said)


def test_a_state_reached_only_from_an_unreachable_one_is_unreachable() -> None:
    with pytest.raises(BadDeclaration, match="state lost can't be reached"):
        check(BROKEN["state lost can't be reached; state found can't be reached"])


def test_a_duty_may_stand_on_the_institutions_own_norm() -> None:
    norm = Norm("Called back within two working days.", "Promise of the toy office")
    own = changed(clocks=(a_clock(citations=(), norm=norm),))
    check(own)
    assert "own norm: Called back within two working days. (Promise of the toy office)" in procedure_page(own)


def test_every_guard_that_is_named_exists() -> None:
    named = {guard for case_type in declared() for step in case_type.steps for guard in step.guards}
    assert named - set(GUARDS) == set()


def test_every_step_has_a_key_of_its_own_in_each_state() -> None:
    for state in PETITION.states:
        keys = [s.key_hint for s in PETITION.steps if state.key in s.from_states and s.key_hint]
        positions = {
            (s.key_hint, s.position) for s in PETITION.steps if state.key in s.from_states and s.key_hint
        }
        assert len(positions) == len(keys), state.key


@pytest.mark.parametrize(
    ("citation", "chinese", "english"),
    [
        (CITED, "《玩具条例》第一条", "Toy Regulations, art. 1"),
        (
            Citation(CITED.law, 22, 1, 3),
            "《玩具条例》第二十二条第一款第（三）项",
            "Toy Regulations, art. 22, para. 1, item 3",
        ),
        (Citation(CITED.law, 203, 2), "《玩具条例》第二百零三条第二款", "Toy Regulations, art. 203, para. 2"),
    ],
)
def test_a_citation_reads_as_people_write_it(citation: Citation, chinese: str, english: str) -> None:
    assert (citation.text(), citation.text(language="en")) == (chinese, english)


def test_the_document_of_the_petition_procedure_is_what_is_declared() -> None:
    """Write it anew with `the command in `procedure_page` when this fails."""
    assert DOCUMENT.read_text(encoding="utf-8") == procedure_page(PETITION)


def test_nothing_leads_back_into_a_concluded_matter() -> None:
    ends = {s.verb for s in PETITION.steps if s.from_states <= {"archived"} and s.from_states}
    assert ends == set()
    assert (OPEN, DONE) == ("open", "done")
