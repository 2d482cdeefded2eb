"""Tasks: an instruction becomes a task; it is done with proof, confirmed or returned; who is late is told up."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.builders import NOON, County, a_county
from tests.facilities.office.builders import HOUR, a_document_in_hand, do
from tests.facilities.office.test_screens import browser
from yiwang.facilities.office import actions
from yiwang.facilities.office.actions import NewTask, give_task
from yiwang.facilities.office.faults import Classified, NotThese
from yiwang.facilities.office.models import Handling, Opinion, Task
from yiwang.facilities.office.rules.ladder import LADDER, rungs_reached
from yiwang.facilities.office.tasks import climb
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.calendar.queries import current
from yiwang.kernel.casework import actions as casework
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.models import Case, JournalEntry
from yiwang.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


def a_task(
    county: County, who: str = "water.head", to: str = "chengguan", *, at: datetime = NOON, **changes: Any
) -> Task:
    """A task that somebody gives to a unit, within five working days."""
    unit = who.partition(".")[0]
    fields = {
        "title": "排查管网",
        "text": "请排查辖区管网。",
        "holder_unit_id": county.unit(to).pk,
        "days": 5,
    }
    by = county.standing(who)
    with acting_as(by):
        return give_task(NewTask(**{**fields, **changes}), unit_id=county.unit(unit).pk, by=by, at=at)


def step(county: County, who: str, verb: str, task: Task, *, at: datetime = NOON, **data: Any) -> None:
    """A step of a task, as somebody."""
    by = county.standing(who)
    with acting_as(by):
        casework.take(task.case_id, verb, by=by, at=at, data=data)


def case_of(task: Task) -> Case:
    with acting_as_system():
        return Case.objects.get(pk=task.case_id)


def told(county: County, who: str) -> list[str]:
    with acting_as_system():
        found = Notice.objects.filter(account_id=county.accounts[who].pk, kind="waits")
        return [str(one.facts["what"]) for one in found.order_by("pk")]


def an_instruction(county: County) -> Opinion:
    """A township head's instruction on a document that the water bureau sent there."""
    came = a_document_in_hand(county)
    do(
        county,
        "chengguan.head",
        actions.write_opinion,
        came,
        text="请和平乡三日内摸清底数。",
        is_instruction=True,
    )
    with acting_as_system():
        return Opinion.objects.get(handling=came, kind="instruction")


def test_an_instruction_becomes_a_task_with_nothing_typed_again() -> None:
    county = a_county()
    said = an_instruction(county)
    head = browser(county, "chengguan.head")
    shown = head.get(reverse("office:document", args=[said.handling_id])).content.decode()
    address = f"{reverse('office:give')}?opinion={said.pk}"
    assert address in shown
    form = head.get(address).context["form"]
    assert form.initial["text"] == "请和平乡三日内摸清底数。"
    with acting_as_system():
        title = Handling.objects.select_related("document").get(pk=said.handling_id).document.title
    assert form.initial["title"] == title
    given = {
        "title": title,
        "text": form.initial["text"],
        "holder": "和平乡",
        "days": "3",
        "key": "k",
        "opinion": said.pk,
    }
    assert head.post(reverse("office:give"), given).status_code == 303
    with acting_as_system():
        task = Task.objects.get()
    assert (task.handling_id, task.opinion_id) == (said.handling_id, said.pk)
    case = case_of(task)
    assert (case.state, case.holder_unit_id) == ("working", county.unit("heping").pk)
    assert case.due_on is not None
    shown = head.get(reverse("office:document", args=[said.handling_id])).content.decode()
    assert reverse("casework:case", args=[task.case_id]) in shown
    doer = browser(county, "heping.clerk")
    source = doer.get(reverse("office:task_source", args=[task.case_id])).content.decode()
    assert "请和平乡三日内摸清底数。" in source
    assert doer.get(reverse("office:document", args=[said.handling_id])).status_code == 200


