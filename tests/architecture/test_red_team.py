"""Everything an insider may try to learn that somebody accuses them: each attempt finds it for whoever may see it.

信访工作条例 28 and 30: in lists, counts, search, figures, exports, notices, live news, files and addresses.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.architecture.accusation import (
    ACCUSER,
    CONTROLS,
    FILE,
    KEPT_AWAY,
    PHONE,
    SAVED,
    SIMILAR,
    Accusation,
    an_accusation,
)
from tests.architecture.world import undone
from tests.builders import NOON
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.casework import audience
from yiwang.kernel.casework.choices import case_numbered, cases_like
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import may_see
from yiwang.kernel.casework.queries import findable
from yiwang.kernel.notices.actions import notify
from yiwang.kernel.notices.queries import news_of, unread_count
from yiwang.kernel.search.queries import count, find

pytestmark = pytest.mark.django_db
MONTH = f"{NOON:%Y-%m}"

Look = Callable[["Try"], object]


@dataclass(frozen=True)
class Try:
    """One person at one attempt."""

    world: Accusation
    who: str

    @property
    def browser(self) -> Client:
        """A fresh browser of that person."""
        return self.world.browser(self.who)

    def get(self, address: str, **headers: Any) -> str:
        """What a page says, with its headers, whatever it answers."""
        return told(self.browser.get(address, **headers))

    def post(self, address: str, **data: Any) -> str:
        """What a page says to a POST and after it."""
        return told(self.browser.post(address, data, follow=True))

    def case(self, name: str, *more: object, of: Case | None = None) -> str:
        """The address of a page of the accusation."""
        return reverse(f"casework:{name}", args=[(of or self.world.case).pk, *more])


def told(response: HttpResponse) -> str:
    """Status, headers and body of an answer; a workbook's sheets unpacked."""
    body: bytes = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    if body.startswith(b"PK\x03\x04"):
        with ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))
    moved = "".join(url for url, _status in getattr(response, "redirect_chain", []))
    return f"{response.status_code} {dict(response.headers)} {moved} {body.decode('utf-8', 'replace')}"


def traces(world: Accusation) -> list[str]:
    """Pieces that stand in nothing but the accusation."""
    return [world.case.number, "铁盒", f"/cases/{world.case.pk}/", FILE, "账目7731", world.code]


def answers(*codes: int) -> Callable[[str, "Try"], bool]:
    """An attempt succeeds when the answer has one of these codes."""
    return lambda said, _try: int(said[:3]) in codes


def shows_traces(said: str, one: Try) -> bool:
    """An attempt succeeds when a trace of the accusation stands in what came back."""
    return any(trace in said for trace in traces(one.world))


def opens_it(said: str, one: Try) -> bool:
    """An attempt whose question comes back with the page succeeds when the way to the case does too."""
    return f"/cases/{one.world.case.pk}/" in said or "铁盒" in said


def is_true(said: str, _one: Try) -> bool:
    """An attempt of Python succeeds when something was found."""
    return said not in ("", "0", "[]", "None", "False", "{}")


@dataclass(frozen=True)
class Attempt:
    """What is tried, and how one sees that it succeeded."""

    name: str
    look: Look
    succeeds: Callable[[str, Try], bool] = shows_traces

    def __str__(self) -> str:
        return self.name

    def finds(self, world: Accusation, who: str) -> bool:
        """Whether the attempt learns something for this person; nothing it does stays."""
        one = Try(world, who)
        with undone():
            return self.succeeds(str(self.look(one)), one)


def _is_linked(t: Try) -> bool:
    """Whether the like matter now repeats the hidden one; asked as the house, whoever asked before."""
    with acting_as_system():
        return Case.objects.filter(repeat_of_id=t.world.case.pk, pk=t.world.similar.pk).exists()


def _raw(one: Try, sql: str) -> object:
    """A number from a raw query of the application role, without any rule in Python."""
    with acting_as(one.world.standing(one.who)), connection.cursor() as cursor:
        cursor.execute(sql, [one.world.case.pk])
        return cursor.fetchone()[0]


