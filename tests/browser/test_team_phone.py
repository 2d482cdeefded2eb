"""The team's phone at 360 pixels: accepted, begun, finished without a network, and sent once when it is back."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone

from tests.builders import a_county
from tests.facilities.dispatch.builders import a_job, a_team, a_worker
from yiwang.facilities.dispatch import actions
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.models import Act, Job, Offer, Team

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "yiwang.kernel.people.backends.AccountBackend"
NARROW = {"width": 360, "height": 780}


@pytest.fixture
def offer(live_site):
    """Work that is offered to a team with one member, whose name is on it."""
    county = a_county()
    team = a_team(county, position_at=timezone.now())
    # The site's own worker leaves work alone that isn't given out by itself.
    job = a_job(county, at=timezone.now(), is_automatic=False)
    actions.decide(job.pk, at=timezone.now())
    found = Offer.objects.get(job=job)
    found.worker = a_worker(county, team)
    return found


def sign_in(page, live_site, account):
    """Let the browser be somebody's phone, and open its page."""
    client = Client()
    client.force_login(account, backend=BACKEND)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_site.url}])
    page.set_viewport_size(NARROW)
    page.goto(live_site.address("/team/"))


def check_look(page):
    """Nothing is cut off at the side, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in violations] == []


def wait_for(page, question):
    """Ask the database until it is so."""
    for _ in range(100):
        if question():
            return
        page.wait_for_timeout(100)
    pytest.fail("it didn't come to be so")


def test_an_hour_without_a_network_loses_nothing_and_doubles_nothing(live_site, page, offer):
    sign_in(page, live_site, offer.worker)
    check_look(page)
    page.get_by_role("button", name="接单", exact=True).click()
    page.wait_for_selector("text=还没有承接工作", state="detached")
    page.get_by_role("link", name="修水管").click()
    check_look(page)
    page.get_by_role("button", name="开始服务").click()
    page.wait_for_url("**/team/")
    page.goto(live_site.address(f"/team/jobs/{offer.job_id}/"))
    page.context.set_offline(True)
    page.get_by_role("button", name="服务完成").click()
    page.wait_for_selector("#phone-words:has-text('没有网络')")
    assert Job.objects.get(pk=offer.job_id).state == JobState.UNDER_WAY
    page.evaluate("window.isWithoutNetwork = true")
    page.context.set_offline(False)
    wait_for(page, lambda: Job.objects.get(pk=offer.job_id).state == JobState.DONE)
    # The page is fetched anew by itself once its acts have arrived.
    page.wait_for_function("!window.isWithoutNetwork")
    page.wait_for_load_state()
    page.goto(live_site.address("/team/"))
    page.wait_for_timeout(500)
    assert sorted(Act.objects.values_list("kind", flat=True)) == ["accept", "finish", "start"]
    assert Team.objects.get(pk=offer.team_id).load == 0


def kept_on(page, address):
    """Wait until the phone keeps the page of an address."""
    kept = f"caches.open('yiwang-team-1').then((cache) => cache.match('{address}', {{ignoreVary: true}})).then((found) => !!found)"
    wait_for(page, lambda: page.evaluate(kept))


def test_an_hour_with_no_network_at_all_from_opening_the_page_to_the_work_s_end(
    live_site, page, offer, record_property
):
    sign_in(page, live_site, offer.worker)
    page.get_by_role("button", name="接单", exact=True).click()
    page.get_by_role("button", name="出发").wait_for()
    address = f"/team/jobs/{offer.job_id}/"
    kept_on(page, "/team/")
    kept_on(page, address)
    context = page.context
    page.close()
    context.set_offline(True)
    phone = context.new_page()
    phone.set_viewport_size(NARROW)
    phone.goto(live_site.address("/team/"))
    phone.get_by_role("button", name="出发").click()
    phone.locator(".phone-kept").wait_for()
    assert phone.get_by_role("button", name="出发").is_disabled()
    assert phone.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    # The page of the work was never opened; it, its style and its scripts come from the phone.
    phone.get_by_role("link", name="修水管").click()
    phone.get_by_role("button", name="开始服务").click()
    phone.wait_for_url("**/team/jobs/**")
    phone.get_by_role("button", name="服务完成").click()
    phone.locator("#phone-words:has-text('3')").wait_for()
    check_look(phone)
    phone.close()
    # Another hour passes with the page closed; what waits is opened again, still with no network.
    phone = context.new_page()
    phone.set_viewport_size(NARROW)
    phone.goto(live_site.address("/team/jobs/999999/"))
    phone.locator("#phone-words:has-text('3')").wait_for()
    assert Job.objects.get(pk=offer.job_id).departed_at is None
    context.set_offline(False)
    began = time.monotonic()
    wait_for(phone, lambda: Job.objects.get(pk=offer.job_id).state == JobState.DONE)
    record_property("seconds", time.monotonic() - began)
    job = Job.objects.get(pk=offer.job_id)
    assert job.departed_at <= job.started_at <= job.finished_at
    acts = sorted(Act.objects.values_list("kind", flat=True))
    record_property("acts", len(acts) - 1)
    assert acts == ["accept", "depart", "finish", "start"]
    assert Team.objects.get(pk=offer.team_id).load == 0


def test_a_position_is_sent_while_on_duty(live_site, page, offer):
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 35.01, "longitude": 105.0})
    sign_in(page, live_site, offer.worker)
    page.get_by_role("button", name="上班接单").click()
    wait_for(page, lambda: round(Team.objects.get(pk=offer.team_id).y) == 1112)
