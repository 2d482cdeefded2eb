"""The one door: nothing else changes a case.

`register` brings a matter in, `take` moves it. Both lock, ask the policy, check, append to the journal,
bring the caches up to it, and tell after commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.locks import current as current_lock
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.insertion import insert_together
from yiwang.kernel.base.text import clean_line, clean_text, fold
from yiwang.kernel.calendar.queries import current as current_calendar
from yiwang.kernel.casework import receipts, records
from yiwang.kernel.casework.enums import PartyRole
from yiwang.kernel.casework.events import CaseMoved
from yiwang.kernel.casework.faults import NotPermitted, StalePage
from yiwang.kernel.casework.guards import check_guards, check_references
from yiwang.kernel.casework.held import Held, Named, hold, statements_bringing_up
from yiwang.kernel.casework.letters import draws_number, letter_of
from yiwang.kernel.casework.models import Attachment, Case, JournalEntry, Letter, Party
from yiwang.kernel.casework.policies import may_see, may_take
from yiwang.kernel.casework.registry import case_type_of, case_type_on, further_steps
from yiwang.kernel.casework.rules.casetype import CaseType, Relation, StepDef
from yiwang.kernel.casework.rules.clocks import local_day, walk
from yiwang.kernel.casework.rules.data import clean
from yiwang.kernel.casework.rules.progress import Entry, Progress, advance, step_for
from yiwang.kernel.search.actions import indexing

if TYPE_CHECKING:
    from yiwang.kernel.files.models import Blob


@dataclass(frozen=True)
class PartyData:
    """Somebody to be entered as a party; texts are trimmed and folded here."""

    role: str = PartyRole.PETITIONER
    name: str = ""
    phone: str = ""
    identity_number: str = ""
    address: str = ""
    unit_id: int | None = None
    account_id: int | None = None
    is_anonymous: bool = False


@dataclass(frozen=True)
class FileData:
    """A stored file with the name under which somebody brought it."""

    blob: "Blob"
    name: str


@dataclass(frozen=True)
class Matter:
    """What somebody brings in, whatever the channel; the case type's own fields are in `facts`."""

    type_key: str
    root_unit_id: int
    title: str
    text: str
    channel: str
    received_at: datetime
    purpose: str = ""
    category: str = ""
    place_unit_id: int | None = None
    place: str = ""
    parties: Sequence[PartyData] = ()
    files: Sequence[FileData] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    accused_unit_ids: Sequence[int] = ()
    accused_account_ids: Sequence[int] = ()
    source: str = ""
    source_key: str | None = None
    has_receipt: bool = True


@dataclass(frozen=True)
class Registered:
    """The new case and, once only, the code of its receipt."""

    case: Case
    receipt_code: str


def register(matter: Matter, *, by: Standing, at: datetime) -> Registered:
    """Bring a matter in: one case, the first line of its journal, its clocks, its receipt.

    `matter.received_at` starts the registration clock (信访工作条例 22); `at` is when it is entered. Whoever
    asks must hold a post at the root unit, bring it themselves (without an account), or be the house.
    Raises `NotPermitted`.
    """
    received_on = local_day(matter.received_at)
    case_type = case_type_on(matter.type_key, received_on)
    step = step_for(case_type.initial_verb, Progress(), case_type)
    at_root = frozenset[str]().union(*(who.roles for who in step.who if who.relation is Relation.ROOT))
    if by.is_signed_in and not by.roles_at(matter.root_unit_id) & at_root:
        raise NotPermitted(step.verb)
    code = receipts.new_code()
    case = _new_case(matter, case_type, received_on=received_on, at=at, code=code)
    data = {"unit_id": matter.root_unit_id, "received_on": received_on.isoformat(), "channel": matter.channel}
    entry = Entry(1, step.verb, at, 0, matter.root_unit_id, by.account_id, "", step.to, data)
    progress = advance(Progress(), entry, step)
    derived = records.derive([entry], [progress], case_type)
    for column, value in records.cached_fields(derived, case_type).items():
        setattr(case, column, value)
    sees_itself = by.is_system or (by.is_signed_in and may_see(by, case))
    # The rows go in one message, which is a transaction of its own when none is under way.
    needs_transaction = connection.in_atomic_block or draws_number(case_type, step)
    with (
        transaction.atomic() if needs_transaction else nullcontext(),
        nullcontext() if sees_itself else acting_as_system(),
    ):
        case.pk = _next_case_id()
        case.number = f"{case_type.number_prefix}{received_on.year}-{case.pk:06d}"
        parties = _parties(case, matter)
        letter = letter_of(case, case_type, step, entry, derived, petitioners=_petitioners(matter.parties))
        insert_together(
            [
                case,
                _row(case.pk, entry, progress, principal_id=None, request_key=None),
                *records.custody_rows(case.pk, progress),
                *records.clock_rows(case.pk, derived.clocks, current_calendar()),
                *parties,
                *_attachments(case, 1, matter.files, at=at, account_id=by.account_id, is_public=True),
                *([letter] if letter is not None else []),
            ],
            then=[_indexing(case, [party.name for party in parties if party.name], [entry])],
        )
    _tell_moved(case, entry, from_unit_id=None, to_unit_id=matter.root_unit_id)
    return Registered(case, code)