def _searched(one: Try, words: str) -> object:
    standing = one.world.standing(one.who)
    with acting_as(standing):
        hits = find(words, kind="case", predicate=findable(standing))
        number = count(words, kind="case", predicate=findable(standing)).number
    return [hit for hit in hits if hit.object_id == one.world.case.pk] if number else []


def _live(one: Try) -> object:
    own = {f"account:{one.world.people[one.who].pk}"}
    own |= {f"unit:{unit_id}" for unit_id in one.world.standing(one.who).unit_ids}
    return sorted(own.intersection(audience.topics_of(one.world.case.pk, one.world.case.unit_ids)))


def _notified(one: Try) -> object:
    with acting_as_system():
        return notify([one.world.people[one.who].pk], "moved", key="k2", at=NOON, case=one.world.case)


def _news(one: Try) -> object:
    standing = one.world.standing(one.who)
    with acting_as(standing):
        return news_of(standing)[0]


def _unread(one: Try) -> object:
    standing = one.world.standing(one.who)
    with acting_as(standing):
        return unread_count(standing)


def _suggested(one: Try) -> object:
    standing = one.world.standing(one.who)
    with acting_as(standing):
        return [*cases_like(str(one.world.case.pk), standing=standing)]


def _named(one: Try) -> object:
    standing = one.world.standing(one.who)
    with acting_as(standing):
        return case_numbered(one.world.case.number, standing=standing)


def _counter(one: Try, **more: str) -> dict[str, str]:
    return {"name": ACCUSER, "phone": PHONE, "title": "招标", "text": SIMILAR, "signing": "signed", **more}


def _shown(one: Try) -> bool:
    """Whether the month's figures count all three matters: "0 of 3" were answered."""
    said = one.get(f"{reverse('stats:month')}?month={MONTH}")
    return said.startswith("200") and "3 件中的 0 件" in re.sub(r"\s+", " ", said)


def _workbook(one: Try) -> bool:
    """Whether the workbook's figures do: one matter of three repeats another."""
    response = one.browser.get(f"{reverse('stats:spreadsheet')}?month={MONTH}")
    if response.status_code != 200:
        return False
    with ZipFile(io.BytesIO(response.content)) as book:
        return b"<v>33.3</v>" in book.read("xl/worksheets/sheet1.xml")


