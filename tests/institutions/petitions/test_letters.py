"""The words of every letter, held to whole texts that a person has read, and what must never stand in one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from yiwang.institutions.petitions import letters
from yiwang.institutions.petitions.casetypes.petition_2022 import PETITION
from yiwang.kernel.calendar.seed import seed_calendar
from yiwang.kernel.casework.letters import LetterContext, composers
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.records import derive
from yiwang.kernel.casework.rules.clocks import walk
from yiwang.kernel.casework.rules.progress import Entry, Progress, advance, step_for
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import UnitTree

GOLDEN = Path(__file__).parent / "golden"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
OFFICE, WATER, TOWN = 1, 2, 3
UNITS = UnitTree(
    {
        OFFICE: Unit(pk=OFFICE, code="云信", name="云川县信访局", kind=UnitKind.OFFICE, path=[OFFICE]),
        WATER: Unit(pk=WATER, code="云水", name="云川县水务局", kind=UnitKind.DEPARTMENT, path=[WATER]),
        TOWN: Unit(
            pk=TOWN,
            code="云城",
            name="云川县城关镇人民政府",
            kind=UnitKind.TOWNSHIP,
            path=[TOWN],
            phone="0999-1234567",
            address="云川县城关镇北街1号",
        ),
    }
)
ANSWER = {
    "outcome": "supported",
    "facts": "经现场查看，主水管接头老化。\n漏水约半月，影响12户。",
    "opinion": "已于3月10日更换接头，恢复供水。",
    "basis": "《城市供水条例》第二十七条",
}
Step = tuple[str, dict[str, Any]]
REGISTER: Step = ("register", {"unit_id": OFFICE, "received_on": "2026-03-02", "channel": "web"})
FORWARD: Step = ("forward", {"unit_id": WATER})
ON: Step = ("forward", {"unit_id": TOWN})
ACCEPT: Step = ("accept", {})


def a_context(
    kind: str, *steps: Step, petitioners: Sequence[str] = ("欧阳建华",), **changes: Any
) -> LetterContext:
    """What the composer of the last step's letter gets; a day lies between the steps."""
    progress, entries = Progress(), []
    for number, (verb, data) in enumerate(steps, start=1):
        step = step_for(verb, progress, PETITION)
        node = progress.holder
        unit = progress.nodes[node].unit_id if progress.nodes else OFFICE
        at = NOON + timedelta(days=number - 1)
        entry = Entry(number, verb, at, node, unit, None, progress.state, "", data)
        progress = advance(progress, entry, step)
        entries.append(Entry(number, verb, at, node, unit, None, entry.from_state, progress.state, data))
    derived = derive(entries, walk(entries, PETITION), PETITION, calendar=seed_calendar(), settings={})
    fields: dict[str, Any] = {
        "number": "信访2026-000001",
        "title": "村口水管漏水",
        "text": "村口主水管漏水已有半月，路面结冰。\n请尽快派人修理。",
        "channel": "web",
        "purpose": "claim",
        "received_on": date(2026, 3, 2),
        "is_confidential": changes.get("purpose") == "accusation",
    }
    last = entries[-1]
    unit_id = last.unit_id or OFFICE
    if kind == "answer":
        unit_id = next(derived.progress.nodes[e.node].unit_id for e in entries if e.verb == "answer")
    return LetterContext(
        Case(**{**fields, **changes}),
        PETITION,
        PETITION.letter(kind),
        last,
        derived,
        "云信〔2026〕1号",
        unit_id,
        UNITS,
        tuple(petitioners),
    )


def composed(context: LetterContext) -> dict[str, Any]:
    return composers()["petition", context.definition.key](context)


def as_text(content: dict[str, Any]) -> str:
    """A letter as a person reads it, part by part."""
    lines = [content["title"], content["to"], *content["paragraphs"]]
    lines += [" | ".join(term.values()) for term in content["terms"]]
    for section in content["sections"]:
        lines += [f"## {section['heading']}", *section["paragraphs"]]
    lines += [content["remedy"], content["closing"]]
    lines += [f"附件：{name}" for name in content["attachments"]]
    lines += [f"抄送：{name}" for name in content["copy_to"]]
    lines += [content["contact"], content["unit_name"], content["day"]]
    return "\n".join(line for line in lines if line) + "\n"


