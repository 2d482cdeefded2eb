"""The console in a browser: the caller comes up by itself, the work changes below, the phone bar stays."""

import time
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone

from tests.facilities.hotline.centre import RESIDENT, a_centre, an_agent, state_of
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import hear, note_outcome, write_article
from yiwang.facilities.hotline.models import Agent, Call

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.django_db(transaction=True)]


def told(kind: type[port.CallEvent], key: str = "one", **data: object) -> Call:
    """Something happens to a call at the telephone system."""
    call = hear(kind("cti", key, timezone.now(), **data))  # type: ignore[arg-type]
    assert call is not None
    return call


def a_console(page: "Page", site: "Site") -> Agent:
    """An agent who has opened the console and is ready; the centre knows the caller and an article."""
    unit = a_centre()
    agent = an_agent(unit, has_line=False, at=timezone.now())
    told(port.CallOffered, "before", direction="inbound", caller=RESIDENT, called="96519")
    told(port.CallAnswered, "before")
    before = told(port.CallEnded, "before")
    note_outcome(before.pk, outcome="answered", words="告知了价格", by=agent.account_id, at=timezone.now())
    write_article(
        title="水管漏水", text="先关总阀。", review_on=timezone.localdate(), by=None, at=timezone.now()
    )
    client = Client()
    client.force_login(agent.account, backend="yiwang.kernel.people.backends.AccountBackend")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}]
    )
    page.goto(site.address("/hotline/"))
    page.wait_for_selector(".console.is-alive")
    return agent


def until(question: object) -> None:
    """Ask until it is so."""
    for _ in range(100):
        if question():  # type: ignore[operator]
            return
        time.sleep(0.1)
    pytest.fail("it never came to be so")


def test_a_call_comes_up_is_noted_answered_and_finished_on_one_page(live_site: "Site", page: "Page") -> None:
    agent = a_console(page, live_site)
    page.evaluate("window.isTheSamePage = true")
    told(port.CallOffered, direction="inbound", caller=RESIDENT, called="96519")
    call = told(port.CallRinging, agent_id=agent.pk)
    page.wait_for_selector(f"#work a[href='/hotline/calls/{Call.objects.get(driver_key='before').pk}/']")
    assert page.locator("#work h1").text_content() == RESIDENT
    told(port.CallAnswered, agent_id=agent.pk)
    page.wait_for_selector("[data-call-state=talking]")

    page.fill("#words", "厨房漏水")
    until(lambda: Call.objects.get(pk=call.pk).words == "厨房漏水")
    # The articles shown before anybody asked give way to those found; only then is there something to open.
    page.evaluate("document.querySelector('#knowledge-found').firstElementChild.dataset.isOld = '1'")
    page.fill("#ask-knowledge", "总阀")
    page.wait_for_selector("#knowledge-found > :first-child:not([data-is-old])")
    page.locator(".knowledge summary").click()
    page.locator("[data-use-article]").click()
    page.locator("form[action$='/answered/'] button.button-main").click()
    until(lambda: call.outcomes.count() == 1)

    told(port.CallEnded, cause="caller")
    page.wait_for_selector("[data-agent-state=wrap_up]")
    assert Axe().run(page).response["violations"] == []
    page.locator("#work [data-leaves]").first.click()
    page.wait_for_selector("[data-agent-state=ready]")
    assert (state_of(agent), page.evaluate("window.isTheSamePage")) == ("ready", True)
    assert (call.outcomes.get().key, Call.objects.get(pk=call.pk).words) == ("answered", "厨房漏水")


def test_links_and_forms_of_the_work_stay_in_the_console(live_site: "Site", page: "Page") -> None:
    a_console(page, live_site)
    page.evaluate("window.isTheSamePage = true")
    page.locator(".console-places a").nth(3).click()
    page.wait_for_selector("#work #q")
    page.fill("#work #q", "漏水")
    page.locator("#work form button").click()
    page.locator("#work tbody a").first.click()
    page.wait_for_selector("#work .prose")
    assert page.locator("#work .prose").text_content() == "先关总阀。"
    assert (page.locator("#phone [data-bar]").count(), page.evaluate("window.isTheSamePage")) == (1, True)
    assert page.url.endswith("/hotline/")