ATTEMPTS = (
    # the case itself and all its papers
    Attempt("open the case", lambda t: t.get(t.case("case"))),
    Attempt("open it with a purpose", lambda t: t.post(t.case("case"), purpose="supervising")),
    Attempt("print it", lambda t: t.get(t.case("print"))),
    Attempt("open a step in the address", lambda t: t.get(t.case("case") + "?step=answer")),
    Attempt("fetch a step's form", lambda t: t.get(t.case("step", "note"), HTTP_HX_REQUEST="true"), answers(200)),
    Attempt("fetch a step's page", lambda t: t.get(t.case("step", "note"))),
    Attempt("take a step", lambda t: t.post(t.case("step", "note"), text="看看")),
    Attempt("take a step that isn't", lambda t: t.post(t.case("step", "nonsense"))),
    Attempt("call it back", lambda t: t.post(t.case("undo", 1))),
    Attempt("why this date", lambda t: t.get(t.case("why", *t.world.clock))),
    Attempt("why this date, in place", lambda t: t.get(t.case("why", *t.world.clock), HTTP_HX_REQUEST="true"), answers(200)),
    Attempt("open a file", lambda t: t.get(t.case("file", t.world.attachment_id)), answers(200)),
    Attempt("a part of a file", lambda t: t.get(t.case("file", t.world.attachment_id), HTTP_RANGE="bytes=0-9"), answers(200, 206)),
    Attempt("is the file as I have it", lambda t: t.browser.head(t.case("file", t.world.attachment_id)).status_code, answers(200)),
    Attempt("open a letter", lambda t: t.get(t.case("letter", t.world.letter_ids[0]))),
    Attempt("open the transfer letter", lambda t: t.get(t.case("letter", t.world.letter_ids[-1])), answers(200)),
    Attempt("open a letter as PDF", lambda t: t.get(t.case("letter_pdf", t.world.letter_ids[-1])), answers(200)),
    Attempt("watch it", lambda t: t.post(t.case("watch"), watch="1")),
    Attempt("no longer watch it", lambda t: t.post(t.case("watch"), watch="0")),
    Attempt("earlier petitions beside it", lambda t: t.get(reverse("petitions:repeats", args=[t.world.case.pk]))),
    Attempt("the counter's last page", lambda t: t.get(reverse("petitions:counter_done", args=[t.world.case.pk]))),
    Attempt("the counter's receipt", lambda t: t.get(reverse("petitions:counter_receipt", args=[t.world.case.pk])), answers(200, 302)),
    # lists
    Attempt("desk", lambda t: t.get("/desk/")),
    Attempt("my unit", lambda t: t.get("/desk/unit/")),
    Attempt("all matters", lambda t: t.get("/desk/all/")),
    Attempt("all of the unit that holds it", lambda t: t.get(f"/desk/all/?unit={t.world.case.holder_unit_id}")),
    Attempt("all accusations", lambda t: t.get("/desk/all/?purpose=accusation")),
    Attempt("a saved view", lambda t: t.get(SAVED)),
    Attempt("a page before it", lambda t: t.get(f"/desk/all/?before=-.{t.world.case.pk - 1}")),
    Attempt("a page after it", lambda t: t.get(f"/desk/all/?after=-.{t.world.case.pk + 1}")),
    Attempt("what I watch", lambda t: t.get("/desk/watched/")),
    Attempt("choose it in a list", lambda t: t.post("/desk/several/", row=t.world.case.pk, action="hand_over")),
    Attempt("hand it over in a list", lambda t: t.post("/desk/several/", row=t.world.case.pk, action="hand_over_now", verb="forward", unit_id="和平乡")),
    Attempt("watch it in a list", lambda t: t.post("/desk/several/", row=t.world.case.pk, action="watch", back="/desk/watched/")),
    Attempt("what is new", lambda t: re.findall(r"\d+", re.sub(r"<[^>]*>", "", t.browser.get("/desk/news/?since=2020-01-01T00:00:00%2B00:00").content.decode()))[:1] == ["3"], is_true),
    # search and suggestions
    Attempt("search its number", lambda t: t.get(f"/search/?q={t.world.case.number}"), opens_it),
    Attempt("search a word", lambda t: t.get("/search/?q=好处费")),
    Attempt("search a phrase of the text", lambda t: t.get("/search/?q=城东茶楼,账目")),
    Attempt("search with a filter", lambda t: t.get("/search/?q=招标&purpose=accusation")),
    Attempt("search the accuser", lambda t: t.get(f"/search/?q={ACCUSER}")),
    Attempt("search the receipt's code", lambda t: t.get(f"/search/?q={t.world.code}"), opens_it),
    Attempt("search on, from a page of one's own making", lambda t: t.get("/search/?q=工程招标中&from=2030-01-01T00:00:00%2B00:00~999999999")),
    Attempt("the index itself", lambda t: _searched(t, "铁盒工程"), is_true),
    Attempt("suggestions by number", lambda t: t.get(f"/suggest/cases/?q={t.world.case.number}")),
    Attempt("suggestions by id", lambda t: t.get(f"/suggest/cases/?q={t.world.case.pk}")),
    Attempt("suggested to a step", _suggested, is_true),
    Attempt("named in a step", _named, is_true),
    # the counter and repeats
    Attempt("compare at the counter", lambda t: t.post("/counter/compare/", **_counter(t))),
    Attempt("compare without a script", lambda t: t.post("/counter/", **_counter(t, go="compare"))),
    Attempt("earlier petitions beside a like one", lambda t: t.get(reverse("petitions:repeats", args=[t.world.similar.pk]))),
    Attempt("beside a like one, in place", lambda t: t.get(reverse("petitions:repeats", args=[t.world.similar.pk]), HTTP_HX_REQUEST="true")),
    Attempt("the page of one that repeats it", lambda t: t.get(t.case("case", of=t.world.repeating))),
    Attempt("that page on paper", lambda t: t.get(t.case("print", of=t.world.repeating))),
    Attempt("link another to it by id", lambda t: t.post(t.case("step", "link_repeat", of=t.world.similar), earlier_case_id="", earlier_case_id_key=t.world.case.pk, reasons="猜的") and _is_linked(t), is_true),
    # figures
    Attempt("the month's page", _shown, is_true),
    Attempt("the cases behind a figure", lambda t: t.get(f"{reverse('stats:cases')}?month={MONTH}")),
    Attempt("behind the figure of accusations", lambda t: t.get(f"{reverse('stats:cases')}?month={MONTH}&by=unit&key={t.world.county.unit('inspection').pk}")),
    Attempt("behind the figure of a day", lambda t: t.get(f"{reverse('stats:cases')}?month={MONTH}&day={NOON:%Y-%m-%d}")),
    Attempt("the spreadsheet", lambda t: _workbook(t), is_true),
    # news
    Attempt("notices", lambda t: t.get("/notices/")),
    Attempt("news of it", _news, is_true),
    Attempt("the bell's number", _unread, is_true),
    Attempt("a new notice", _notified, is_true),
    Attempt("live news", _live, is_true),
    # the database, past every rule in Python
    Attempt("raw case", lambda t: _raw(t, "SELECT count(*) FROM casework_case WHERE id = %s"), is_true),
    Attempt("raw journal", lambda t: _raw(t, "SELECT count(*) FROM casework_journalentry WHERE case_id = %s"), is_true),
    Attempt("raw letters", lambda t: _raw(t, "SELECT count(*) FROM casework_letter WHERE case_id = %s"), is_true),
    Attempt("raw parties", lambda t: _raw(t, "SELECT count(*) FROM casework_party WHERE case_id = %s"), is_true),
    Attempt("raw files", lambda t: _raw(t, "SELECT count(*) FROM casework_attachment WHERE case_id = %s"), is_true),
    Attempt("the policy", lambda t: may_see(t.world.standing(t.who), t.world.case), is_true),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Accusation]:
    """One county for the whole table."""
    with django_db_blocker.unblock(), undone():
        yield an_accusation()


