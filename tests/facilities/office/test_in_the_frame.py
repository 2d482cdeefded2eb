"""What the office adds elsewhere: counts in the navigation, tasks on the pages of other institutions' matters."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from tests.builders import NOON, County, a_county, a_petition
from tests.facilities.office.builders import a_document_in_hand, a_draft, do
from tests.facilities.office.test_screens import browser
from tests.facilities.office.test_tasks import a_task, case_of
from yiwang.facilities.office import actions, places
from yiwang.facilities.office.actions import NewTask, give_task
from yiwang.facilities.office.models import Countersign
from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.casework.watching import watch
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.notices.tasks import tell_terms
from yiwang.kernel.ui.context import frame

pytestmark = pytest.mark.django_db


def counts(county: County, who: str) -> dict[str, object]:
    """What the navigation counts for somebody, as their next page asks for it."""
    places._waiting.forget()
    request = RequestFactory().get("/")
    request.user = county.accounts[who]
    request.standing = county.standing(who)  # type: ignore[attr-defined]
    with county.asking_as(who):
        return dict(frame(request)["frame"].place_counts)


def test_what_waits_to_be_read_is_counted_in_the_navigation_until_it_was_read() -> None:
    county = a_county()
    came = a_document_in_hand(county)
    head = county.accounts["chengguan.head"].pk
    before = counts(county, "chengguan.head")
    assert "incoming" not in before
    do(county, "chengguan.clerk", actions.circulate, came, account_ids=[head])
    assert counts(county, "chengguan.head")["incoming"] == "1"
    assert "incoming" not in counts(county, "chengguan.clerk")
    with county.asking_as("chengguan.head") as by:
        actions.mark_read([came.readings.get().pk], by=by, at=NOON)
    assert counts(county, "chengguan.head") == before


def test_requests_to_countersign_are_counted_beside_and_other_modules_count_too() -> None:
    county = a_county()
    a_petition(county)
    draft = a_draft(county, "chengguan")
    do(county, "water.clerk", actions.submit, draft)
    asked = [county.unit("housing").pk, county.unit("office").pk]
    do(county, "water.head", actions.ask_countersign, draft, unit_ids=asked)
    found = counts(county, "office.head")
    assert (found["incoming"], found["reading"], found["desk"]) == ("1", "1", "1")
    with county.asking_as("office.head") as by:
        one = Countersign.objects.get(unit_id=county.unit("office").pk)
        actions.countersign(one.pk, answer="agrees", by=by, at=NOON)
    assert "incoming" not in counts(county, "office.head")
    assert counts(county, "housing.head")["incoming"] == "1"


def test_a_petition_s_page_leads_to_its_tasks_and_to_giving_one() -> None:
    county = a_county()
    case = a_petition(county).case
    address = reverse("office:tasks_of_case", args=[case.pk])
    clerk = browser(county, "office.clerk")
    assert address in clerk.get(reverse("casework:case", args=[case.pk])).content.decode()
    give = f"{reverse('office:give')}?case={case.pk}"
    assert give in clerk.get(address).content.decode()
    assert clerk.get(give).status_code == 200
    by = county.standing("office.clerk")
    new = NewTask("核实水管", "请到现场核实。", county.unit("water").pk, days=3, from_case_id=case.pk)
    with acting_as(by):
        give_task(new, unit_id=county.unit("office").pk, by=by, at=NOON)
    assert "核实水管" in clerk.get(address).content.decode()
    assert browser(county, "heping.clerk").get(address).status_code == 404


def test_the_page_of_a_task_has_no_tasks_of_its_own() -> None:
    county = a_county()
    task = a_task(county)
    shown = browser(county, "water.head").get(reverse("casework:case", args=[task.case_id])).content.decode()
    assert reverse("office:tasks_of_case", args=[task.case_id]) not in shown


def test_who_does_a_task_hears_of_its_last_day_from_the_ladder_alone_and_who_watches_it_from_the_house() -> (
    None
):
    county = a_county()
    task = a_task(county, days=2)
    due_on = case_of(task).due_on
    assert due_on is not None
    watcher = county.accounts["water.head"].pk
    watch([task.case_id], account_id=watcher, at=NOON)
    tell_terms(due_on, at=NOON + timedelta(days=2))
    assert list(Notice.objects.values_list("account_id", "kind")) == [(watcher, "due_soon")]