def take(
    case_id: int,
    verb: str,
    *,
    by: Standing,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    files: Sequence[FileData] = (),
    request_key: str | None = None,
    seen_length: int | None = None,
) -> JournalEntry:
    """Take one step: lock, ask the policy, check, append, move, update the clocks, tell after commit.

    `request_key` makes a page sent twice count once. `seen_length` is the length of the journal that the
    person saw; when somebody moved the case meanwhile, `StalePage` says so. Raises `Case.DoesNotExist` for a
    case that isn't there or not to be known of, `NotAllowedNow`, `NotPermitted`, `BadData`, `GuardFailed`.
    """
    # Nothing is written before every step has been looked at: until then there is nothing to undo, and within
    # somebody else's transaction a savepoint is needed for the writing alone.
    is_within_another = connection.in_atomic_block
    with nullcontext() if is_within_another else transaction.atomic():
        held = hold(case_id)
        case = held.case
        if not may_see(by, case):
            raise Case.DoesNotExist
        request_key = clean_line(request_key or "")[:40] or None
        if request_key is not None:
            done = JournalEntry.objects.filter(case=case, request_key=request_key).first()
            if done is not None:
                return done
        if seen_length is not None and seen_length != case.journal_length:
            raise StalePage(case.journal_length)
        taking = _Taking(held)
        taking.step(verb, by=by, at=at, data=data or {}, files=files, request_key=request_key)
        with transaction.atomic() if is_within_another else nullcontext():
            return taking.write()


