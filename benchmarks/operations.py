"""What is measured: each operation with its address, the marker its answer must bear, and its bare limit."""

import random
import re
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from benchmarks.load import Target
from benchmarks.sites import NotMet, Visitor, token_in

TITLE = "施工噪音夜间扰民无人管理NUMBER"
TEXT = "北侧工地的施工噪音从早上六点一直响到深夜,老人和孩子没法休息。" * 8
LISTED_STATE = "answered"
"""The list that is asked for: full at every size, and not growing while registering is measured."""
ROWS_LISTED = 50
SEARCHES = {
    "search_rare_2": "月嫂",
    "search_rare_4": "月嫂预约",
    "search_common_2": "噪音",
    "search_common_4": "施工噪音",
    "search_none": "鱻麤",
}


@dataclass(frozen=True)
class Operation:
    """One line of the table: `limit` names the bare operation it is held against."""

    key: str
    label: str
    target: Target
    limit: str = ""


@dataclass(frozen=True)
class Sample:
    """Which rows are asked for: cases with 15 entries, a busy unit, and a deep place in its list."""

    long_cases: Sequence[int]
    unit_id: int
    number_in_list: int
    deep_key: str
    bare_cases: Sequence[int]
    hits: dict[str, int]


def sample_of(connection: Any) -> Sample:
    """Choose what is asked for, from what the database holds."""
    cursor = connection.cursor()

    def one(sql: str, *values: Any) -> Any:
        return cursor.execute(sql, values).fetchone()

    def column(sql: str, *values: Any) -> list[Any]:
        return [row[0] for row in cursor.execute(sql, values).fetchall()]

    long_cases = column(
        "SELECT id FROM casework_case WHERE journal_length = 15 AND root_unit_id ="
        " (SELECT id FROM orgs_unit WHERE code = 'office') ORDER BY id DESC LIMIT 2000"
    )
    unit_id, number = one(
        "SELECT holder_unit_id, count(*) FROM casework_case WHERE state = %s"
        " GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
        LISTED_STATE,
    )
    due_on, case_id = one(
        "SELECT due_on, id FROM casework_case WHERE holder_unit_id = %s AND state = %s"
        " ORDER BY due_on, id OFFSET %s LIMIT 1",
        unit_id,
        LISTED_STATE,
        max(0, int(number * 0.7)),
    )
    bare_cases = column(
        "SELECT case_id FROM bare_event GROUP BY 1 HAVING count(*) = 15 ORDER BY 1 DESC LIMIT 2000"
    )
    hits = {
        word: one("SELECT count(*) FROM search_document WHERE text LIKE %s", f"%{word}%")[0]
        for word in SEARCHES.values()
    }
    return Sample(long_cases, unit_id, number, f"{due_on or '-'}.{case_id}", bare_cases, hits)


def operations(product: Visitor, leader: Visitor, bare: Visitor, sample: Sample) -> list[Operation]:
    """Every operation, checked: each answer says what it must before it is timed."""
    month = timezone.localdate().replace(day=1)
    listed = f"/desk/all/?unit={sample.unit_id}&state={LISTED_STATE}"
    is_listed = f'<option value="{sample.unit_id}" selected'
    _check_rows(product, listed, row='<a href="/cases/')
    _check_rows(bare, f"/list/?unit={sample.unit_id}&state={LISTED_STATE}", row=LISTED_STATE)
    shuffled = [f"/cases/{case_id}/" for case_id in sample.long_cases]
    random.Random(8).shuffle(shuffled)
    get = _getter(product)
    found = [
        _bare(bare, "nothing", "empty view", ["/nothing/"], "nothing"),
        _bare(bare, "bare_row", "bare: one row", _rows(sample, "row"), '"number"'),
        _bare(bare, "bare_page", "bare: page, signed in", _rows(sample, "page"), "register"),
        _bare(
            bare,
            "bare_list",
            "bare: list, signed in",
            [f"/list/?unit={sample.unit_id}&state={LISTED_STATE}"],
            LISTED_STATE,
        ),
        _bare_insert(bare, "bare_insert", "bare: insert", "/insert/"),
        _bare_insert(bare, "bare_insert_in", "bare: insert, signed in", "/insert-signed-in/"),
        _register(product),
        get("case", "case page, 15 entries", shuffled, "信访20", "bare_page"),
        get("list", "list, first page", [listed], is_listed, "bare_list"),
        get("list_deep", "list, deep page", [f"{listed}&after={sample.deep_key}"], is_listed, "bare_list"),
    ]
    for key, word in SEARCHES.items():
        marker = f"<mark>{word}" if sample.hits[word] else "search"
        path = f"/search/?q={urllib.parse.quote(word)}"
        found.append(get(key, f"search {word} ({sample.hits[word]:,} hits)", [path], marker, ""))
    found.append(_getter(leader)("month", "month's statistics", [f"/stats/?month={month:%Y-%m}"], "%", ""))
    return found


def _rows(sample: Sample, what: str) -> list[str]:
    return [f"/{what}/{case_id}/" for case_id in sample.bare_cases]


def _getter(visitor: Visitor) -> Callable[..., Operation]:
    def get(key: str, label: str, paths: Sequence[str], marker: str, limit: str) -> Operation:
        _check(visitor, paths[0], marker)
        return Operation(key, label, Target(visitor.base, paths, visitor.cookie), limit)

    return get


def _bare(visitor: Visitor, key: str, label: str, paths: Sequence[str], marker: str) -> Operation:
    _check(visitor, paths[0], marker)
    return Operation(key, label, Target(visitor.base, paths, visitor.cookie))


def _check(visitor: Visitor, path: str, marker: str) -> None:
    status, text = visitor.ask(path)
    if status != 200 or marker not in text:
        raise NotMet(f"{path}: {status}, without {marker}")


def _check_rows(visitor: Visitor, path: str, *, row: str) -> None:
    """Both lists are held against each other with as many rows."""
    _status, text = visitor.ask(path)
    if text.count(row) < ROWS_LISTED:
        raise NotMet(f"{path}: {text.count(row)} rows, not {ROWS_LISTED}")


def _bare_insert(visitor: Visitor, key: str, label: str, path: str) -> Operation:
    form = urllib.parse.urlencode({"title": TITLE, "text": TEXT})
    status, text = visitor.ask(
        path, {"title": TITLE, "text": TEXT, "csrfmiddlewaretoken": visitor.token or "-"}
    )
    if status != 201:
        raise NotMet(f"{path}: {status} {text[:200]}")
    return Operation(key, label, Target(visitor.base, [path], visitor.cookie, form, visitor.token))


def _register(visitor: Visitor) -> Operation:
    _status, page = visitor.ask("/counter/")
    form = {
        "key": "KEY",
        "channel": "counter",
        "received_on": timezone.localdate().isoformat(),
        "name": "冉玉芳",
        "phone": "10000000000",
        "signing": "signed",
        "purpose": "claim",
        "title": TITLE,
        "text": TEXT,
    }
    once = {**form, "key": "0" * 31 + "1", "csrfmiddlewaretoken": token_in(page)}
    status, text = visitor.ask("/counter/", once)
    if status != 303:
        faults = re.findall(r"<[^>]*error[^>]*>([^<]+)", text)
        raise NotMet(f"registering: {status} {faults}")
    words = urllib.parse.urlencode(form)
    target = Target(visitor.base, ["/counter/"], visitor.cookie, words, visitor.token)
    return Operation("register", "register a case", target, "bare_insert")
