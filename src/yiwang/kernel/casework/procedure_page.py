"""A declared procedure as a page of documentation, so that the page can't say anything else than the code.

    python -m yiwang.kernel.casework.procedure_page yiwang.institutions.petitions.casetypes.petition_2022

prints the page of every procedure that the named module declares.
"""

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module

from yiwang.kernel.calendar.rules import CountUnit, RollOver
from yiwang.kernel.casework.registry import declared
from yiwang.kernel.casework.rules.casetype import (
    RESTORE,
    STAY,
    CaseType,
    Citation,
    ClockDef,
    FieldDef,
    Norm,
    Position,
    StepDef,
    Who,
)

CUSTODY = {
    "keep": "",
    "open": "begins the chain",
    "hand_on": "hands the case on",
    "involve": "lets a unit see it and help",
    "hand_up": "hands the case back up",
    "hand_back": "gives the case down again",
    "object": "gives the case back to its sender",
    "release": "takes the case back",
    "insist": "sends the case down again",
    "recall": "takes the case back",
}


def procedure_page(case_type: CaseType) -> str:
    """The whole declaration as Markdown: states, steps, terms, letters, remedies and general rules."""
    parts = [
        f"# {case_type.label}: the procedure of version {case_type.version}",
        "This page is generated from the declaration; a test holds them equal. Don't edit it.",
        f"Valid from {case_type.valid_from_on.isoformat()}. Numbers begin with {case_type.number_prefix}. "
        f"Files are kept {case_type.retention_years} years after the end.",
        "## States",
        _table(
            ("State", "For the staff", "For whoever brought the matter"),
            ((f"`{s.key}`", s.label, s.public_label) for s in case_type.states),
        ),
        _diagram(case_type),
        "## Steps",
        _table(
            ("Step", "From", "To", "By", "Needs", "Conditions", "Custody", "Letter", "Legal basis"),
            (_step_row(step, case_type) for step in case_type.steps),
        ),
        "## Terms",
        "The first day isn't counted. An office may choose a shorter term, never a longer one.",
        _table(
            (
                "Term",
                "Length",
                "Begins with",
                "Met by",
                "Falls away with",
                "Runs on after",
                "Last day",
                "Basis",
            ),
            (_clock_row(clock) for clock in case_type.clocks),
        ),
        "## Letters",
        _table(
            ("Letter", "Mark", "To", "Must contain", "Remedy", "Legal basis"),
            (
                (
                    letter.label,
                    letter.mark,
                    "petitioner" if letter.is_for_petitioner else "unit",
                    ", ".join(letter.parts),
                    letter.remedy or "",
                    _law(letter.citation),
                )
                for letter in case_type.letters
            ),
        ),
        "## Remedies",
        _table(
            ("Remedy", "Until the end of", "What the person reads", "Legal basis"),
            ((r.label, f"`{r.clock}`", r.text, _law(r.citation)) for r in case_type.remedies),
        ),
        "## Rules throughout",
        "\n".join(f"- {rule} {_law(citation)}" for rule, citation in case_type.throughout),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _step_row(step: StepDef, case_type: CaseType) -> Sequence[str]:
    to = {STAY: "stays", RESTORE: "as it was there"}.get(step.to, f"`{step.to}`")
    conditions = [*(f"`{guard}`" for guard in step.guards), *(["once"] if step.is_once else [])]
    if step.position is not Position.ANYWHERE:
        conditions.append("where the case came in" if step.position is Position.ROOT else "below that")
    return (
        f"`{step.verb}` {step.label}",
        ", ".join(f"`{s.key}`" for s in case_type.states if s.key in step.from_states) or "–",
        to,
        "; ".join(_who(who) for who in step.who),
        ", ".join(_field(field) for field in step.needs),
        ", ".join(conditions),
        CUSTODY[step.custody.value],
        case_type.letter(step.letter).label if step.letter else "",
        _law(step.citation),
    )


def _clock_row(clock: ClockDef) -> Sequence[str]:
    unit = "working days" if clock.unit is CountUnit.WORKING_DAY else "days"
    length = f"{clock.term} {unit}"
    if clock.term_field:
        length = f"the working days set in `{clock.term_field}`, else {length}"
    if clock.due_on_field:
        length = f"until the day set in `{clock.due_on_field}`, else {length}"
    if clock.extended_by:
        length += f", extended by `{clock.extended_by}`"
    if clock.suspended_by:
        length += f", suspended by `{clock.suspended_by}`"
    begins = _verbs(clock.starts)
    if clock.starts_in:
        begins += f" in {_verbs(clock.starts_in)}"
    if clock.starts_on_field:
        begins += f" (day in `{clock.starts_on_field}`)"
    rolls = "the next working day" if clock.roll_over is RollOver.NEXT_WORKING_DAY else "as counted"
    if clock.roll_over_basis is not None:
        rolls += f"; {_law(clock.roll_over_basis)}"
    return (
        f"`{clock.key}` {clock.label} ({clock.kind.value}, one for each {clock.scope.value})",
        length,
        begins,
        _verbs(clock.ends | clock.ended_by_anybody),
        _verbs(clock.voided_by),
        _verbs(clock.reopened_by),
        rolls,
        "; ".join([*map(_law, clock.citations), *([_norm(clock.norm)] if clock.norm else [])]),
    )


def _diagram(case_type: CaseType) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    for step in case_type.steps:
        if step.to in (STAY, RESTORE):
            continue
        for key in sorted(step.from_states) or ["[*]"]:
            lines.append(f"    {key} --> {step.to}: {step.verb}")
    lines += [f"    {key} --> [*]" for key in sorted(case_type.ends_in)]
    return "\n".join([*lines, "```"])


def _who(who: Who) -> str:
    roles = f" ({', '.join(sorted(who.roles))})" if who.roles else ""
    return f"{who.relation.value}{roles}"


def _field(field: FieldDef) -> str:
    return f"{field.label}{'' if field.is_required else ' (optional)'}"


def _verbs(verbs: Iterable[str]) -> str:
    return ", ".join(f"`{verb}`" for verb in sorted(verbs))


def _law(citation: Citation | None) -> str:
    return f"{citation.text()} ({citation.text(language='en')})" if citation else ""


def _norm(norm: Norm) -> str:
    return f"own norm: {norm.text} ({norm.published})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    before = set(declared())
    import_module(sys.argv[1])
    sys.stdout.write(
        "\n".join(procedure_page(case_type) for case_type in declared() if case_type not in before)
    )