class _Taking:
    """One or several steps of a held case: looked at one after the other, then written together."""

    def __init__(self, held: Held) -> None:
        self.held, self.case = held, held.case
        self.case_type = case_type_of(self.case.type_key, self.case.type_version)
        self.entries = list(held.entries)
        self.standings = walk(self.entries, self.case_type)
        self.was = (list(self.case.unit_ids), list(self.case.excluded_accounts))
        self.rows: list[JournalEntry] = []
        self.papers: list[Attachment | Letter] = []

    def step(
        self,
        verb: str,
        *,
        by: Standing,
        at: datetime,
        data: Mapping[str, Any],
        files: Sequence[FileData] = (),
        request_key: str | None = None,
    ) -> None:
        """Ask, check, append; then the same for what the step brings about, which the house takes with it."""
        case, progress, before = self.case, self.standings[-1], self._derived()
        step = step_for(verb, progress, self.case_type)
        if not may_take(by, step, progress, case):
            raise NotPermitted(verb)
        cleaned = clean(step.needs, data)
        at = max(at, self.entries[-1].at)
        if self.rows and step.guards:
            self._bring_up(before)
        check_references(case, step, cleaned, before, by=by, on=local_day(at))
        check_guards(case, step, cleaned, before, by=by, on=local_day(at))
        if files:
            cleaned["files"] = [{"digest": file.blob.digest, "name": file.name} for file in files]
        acting_unit = _acting_unit(by, step, progress)
        number, who = len(self.entries) + 1, (acting_unit, by.account_id)
        entry = Entry(number, verb, at, progress.holder, *who, progress.state, "", cleaned)
        after = advance(progress, entry, step)
        entry = replace(entry, to_state=after.state)
        self.entries.append(entry)
        self.standings.append(after)
        self.rows.append(
            _row(case.pk, entry, after, principal_id=_principal(by, acting_unit), request_key=request_key)
        )
        _exclude(case, step, cleaned)
        is_public = verb in self.case_type.shown_files_by
        self.papers += _attachments(case, number, files, at=at, account_id=by.account_id, is_public=is_public)
        self._write_letter(step, entry)
        for further in further_steps(case.type_key, after, entry):
            self.step(further.verb, by=SYSTEM, at=at, data=further.data)

    def write(self) -> JournalEntry:
        """Write everything in one message and tell of each step; returns the first line."""
        case, derived = self.case, self._derived()
        statements = statements_bringing_up(self.held, derived, self.case_type)
        added = self.entries[len(self.held.entries) :]
        if self.was != (case.unit_ids, case.excluded_accounts) or records.written_in(added):
            statements.append(_indexing(case, [party.name for party in self.held.parties], self.entries))
        with nullcontext() if may_see(current_lock(), case) else acting_as_system():
            insert_together([*self.rows, *self.papers], then=statements)
        holders = [standing.holding.unit_id for standing in self.standings[len(self.held.entries) - 1 :]]
        for entry, giver, holder in zip(added, holders, holders[1:], strict=False):
            _tell_moved(case, entry, from_unit_id=giver, to_unit_id=holder)
        return self.rows[0]

    def _derived(self) -> records.Standings:
        return records.derive(self.entries, self.standings, self.case_type)

    def _bring_up(self, derived: records.Standings) -> None:
        for column, value in records.cached_fields(derived, self.case_type).items():
            setattr(self.case, column, value)

    def _write_letter(self, step: StepDef, entry: Entry) -> None:
        """A letter speaks of the case as it is after its step."""
        if step.letter is None:
            return
        derived = self._derived()
        self._bring_up(derived)
        petitioners = _petitioners(self.held.parties)
        letter = letter_of(self.case, self.case_type, step, entry, derived, petitioners=petitioners)
        self.papers += [letter] if letter is not None else []


def _tell_moved(case: Case, entry: Entry, *, from_unit_id: int | None, to_unit_id: int) -> None:
    publish(
        CaseMoved(
            case.pk,
            entry.number,
            entry.verb,
            case.type_key,
            from_unit_id,
            to_unit_id,
            entry.account_id,
            entry.at,
            is_kept_from_somebody=bool(case.excluded_units or case.excluded_accounts),
            data=entry.data,
        )
    )


def _next_case_id() -> int:
    """The id of the next case, taken before the row is written because the number contains it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('casework_case_id_seq')")
        return int(cursor.fetchone()[0])


def _new_case(matter: Matter, case_type: CaseType, *, received_on: date, at: datetime, code: str) -> Case:
    return Case(
        type_key=case_type.key,
        type_version=case_type.version,
        institution=case_type.institution,
        title=clean_line(matter.title)[:120],
        text=clean_text(matter.text),
        channel=matter.channel,
        purpose=matter.purpose,
        category=matter.category,
        place_unit_id=matter.place_unit_id,
        place=clean_line(matter.place)[:200],
        facts=dict(matter.facts),
        received_on=received_on,
        received_at=matter.received_at,
        registered_at=at,
        receipt_digest=receipts.digest(code) if matter.has_receipt else None,
        source=matter.source,
        source_key=matter.source_key,
        root_unit_id=matter.root_unit_id,
        is_confidential=matter.purpose in case_type.confidential_purposes,
        excluded_units=sorted(set(matter.accused_unit_ids)),
        excluded_accounts=sorted(set(matter.accused_account_ids)),
    )


def _row(
    case_id: int, entry: Entry, after: Progress, *, principal_id: int | None, request_key: str | None
) -> JournalEntry:
    return JournalEntry(
        case_id=case_id,
        number=entry.number,
        verb=entry.verb,
        at=entry.at,
        node=entry.node,
        unit_id=entry.unit_id,
        account_id=entry.account_id,
        principal_id=principal_id,
        from_state=entry.from_state,
        to_state=after.state,
        data=dict(entry.data),
        request_key=request_key,
    )


def _acting_unit(by: Standing, step: StepDef, progress: Progress) -> int | None:
    """The unit in whose name the step is taken: the holder's, unless only the root or the giver may."""
    if by.case_id is not None:
        return None
    if by.is_system:
        return progress.holding.unit_id
    for who in step.who:
        if who.relation is Relation.INVOLVED:
            return next((one for one in progress.unit_ids if by.roles_at(one) & who.roles), None)
        unit_id = {
            "holder": progress.holding.unit_id,
            "root": progress.root.unit_id,
            "giver": progress.giver.unit_id if progress.giver else None,
        }.get(who.relation.value)
        if unit_id is not None and by.roles_at(unit_id) & who.roles:
            return unit_id
    return progress.holding.unit_id


