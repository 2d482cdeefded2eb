"""Messages of another system become petitions at their own time, whatever else stands in the file."""

import io
import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import NOON, County, a_county, moved
from yiwang.institutions.petitions import imports
from yiwang.institutions.petitions.imports import Refused, Summary, import_messages, message_of
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jsonlines import read_lines
from yiwang.kernel.casework.models import Case, ClockRecord, JournalEntry, Party

pytestmark = pytest.mark.django_db

MESSAGE = {
    "id": 1,
    "author": "U0001",
    "title": "村口路灯不亮",
    "submitted_at": "2019-03-01T09:30:00",
    "text": "路灯坏了半个月。",
}
REPLY = {"reply": "已更换灯泡。", "replied_at": "2019-03-21T15:00:00"}
ANSWERED = MESSAGE | REPLY


def bring_in(county: County, *rows: dict[str, Any] | bytes, at: datetime = NOON) -> Summary:
    """Import rows as a file; bytes stand as they are."""
    raw = b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    return import_messages(read_lines(io.BytesIO(raw)), office=county.unit("office"), at=at)


def counts(summary: Summary) -> tuple[int, int, int, int]:
    """Read, new, known, refused."""
    return summary.read, summary.new, summary.known, summary.refused


def everything() -> list[Any]:
    """What the journals say, without the numbers that the database gives."""
    with acting_as_system():
        return list(
            JournalEntry.objects.order_by("case__source_key", "number").values_list(
                "case__source_key",
                "number",
                "verb",
                "at",
                "data",
                "to_state",
                "case__state",
                "case__breach_on",
            )
        )


def test_an_answered_message_takes_its_times_from_the_file() -> None:
    county = a_county()
    assert counts(bring_in(county, ANSWERED)) == (1, 1, 0, 0)
    with acting_as_system():
        case = Case.objects.get()
        entries = list(JournalEntry.objects.values_list("verb", "at"))
        clocks = {c.key: (c.start_on, c.due_on, c.ended_on) for c in ClockRecord.objects.all()}
        party = Party.objects.get()
    sent = datetime(2019, 3, 1, 1, 30, tzinfo=UTC)
    replied = datetime(2019, 3, 21, 7, 0, tzinfo=UTC)
    assert entries == [("register", sent), ("accept", sent), ("answer", replied), ("issue", replied)]
    assert (case.received_on, case.state, case.answered_at) == (date(2019, 3, 1), "answered", replied)
    assert (case.title, case.text, case.channel) == ("村口路灯不亮", "路灯坏了半个月。", "import")
    assert (case.category, case.purpose, case.breach_on, case.due_on) == ("", "", None, None)
    assert clocks["registration"] == (date(2019, 3, 1), date(2019, 3, 16), date(2019, 3, 1))
    assert clocks["handling"] == (date(2019, 3, 1), date(2019, 4, 30), date(2019, 3, 21))
    assert (party.name, party.is_anonymous) == ("U0001", False)


def test_a_late_reply_breaks_the_sixty_days() -> None:
    county = a_county()
    on_time = ANSWERED | {"id": 1, "replied_at": "2019-04-30T23:59:59"}
    late = ANSWERED | {"id": 2, "replied_at": "2019-05-01T00:00:00"}
    bring_in(county, on_time, late)
    with acting_as_system():
        breaches = dict(Case.objects.values_list("source_key", "breach_on"))
    assert breaches == {"1": None, "2": date(2019, 4, 30)}


def test_a_message_without_reply_waits_at_the_office() -> None:
    county = a_county()
    bring_in(county, MESSAGE | {"votes_for": 2, "votes_against": 0})
    with acting_as_system():
        case = Case.objects.get()
    assert (case.state, case.holder_unit_id, case.breach_on) == (
        "registered",
        county.unit("office").pk,
        date(2019, 3, 16),
    )
    assert case.facts == {"votes_for": 2, "votes_against": 0}


