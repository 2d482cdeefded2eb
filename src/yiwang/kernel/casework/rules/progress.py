"""Where a matter stands, derived from its journal: state, chain of custody, holder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yiwang.kernel.casework.rules.casetype import RESTORE, STAY, CaseType, Custody, Position, StepDef


@dataclass(frozen=True)
class Entry:
    """One line of the journal: what was done, when, by whom, from which place in the chain.

    `node` is the place in the chain of whoever held the case when the step was taken.
    """

    number: int
    verb: str
    at: datetime
    node: int
    unit_id: int | None
    account_id: int | None
    from_state: str
    to_state: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Node:
    """A unit's place in the chain of custody, from when to when, and how it ended.

    `state` is the state the case was in when the unit last gave it out of its hands.
    """

    index: int
    parent: int | None
    unit_id: int
    given_at: datetime
    given_by_verb: str
    entry_number: int
    state: str = ""
    until_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Progress:
    """The whole standing of a case after some entries of its journal."""

    state: str = ""
    holder: int = 0
    nodes: tuple[Node, ...] = ()
    length: int = 0
    verbs: frozenset[str] = frozenset()
    last_verb: str = ""
    last_account_id: int | None = None

    @property
    def holding(self) -> Node:
        """The place in the chain that has the case now."""
        return self.nodes[self.holder]

    @property
    def root(self) -> Node:
        """The place in the chain where the case came in."""
        return self.nodes[0]

    @property
    def giver(self) -> Node | None:
        """Who gave the case to its holder, if anybody did."""
        parent = self.holding.parent
        return None if parent is None else self.nodes[parent]

    @property
    def is_at_root(self) -> bool:
        """Whether the unit where the case came in holds it."""
        return self.holder == 0

    @property
    def unit_ids(self) -> tuple[int, ...]:
        """Every unit in the chain, once, in order."""
        return tuple(dict.fromkeys(node.unit_id for node in self.nodes))


class NotAllowedNow(Exception):
    """The verb isn't open in this state or from this place in the chain."""


def open_steps(progress: Progress, case_type: CaseType) -> tuple[StepDef, ...]:
    """The steps that the procedure allows now, whoever asks."""
    return tuple(step for step in case_type.steps if _is_open(step, progress))


def step_for(verb: str, progress: Progress, case_type: CaseType) -> StepDef:
    """The declared form of a verb that fits now; raises `NotAllowedNow`."""
    for step in case_type.variants(verb):
        if _is_open(step, progress):
            return step
    raise NotAllowedNow(verb)


def _is_open(step: StepDef, progress: Progress) -> bool:
    if not progress.nodes:
        return not step.from_states
    if progress.state not in step.from_states:
        return False
    if step.position is Position.ROOT and not progress.is_at_root:
        return False
    if step.position is Position.BELOW_ROOT and progress.is_at_root:
        return False
    if step.is_once and step.verb in progress.verbs:
        return False
    return not (step.custody in (Custody.RECALL, Custody.OBJECT) and progress.is_at_root)


def advance(progress: Progress, entry: Entry, step: StepDef) -> Progress:
    """The standing after one more entry. `entry.to_state` is ignored and worked out here."""
    nodes = list(progress.nodes)
    holder = progress.holder
    state = progress.state if step.to == STAY else step.to
    before = progress.state
    if step.custody is Custody.OPEN:
        nodes.append(_place(entry, 0, None))
        holder = 0
    elif step.custody is Custody.HAND_ON:
        nodes[holder] = replace(nodes[holder], state=before)
        nodes.append(_place(entry, len(nodes), holder))
        holder = len(nodes) - 1
    elif step.custody is Custody.INVOLVE:
        nodes.append(replace(_place(entry, len(nodes), holder), until_at=entry.at, outcome=entry.verb))
    elif step.custody is Custody.HAND_UP:
        nodes[holder] = replace(nodes[holder], state=before, outcome=entry.verb)
        parent = nodes[holder].parent
        if parent is not None:
            nodes[holder] = replace(nodes[holder], until_at=entry.at)
            holder = parent
    elif step.custody is Custody.HAND_BACK:
        holder = _answering_child(nodes, holder)
        nodes[holder] = replace(nodes[holder], until_at=None, outcome="")
        state = nodes[holder].state
    elif step.custody is Custody.OBJECT:
        nodes[holder] = replace(nodes[holder], state=before)
        holder = _parent(nodes, holder)
    elif step.custody is Custody.INSIST:
        holder = _objecting_child(nodes, holder)
        state = nodes[holder].state
    elif step.custody in (Custody.RELEASE, Custody.RECALL):
        gone = holder if step.custody is Custody.RECALL else _objecting_child(nodes, holder)
        holder = _parent(nodes, gone)
        nodes[gone] = replace(nodes[gone], until_at=entry.at, outcome=entry.verb)
        state = nodes[holder].state
    if state == RESTORE:
        state = nodes[holder].state
    return Progress(
        state=state,
        holder=holder,
        nodes=tuple(nodes),
        length=progress.length + 1,
        verbs=progress.verbs | {entry.verb},
        last_verb=entry.verb,
        last_account_id=entry.account_id,
    )


def replay(entries: Iterable[Entry], case_type: CaseType) -> Progress:
    """The standing after a whole journal; raises `NotAllowedNow` when the journal breaks the procedure."""
    progress = Progress()
    for entry in entries:
        progress = advance(progress, entry, step_for(entry.verb, progress, case_type))
        if progress.state != entry.to_state:
            raise NotAllowedNow(f"{entry.verb} #{entry.number}: {progress.state} != {entry.to_state}")
    return progress


def _place(entry: Entry, index: int, parent: int | None) -> Node:
    unit_id = int(entry.data["unit_id"])
    return Node(
        index=index,
        parent=parent,
        unit_id=unit_id,
        given_at=entry.at,
        given_by_verb=entry.verb,
        entry_number=entry.number,
    )


def _parent(nodes: list[Node], index: int) -> int:
    parent = nodes[index].parent
    if parent is None:
        raise NotAllowedNow("nobody gave the case to this unit")
    return parent


def _answering_child(nodes: list[Node], holder: int) -> int:
    for node in reversed(nodes):
        if node.parent == holder and node.outcome in ("answer", "approve"):
            return node.index
    return holder


def _objecting_child(nodes: list[Node], holder: int) -> int:
    for node in reversed(nodes):
        if node.parent == holder and not node.outcome:
            return node.index
    raise NotAllowedNow("no unit objected")