def _principal(by: Standing, unit_id: int | None) -> int | None:
    """Whose post was exercised, when it was somebody else's."""
    held = [post for post in by.posts if post.unit_id == unit_id]
    if any(post.principal_id is None for post in held):
        return None
    return next((post.principal_id for post in held), None)


def _exclude(case: Case, step: StepDef, cleaned: Mapping[str, Any]) -> None:
    if step.verb == "recuse":
        case.excluded_accounts = sorted({*case.excluded_accounts, int(cleaned["account_id"])})


def _petitioners(parties: Iterable[PartyData | Named]) -> list[str]:
    """The names of those who brought the matter and didn't ask to stay unnamed."""
    return [
        clean_line(party.name)
        for party in parties
        if party.role == PartyRole.PETITIONER and not party.is_anonymous and clean_line(party.name)
    ]


def _parties(case: Case, matter: Matter) -> list[Party]:
    accused = [PartyData(role=PartyRole.ACCUSED, unit_id=unit_id) for unit_id in matter.accused_unit_ids]
    accused += [
        PartyData(role=PartyRole.ACCUSED, account_id=account_id) for account_id in matter.accused_account_ids
    ]
    return [
        Party(
            case_id=case.pk,
            role=party.role,
            name=clean_line(party.name)[:80],
            name_key=fold(party.name)[:80],
            phone=clean_line(party.phone)[:30],
            phone_key="".join(c for c in party.phone if c.isdigit())[-11:],
            identity_number=fold(party.identity_number)[:30].upper(),
            address=clean_line(party.address)[:200],
            unit_id=party.unit_id,
            account_id=party.account_id,
            is_anonymous=party.is_anonymous,
        )
        for party in (*matter.parties, *accused)
    ]


def _attachments(
    case: Case,
    entry_number: int,
    files: Sequence[FileData],
    *,
    at: datetime,
    account_id: int | None,
    is_public: bool,
) -> list[Attachment]:
    return [
        Attachment(
            case_id=case.pk,
            entry_number=entry_number,
            digest=file.blob.digest,
            name=clean_line(file.name)[:200],
            media_type=file.blob.media_type,
            size=file.blob.size,
            added_at=at,
            account_id=account_id,
            is_public=is_public,
        )
        for file in files
    ]


def _indexing(case: Case, names: Sequence[str], entries: Sequence[Entry]) -> tuple[str, Sequence[Any]]:
    """What makes the case findable; names that were given in confidence don't become words to search for."""
    is_in_confidence = case.is_confidential or case.facts.get("signing") == "confidential"
    return indexing(
        "case",
        case.pk,
        at=case.received_at,
        text=records.search_text(case, () if is_in_confidence else names, entries),
        unit_ids=case.unit_ids,
        excluded_units=case.excluded_units,
        excluded_accounts=case.excluded_accounts,
        is_restricted=case.is_confidential,
    )