def test_a_reply_without_a_time_is_kept_but_answers_nothing() -> None:
    county = a_county()
    row = MESSAGE | {"reply": "已更换灯泡。", "replied_at": None}
    assert counts(bring_in(county, row)) == (1, 1, 0, 0)
    assert counts(bring_in(county, row)) == (1, 0, 1, 0)
    with acting_as_system():
        case = Case.objects.get()
        note = JournalEntry.objects.get(verb="note")
    assert (case.state, case.answered_at, note.at) == ("registered", None, NOON)
    assert note.data["text"].endswith("已更换灯泡。")


def test_importing_twice_changes_nothing() -> None:
    county = a_county()
    rows = (ANSWERED, MESSAGE | {"id": 2})
    bring_in(county, *rows)
    before = everything()
    assert counts(bring_in(county, *rows, at=NOON + timedelta(days=1))) == (2, 0, 2, 0)
    assert everything() == before


@pytest.mark.parametrize("is_reply_first", [True, False])
def test_an_id_in_both_files_is_one_message_in_either_order(*, is_reply_first: bool) -> None:
    county = a_county()
    rows = [ANSWERED, MESSAGE] if is_reply_first else [MESSAGE, ANSWERED]
    results = [bring_in(county, row) for row in rows]
    assert [counts(result) for result in results] == [(1, 1, 0, 0), (1, 0, 1, 0)]
    assert [result.completed for result in results] == [0, 0 if is_reply_first else 1]
    assert [row[2] for row in everything()] == ["register", "accept", "answer", "issue"]
    assert everything()[-1][3] == datetime(2019, 3, 21, 7, 0, tzinfo=UTC)


def test_an_id_of_another_message_is_refused() -> None:
    county = a_county()
    summary = bring_in(county, ANSWERED, ANSWERED | {"text": "另一件事"}, ANSWERED | {"reply": "另一答复"})
    assert counts(summary) == (3, 1, 0, 2)
    assert [(error.line, error.reason) for error in summary.errors] == [
        (2, imports.OTHER_MESSAGE),
        (3, imports.OTHER_REPLY),
    ]


def test_a_reply_doesnt_overtake_what_was_done_here() -> None:
    county = a_county()
    bring_in(county, MESSAGE)
    with acting_as_system():
        case = Case.objects.get()
    moved(case, "accept", by=county.standing("office.clerk"))
    summary = bring_in(county, ANSWERED)
    assert [error.reason for error in summary.errors] == [imports.MOVED_ON]


def test_broken_lines_are_reported_and_the_rest_goes_in() -> None:
    county = a_county()
    summary = bring_in(
        county,
        MESSAGE,
        b"{broken",
        b"",
        json.dumps(MESSAGE | {"id": 3}, ensure_ascii=False).encode("gb18030"),
        {key: value for key, value in MESSAGE.items() if key != "text"},
        MESSAGE | {"id": 6},
    )
    assert counts(summary) == (5, 2, 0, 3)
    assert [error.line for error in summary.errors] == [2, 4, 5]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "1"}, imports.NOT_AN_ID),
        ({"id": True}, imports.NOT_AN_ID),
        ({"id": -1}, imports.NOT_AN_ID),
        ({"id": 10**18}, imports.NOT_AN_ID),
        ({"id": None}, imports.NOT_AN_ID),
        ({"text": ""}, imports.FIELD_EMPTY),
        ({"text": "\u200b\ufeff"}, imports.FIELD_EMPTY),
        ({"text": 5}, imports.NOT_A_TEXT),
        ({"title": None}, imports.NOT_A_TEXT),
        ({"author": ["U1"]}, imports.NOT_A_TEXT),
        ({"submitted_at": "2019-02-30T00:00:00"}, imports.NOT_A_TIME),
        ({"submitted_at": "2019-03-01"}, imports.NOT_A_TIME),
        ({"submitted_at": "0001-01-01T00:00:00"}, imports.NOT_A_TIME),
        ({"submitted_at": "9999-12-31T23:59:59-12:00"}, imports.NOT_A_TIME),
        ({"submitted_at": "２０１９-03-01T00:00:00"}, imports.NOT_A_TIME),
        ({"submitted_at": 1551403800}, imports.NOT_A_TEXT),
        ({"submitted_at": "2030-01-01T00:00:00"}, imports.STILL_TO_COME),
        ({"replied_at": "2030-01-01T00:00:00"}, imports.STILL_TO_COME),
        ({"replied_at": "2019-03-01T09:29:59"}, imports.REPLY_BEFORE),
        ({"reply": None}, imports.TIME_WITHOUT_REPLY),
        ({"reply": 7}, imports.NOT_A_TEXT),
        ({"votes_for": "many"}, imports.NOT_A_COUNT),
        ({"category": "类" * 81}, imports.TOO_LONG),
    ],
)
def test_a_field_that_cant_be_right_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        message_of(ANSWERED | changes, now=NOON)
    assert refused.value.reason == reason