def test_the_same_instruction_twice_to_the_same_people_is_one_task() -> None:
    county = a_county()
    said = an_instruction(county)
    fields = {"handling_id": said.handling_id, "opinion_id": said.pk}
    a_task(county, "chengguan.head", "heping", **fields)
    with pytest.raises(NotThese):
        a_task(county, "chengguan.head", "heping", **fields)
    a_task(county, "chengguan.head", "water", **fields)
    with acting_as_system():
        assert Case.objects.filter(type_key="task").count() == 2


def test_a_form_sent_twice_is_one_task() -> None:
    county = a_county()
    assert a_task(county, key="same").pk == a_task(county, key="same").pk


def test_progress_any_number_of_times_then_done_confirmed_and_concluded() -> None:
    county = a_county()
    task = a_task(county, helper_unit_ids=[county.unit("heping").pk])
    step(county, "chengguan.clerk", "feedback", task, text="已查一半。")
    step(county, "heping.clerk", "feedback", task, text="已派人协助。")
    step(county, "chengguan.clerk", "answer", task, text="查出3处，均已修好。")
    assert case_of(task).due_on is None
    step(county, "water.head", "confirm", task)
    step(county, "water.clerk", "conclude", task)
    with acting_as_system():
        verbs = [entry.verb for entry in JournalEntry.objects.filter(case_id=task.case_id).order_by("number")]
    assert verbs == ["give", "involve", "assign", "feedback", "feedback", "answer", "confirm", "conclude"]
    assert case_of(task).state == "concluded"


def test_who_helps_may_say_how_far_it_is_but_not_that_it_is_done() -> None:
    county = a_county()
    task = a_task(county, helper_unit_ids=[county.unit("heping").pk])
    with pytest.raises(NotPermitted):
        step(county, "heping.clerk", "answer", task, text="办完。")
    with pytest.raises(Case.DoesNotExist):
        step(
            county,
            "housing.clerk",
            "feedback",
            task,
            text="?",
        )


def test_a_task_within_the_unit_is_confirmed_by_somebody_else_than_whoever_did_it() -> None:
    county = a_county()
    task = a_task(county, "water.head", "water", holder_account_id=county.accounts["water.clerk"].pk)
    step(county, "water.head", "answer", task, text="办完。")
    with pytest.raises(GuardFailed):
        step(county, "water.head", "confirm", task)
    step(county, "water.head", "return", task, reasons="请经办人填报。")
    step(county, "water.clerk", "answer", task, text="办完。")
    step(county, "water.head", "confirm", task)
    assert case_of(task).state == "confirmed"


def test_what_is_returned_keeps_its_last_day() -> None:
    county = a_county()
    task = a_task(county)
    due_on = case_of(task).due_on
    step(county, "chengguan.clerk", "answer", task, text="办完。")
    step(county, "water.head", "return", task, reasons="缺照片。")
    case = case_of(task)
    assert (case.state, case.due_on) == ("working", due_on)


def test_more_time_is_asked_for_and_granted_with_reasons() -> None:
    county = a_county()
    fixed = date(2026, 12, 4)
    in_days, to_a_day = a_task(county, at=NOON), a_task(county, at=NOON, due_on=fixed, days=None)
    before = case_of(in_days).due_on
    assert before is not None
    assert case_of(to_a_day).due_on == fixed
    for task in (in_days, to_a_day):
        with pytest.raises(GuardFailed):
            step(county, "water.head", "extend", task, days=2, reasons="同意。")
        step(county, "chengguan.clerk", "request_extension", task, days=2, reasons="配件未到。")
        with pytest.raises(GuardFailed):
            step(county, "chengguan.head", "request_extension", task, days=9, reasons="再加。")
        step(county, "water.head", "extend", task, days=2, reasons="同意。")
    assert case_of(in_days).due_on == current().add_working_days(before, 2)
    assert case_of(to_a_day).due_on == current().add_working_days(fixed, 2)


