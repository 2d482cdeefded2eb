"""The team's phone: what it shows, and that what it sends counts once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import County, a_county
from tests.facilities.dispatch.builders import a_job, a_team, a_worker
from yiwang.facilities.dispatch import actions, events, origin, subjects
from yiwang.facilities.dispatch.enums import JobState, OfferState
from yiwang.facilities.dispatch.faults import Refused
from yiwang.facilities.dispatch.models import Act, Job, Offer, Team
from yiwang.facilities.dispatch.subjects import Described, SubjectKind
from yiwang.kernel.base import events as told
from yiwang.kernel.people.models import Account

JSON = {"Accept": "application/json"}


class PinForm(forms.Form):
    """What the sample institution asks at the door."""

    pin = forms.CharField(max_length=6)


@pytest.fixture
def county(db: None) -> County:
    """A small county."""
    return a_county()


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """An institution that asks for a PIN and hears of beginnings."""
    heard: list[Any] = []

    def check(event: events.JobStarting) -> None:
        if event.data["pin"] != "4321":
            raise Refused("口令不对。")
        heard.append(event)

    def describe(standing: Any, ids: Any) -> dict[int, Described]:
        return {
            pk: Described(title="水管漏水", place="南关社区8号", contact="封秀兰", phone="0000-1")
            for pk in ids
        }

    monkeypatch.setitem(subjects._kinds, "case", SubjectKind("case", describe, describe, start_form=PinForm))
    monkeypatch.setitem(told._handlers_within, events.JobStarting, [check])
    return heard


@pytest.fixture
def team(county: County) -> Team:
    """A team that is where the work is, now."""
    return a_team(county, position_at=timezone.now())


@pytest.fixture
def worker(county: County, team: Team) -> Account:
    """Its only member."""
    return a_worker(county, team)


@pytest.fixture
def phone(worker: Account) -> Client:
    """A phone on which the worker is signed in."""
    client = Client()
    client.force_login(worker, backend="yiwang.kernel.people.backends.AccountBackend")
    return client


@pytest.fixture
def offer(county: County, team: Team) -> Offer:
    """Work that is offered to the team."""
    job = a_job(county, at=timezone.now())
    actions.decide(job.pk, at=timezone.now())
    return Offer.objects.get(job=job)


def sent(phone: Client, kind: str, subject_id: int, *, key: str = "", **fields: Any) -> dict[str, Any]:
    """What the server answers a script that sends an act."""
    address = reverse("dispatch:phone_act", args=[kind, subject_id])
    response = phone.post(address, {"key": key or str(uuid4()), **fields}, headers=JSON)
    assert response.status_code == 200
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_an_offer_shows_no_name_and_no_address_before_it_is_accepted(
    phone: Client, offer: Offer, sample: list[Any]
) -> None:
    page = phone.get(reverse("dispatch:phone")).content.decode()
    assert "修水管" in page
    assert "封秀兰" not in page
    assert "南关社区8号" not in page
    assert phone.get(reverse("dispatch:phone_job", args=[offer.job_id])).status_code == 404
    assert sent(phone, "accept", offer.pk)["ok"] is True
    page = phone.get(reverse("dispatch:phone_job", args=[offer.job_id])).content.decode()
    assert "封秀兰" in page
    assert "南关社区8号" in page


def test_another_team_s_phone_sees_and_changes_nothing(county: County, offer: Offer) -> None:
    other = Client()
    stranger = a_worker(county, a_team(county, x=90_000))
    other.force_login(stranger, backend="yiwang.kernel.people.backends.AccountBackend")
    assert "修水管" not in other.get(reverse("dispatch:phone")).content.decode()
    assert sent(other, "accept", offer.pk)["ok"] is False
    address = reverse("dispatch:phone_act", args=["start", offer.job_id])
    assert other.post(address, {"key": str(uuid4())}, headers=JSON).status_code == 404
    offer.refresh_from_db()
    assert offer.state == OfferState.OFFERED


def test_what_was_kept_for_an_hour_and_sent_twice_arrives_once(
    phone: Client, offer: Offer, sample: list[Any]
) -> None:
    sent(phone, "accept", offer.pk)
    accepted_at = timezone.now()
    Job.objects.filter(pk=offer.job_id).update(state_at=accepted_at - timedelta(hours=2))
    begun, done = accepted_at - timedelta(minutes=58), accepted_at - timedelta(minutes=5)
    acts = [
        ("start", {"pin": "4321", "done_at": begun.isoformat()}, str(uuid4())),
        ("finish", {"done_at": done.isoformat()}, str(uuid4())),
    ]
    for _ in range(3):
        answers = [sent(phone, kind, offer.job_id, key=key, **fields)["ok"] for kind, fields, key in acts]
        assert answers == [True, True]
    job = Job.objects.get(pk=offer.job_id)
    assert (job.state, job.started_at, job.finished_at) == (JobState.DONE, begun, done)
    assert len(sample) == 1
    assert sorted(Act.objects.values_list("kind", flat=True)) == ["accept", "finish", "start"]
    assert Team.objects.get(pk=offer.team_id).load == 0


def test_a_phone_s_clock_may_not_lead(phone: Client, offer: Offer, sample: list[Any]) -> None:
    sent(phone, "accept", offer.pk)
    ahead = (timezone.now() + timedelta(days=3)).isoformat()
    sent(phone, "start", offer.job_id, pin="4321", done_at=ahead)
    started_at = Job.objects.get(pk=offer.job_id).started_at
    assert started_at is not None
    assert started_at <= timezone.now()


def test_an_offer_that_ran_out_meanwhile_is_refused_with_a_sentence(phone: Client, offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(answer_by_at=timezone.now() - timedelta(minutes=1))
    answer = sent(phone, "accept", offer.pk)
    assert (answer["ok"], answer["words"]) == (False, "该派单已失效。")


def test_a_wrong_pin_is_refused_and_the_right_one_taken(
    phone: Client, offer: Offer, sample: list[Any]
) -> None:
    sent(phone, "accept", offer.pk)
    assert sent(phone, "start", offer.job_id, pin="1111") == {"ok": False, "words": "口令不对。"}
    assert sent(phone, "start", offer.job_id)["ok"] is False
    assert sent(phone, "start", offer.job_id, pin="4321")["ok"] is True


def test_a_day_after_the_work_its_team_no_longer_reads_whom_it_was_for(
    phone: Client, offer: Offer, sample: list[Any]
) -> None:
    sent(phone, "accept", offer.pk)
    sent(phone, "start", offer.job_id, pin="4321")
    sent(phone, "finish", offer.job_id)
    address = reverse("dispatch:phone_job", args=[offer.job_id])
    assert "封秀兰" in phone.get(address).content.decode()
    Job.objects.filter(pk=offer.job_id).update(state_at=timezone.now() - timedelta(days=1, minutes=1))
    later = phone.get(address)
    assert (later.status_code, "封秀兰" in later.content.decode()) == (200, False)


def test_a_plain_form_works_without_scripts(phone: Client, offer: Offer, sample: list[Any]) -> None:
    answered = phone.post(reverse("dispatch:phone_act", args=["accept", offer.pk]), {"key": str(uuid4())})
    assert (answered.status_code, answered["Location"]) == (303, reverse("dispatch:phone"))
    address = reverse("dispatch:phone_act", args=["start", offer.job_id])
    wrong = phone.post(address, {"key": str(uuid4()), "pin": "9"})
    assert wrong.status_code == 422
    assert "口令不对。" in wrong.content.decode()
    assert phone.post(address, {"key": str(uuid4()), "pin": "4321"}).status_code == 303
    assert Job.objects.get(pk=offer.job_id).state == JobState.UNDER_WAY


def test_a_decline_needs_a_reason(phone: Client, offer: Offer) -> None:
    assert sent(phone, "decline", offer.pk)["ok"] is False
    assert sent(phone, "decline", offer.pk, reason="人手不够")["ok"] is True
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == (OfferState.DECLINED, "人手不够")


def test_somebody_else_s_number_is_not_answered(
    county: County, phone: Client, team: Team, offer: Offer
) -> None:
    key = str(uuid4())
    sent(phone, "accept", offer.pk, key=key)
    mate = Client()
    mate.force_login(a_worker(county, team), backend="yiwang.kernel.people.backends.AccountBackend")
    address = reverse("dispatch:phone_act", args=["accept", offer.pk])
    assert mate.post(address, {"key": key}, headers=JSON).status_code == 404


def test_a_position_is_noted_in_metres(phone: Client, team: Team) -> None:
    latitude, longitude = origin.origin()
    where = {"latitude": latitude + 0.01, "longitude": longitude}
    assert phone.post(reverse("dispatch:phone_position"), where).status_code == 204
    team.refresh_from_db()
    assert (round(team.x), round(team.y)) == (0, 1112)
    for wrong in ({"latitude": "nan", "longitude": "1"}, {"latitude": 99, "longitude": 1}, {}):
        assert phone.post(reverse("dispatch:phone_position"), wrong).status_code == 400


def test_only_the_phone_s_pages_may_ask_where_they_are(phone: Client, worker: Account) -> None:
    allowed = phone.get(reverse("dispatch:phone"))["Permissions-Policy"]
    assert "geolocation=(self)" in allowed
    assert "geolocation=()" in phone.get(reverse("people:me"))["Permissions-Policy"]