def test_there_are_enough_attempts() -> None:
    assert len(ATTEMPTS) >= 40
    assert len({attempt.name for attempt in ATTEMPTS}) == len(ATTEMPTS)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=str)
def test_attempt(attempt: Attempt, world: Accusation, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        assert any(attempt.finds(world, who) for who in CONTROLS), "it finds nothing for anybody"
        assert [who for who in KEPT_AWAY if attempt.finds(world, who)] == []


PAGES_OF_A_CASE: tuple[tuple[str, tuple[object, ...], str], ...] = (
    ("casework:case", (), "get"),
    ("casework:case", (), "post"),
    ("casework:print", (), "get"),
    ("casework:watch", (), "post"),
    ("casework:step", ("note",), "get"),
    ("casework:step", ("note",), "post"),
    ("casework:step", ("nonsense",), "post"),
    ("casework:undo", (1,), "post"),
    ("casework:why", ("registration", 0), "get"),
    ("casework:file", (1,), "get"),
    ("casework:letter", (1,), "get"),
    ("casework:letter_pdf", (1,), "get"),
    ("petitions:repeats", (), "get"),
    ("petitions:repeats", (), "post"),
    ("petitions:counter_done", (), "get"),
    ("petitions:counter_receipt", (), "get"),
    ("office:of_case", (), "get"),
)


@pytest.mark.parametrize(("name", "more", "method"), PAGES_OF_A_CASE)
def test_a_hidden_matter_looks_like_none_at_all(
    name: str, more: tuple[object, ...], method: str, world: Accusation, django_db_blocker: Any
) -> None:
    def said(case_id: int) -> str:
        with undone():
            browser = world.browser("accused by name")
            words = told(getattr(browser, method)(reverse(name, args=[case_id, *more])))
        return re.sub(rf"'Content-Length': '\d+'|(cases|counter|of-case)(/|%2F){case_id}\b", "", words)

    with django_db_blocker.unblock():
        hidden, missing = said(world.case.pk), said(987_654_321)
    assert hidden.startswith("404")
    assert hidden == missing