def test_more_time_can_be_refused() -> None:
    county = a_county()
    task = a_task(county)
    before = case_of(task).due_on
    step(county, "chengguan.clerk", "request_extension", task, days=2, reasons="配件未到。")
    step(county, "water.head", "refuse_extension", task, reasons="请按期完成。")
    assert case_of(task).due_on == before


def test_without_a_term_it_is_ten_working_days() -> None:
    county = a_county()
    task = a_task(county, days=None)
    assert case_of(task).due_on == current().add_working_days(NOON.date(), 10)


def test_the_ladder_tells_the_holder_then_the_giver_then_the_givers_head_once_each(
    django_capture_on_commit_callbacks: Any,
) -> None:
    county = a_county()
    task = a_task(county, "water.clerk", holder_account_id=county.accounts["chengguan.clerk"].pk)
    due_on = case_of(task).due_on
    assert due_on is not None
    for after, holder, giver, head in (
        (-2, 0, 0, 0),
        (-1, 1, 0, 0),
        (0, 1, 0, 0),
        (1, 2, 0, 0),
        (2, 2, 1, 0),
        (4, 2, 1, 1),
        (5, 2, 1, 1),
    ):
        day = current().add_working_days(due_on, after)
        at = NOON + timedelta(days=(day - NOON.date()).days)
        climb(at=at)
        climb(at=at + HOUR)
        counts = [len(told(county, who)) for who in ("chengguan.clerk", "water.clerk", "water.head")]
        assert counts == [holder, giver, head], after
    step(county, "chengguan.clerk", "answer", task, text="办完。", at=NOON)


def test_nobody_is_told_of_what_was_reported_done() -> None:
    county = a_county()
    task = a_task(county)
    step(county, "chengguan.clerk", "answer", task, text="办完。")
    climb(at=NOON + timedelta(days=60))
    assert told(county, "chengguan.clerk") == []


def test_the_ladder_is_climbed_in_working_days() -> None:
    friday = date(2026, 11, 20)
    reached = {
        day: [r.key for r in rungs_reached(friday, day, calendar=current())]
        for day in (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 22), date(2026, 11, 23))
    }
    assert list(reached.values()) == [[], ["soon"], ["soon"], ["soon", "late"]]
    assert [rung.after for rung in LADDER] == sorted(rung.after for rung in LADDER)


def test_whatever_bears_a_mark_of_secrecy_is_refused() -> None:
    county = a_county()
    with pytest.raises(Classified):
        a_task(county, text="机密★1年\n请办理。")
    with acting_as_system():
        assert not Task.objects.exists()


def test_a_person_is_named_only_at_their_own_unit() -> None:
    county = a_county()
    with pytest.raises(NotThese):
        a_task(county, holder_account_id=county.accounts["heping.clerk"].pk)


def test_the_lists_say_what_is_mine_what_i_gave_and_what_my_unit_has() -> None:
    county = a_county()
    first = a_task(county, title="先办这件", days=1)
    a_task(county, title="再办那件", days=9)

    def titles(who: str, **query: str) -> list[str]:
        response = browser(county, who).get(reverse("office:tasks"), query)
        return [row.title for row in response.context["table"].rows]

    assert titles("chengguan.clerk") == ["先办这件", "再办那件"]
    assert titles("water.head") == []
    assert titles("water.head", part="given") == ["先办这件", "再办那件"]
    assert titles("water.clerk", part="unit") == ["先办这件", "再办那件"]
    assert titles("heping.clerk", part="unit") == []
    step(county, "chengguan.clerk", "answer", first, text="办完。")
    assert titles("chengguan.clerk") == ["再办那件"]
    assert sorted(titles("chengguan.clerk", state="all")) == sorted(["先办这件", "再办那件"])


def test_a_wrong_name_gets_a_sentence_beside_it_and_loses_nothing() -> None:
    county = a_county()
    response = browser(county, "water.head").post(
        reverse("office:give"), {"title": "排查", "text": "请排查。", "holder": "没有这个单位", "days": "5"}
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["holder"]
    assert "请排查。" in response.content.decode()