@pytest.mark.parametrize("name", ["id", "title", "submitted_at", "text"])
def test_a_missing_field_is_named(name: str) -> None:
    with pytest.raises(Refused) as refused:
        message_of({key: value for key, value in ANSWERED.items() if key != name}, now=NOON)
    assert (refused.value.reason, refused.value.values) == (imports.FIELD_MISSING, {"field": name})


def test_a_time_with_a_zone_is_taken_at_its_word() -> None:
    message = message_of(ANSWERED | {"submitted_at": "2019-03-01T01:30:00Z"}, now=NOON)
    assert message.sent_at == datetime(2019, 3, 1, 1, 30, tzinfo=UTC)


def test_odd_but_true_texts_are_kept_whole() -> None:
    county = a_county()
    long = "水管漏水。" * 20_000
    title = "标题" * 80
    summary = bring_in(
        county,
        MESSAGE | {"id": 1, "text": long},
        MESSAGE | {"id": 2, "title": "）", "text": "好"},
        MESSAGE | {"id": 3, "title": " "},
        MESSAGE | {"id": 4, "title": title},
    )
    with acting_as_system():
        cases = {case.source_key: (case.title, case.text) for case in Case.objects.all()}
    assert summary.errors == []
    assert cases == {
        "1": (MESSAGE["title"], long),
        "2": ("）", "好"),
        "3": ("路灯坏了半个月。", "路灯坏了半个月。"),
        "4": (title[:120], f"{title}\n\n路灯坏了半个月。"),
    }


def test_a_reply_longer_than_an_opinion_may_be_is_refused_whole() -> None:
    county = a_county()
    summary = bring_in(county, ANSWERED | {"reply": "长" * 20001})
    assert [(error.reason, error.values) for error in summary.errors] == [
        (imports.TOO_LONG, {"field": "reply", "most": 20000})
    ]
    with acting_as_system():
        assert Case.objects.count() == 0


def test_a_class_in_the_file_is_kept() -> None:
    county = a_county()
    bring_in(
        county, {key: value for key, value in MESSAGE.items() if key != "author"} | {"category": "环境保护"}
    )
    with acting_as_system():
        assert Case.objects.get().category == "环境保护"
        assert Party.objects.get().is_anonymous is True


def real_file(name: str) -> Path:
    """A file of real messages beside the checkout; the test is skipped where there is none."""
    shared = os.environ.get("SHARED_DATA") or str(
        Path(__file__).resolve().parents[3].parent / "shared" / "data"
    )
    path = Path(shared) / "messages" / name
    if not path.exists():
        pytest.skip("no ../shared/data beside the checkout")
    return path


@pytest.mark.parametrize(
    ("name", "lines"), [("messages.jsonl", 2125), ("replied.jsonl", 1419), ("classified.jsonl", 254)]
)
def test_every_real_line_can_be_read(name: str, lines: int) -> None:
    with real_file(name).open("rb") as file:
        messages = [message_of(line.fields, now=NOON) for line in read_lines(file)]
    assert len(messages) == lines
    assert len({message.key for message in messages}) == lines


def test_real_messages_go_in_and_again_change_nothing(tmp_path: Path) -> None:
    county = a_county()
    raw = b"".join(
        line
        for name in ("messages.jsonl", "replied.jsonl")
        for line in real_file(name).read_bytes().splitlines(keepends=True)[::50]
    )
    first = import_messages(read_lines(io.BytesIO(raw)), office=county.unit("office"), at=NOON)
    again = import_messages(read_lines(io.BytesIO(raw)), office=county.unit("office"), at=NOON)
    total = len(raw.splitlines())
    assert (counts(first), counts(again)) == ((total, total, 0, 0), (total, 0, total, 0))