EXTEND = ("extend", {"days": 20, "reasons": "需要更换主管道，施工须避开冻土期。"})
REQUEST = ("request_extension", {"days": 20, "reasons": "管道须更换。"})
DECLINE = (
    "decline",
    {"reasons": "您反映的事项已由人民法院立案审理。", "route": "请依照诉讼程序向县人民法院提出。"},
)
OBJECT = ("object", {"reasons": "漏水处属小区内部管道，由物业管理单位维护。\n请转住房建设部门。"})
HANDLED = (REGISTER, FORWARD, ON, ACCEPT, ("answer", ANSWER), ("approve", {}), ("issue", {}))
CASES: dict[str, tuple[str, tuple[Step, ...], dict[str, Any]]] = {
    "receipt": ("receipt", (REGISTER,), {}),
    "receipt_suggestion": ("receipt", (REGISTER,), {"purpose": "suggestion", "petitioners": ()}),
    "receipt_accusation": ("receipt", (REGISTER,), {"purpose": "accusation"}),
    "transfer": ("transfer", (REGISTER, FORWARD), {}),
    "transfer_on": ("transfer", (REGISTER, FORWARD, ON), {"petitioners": ("赵一", "钱二", "孙三", "李四")}),
    "transfer_township": (
        "transfer",
        (REGISTER, ("forward", {"unit_id": TOWN, "note": "请优先办理。"})),
        {"petitioners": ()},
    ),
    "transfer_assigned": (
        "transfer",
        (REGISTER, ("assign", {"unit_id": WATER, "due_on": "2026-04-01"})),
        {},
    ),
    "transfer_accusation": ("transfer", (REGISTER, FORWARD), {"purpose": "accusation"}),
    "acceptance": ("acceptance", (REGISTER, FORWARD, ON, ACCEPT), {}),
    "acceptance_own": ("acceptance", (REGISTER, ACCEPT), {"purpose": "suggestion"}),
    "refusal": ("refusal", (REGISTER, FORWARD, DECLINE), {}),
    "refusal_suggestion": ("refusal", (REGISTER, DECLINE), {"purpose": "suggestion"}),
    "objection": ("objection", (REGISTER, FORWARD, OBJECT), {}),
    "extension": ("extension", (REGISTER, FORWARD, ACCEPT, REQUEST, EXTEND), {}),
    "answer": ("answer", HANDLED, {}),
    "answer_revised": (
        "answer",
        (*HANDLED[:-1], ("issue", {"opinion": "已更换接头，并减免当月水费。", "outcome": "explained"})),
        {},
    ),
    "answer_refused": (
        "answer",
        (REGISTER, ACCEPT, ("answer", {**ANSWER, "outcome": "not_supported"}), ("issue", {})),
        {},
    ),
    "answer_suggestion": ("answer", HANDLED, {"purpose": "suggestion"}),
}


@pytest.mark.parametrize("name", CASES)
def test_reads_as_somebody_approved_it(name: str) -> None:
    kind, steps, changes = CASES[name]
    assert as_text(composed(a_context(kind, *steps, **changes))) == (GOLDEN / f"{name}.txt").read_text()


def test_every_declared_letter_has_its_words() -> None:
    assert {kind for key, kind in composers() if key == "petition"} == {x.key for x in PETITION.letters}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("secret", [{"purpose": "accusation"}, {"facts": {"signing": "confidential"}}])
def test_never_names_whoever_accuses_or_asks_for_secrecy(name: str, secret: dict[str, Any]) -> None:
    kind, steps, changes = CASES[name]
    context = a_context(kind, *steps, **{**changes, **secret, "petitioners": ("司马青衫",)})
    content = composed(context)
    assert "司马" not in as_text(content)


def test_names_the_petitioner_otherwise() -> None:
    assert composed(a_context("receipt", REGISTER))["to"] == "欧阳建华"


def test_a_long_petition_is_quoted_in_part() -> None:
    content = composed(a_context("answer", *HANDLED, text="水" * 5000))
    quoted = content["sections"][0]["paragraphs"][1]
    assert quoted == "水" * letters.LONGEST_REQUEST + "……（全文见卷宗）"


def test_an_answer_has_all_that_article_32_asks_for() -> None:
    headings = [section["heading"] for section in composed(a_context("answer", *HANDLED))["sections"]]
    assert headings == ["投诉请求", "查明的事实和理由", "处理意见", "法律法规依据"]
