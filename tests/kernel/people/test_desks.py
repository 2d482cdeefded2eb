"""The administrator's and the security officer's desks, as people use them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import NOON, PASSWORD, a_county, a_post, an_account
from yiwang.kernel.people.actions import delegate, propose_post
from yiwang.kernel.people.models import Account, Delegation, Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    """A small county."""
    return a_county()


def browser_of(account) -> Client:
    """A browser in which somebody is signed in; it reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(account, backend="yiwang.kernel.people.backends.AccountBackend")
    return client


def words(response):
    """The page's text on one line."""
    return " ".join(response.content.decode().split())


def test_a_new_person_gets_a_post_by_four_eyes(county):
    admin, security = browser_of(county.accounts["admin"]), browser_of(county.accounts["security"])
    made = admin.post("/people/new/", {"name": "赵新", "username": "zhao.xin", "phone": ""})
    password = re.search(r'<strong class="code">([a-z2-9-]{19})</strong>', words(made))[1]
    person = Account.objects.get(username="zhao.xin")
    assert person.must_change_password
    assert person.check_password(password)
    today = timezone.localdate()
    typed = {"do": "propose", "unit": county.unit("water").pk, "role": "clerk", "title": "", "from_on": today}
    assert admin.post(f"/people/{person.pk}/", typed).status_code == 302
    post = Post.objects.get(account=person)
    assert (post.proposed_by, post.granted_at) == (county.accounts["admin"], None)
    page = words(security.get("/people/granting/"))
    assert "赵新" in page
    assert "Sees every matter that 水务局 holds or held" in page
    empty = security.post("/people/granting/", {"post": post.pk, "do": "grant", "reason": ""})
    assert empty.status_code == 422
    typed = {"post": post.pk, "do": "grant", "reason": "新录用人员"}
    assert security.post("/people/granting/", typed).status_code == 302
    post.refresh_from_db()
    assert (post.granted_by, post.decision_reason) == (county.accounts["security"], "新录用人员")
    assert security.post("/people/granting/", typed).status_code == 404
    assert "赵新" in words(security.get("/people/posts/"))


def test_a_refused_post_gives_nothing_and_says_why(county):
    admin, security = browser_of(county.accounts["admin"]), browser_of(county.accounts["security"])
    person = an_account()
    post = propose_post(
        person,
        unit=county.unit("water"),
        role="head",
        from_on=NOON.date(),
        by=county.accounts["admin"],
        at=NOON,
    )
    typed = {"post": post.pk, "do": "refuse", "reason": "无任职文件"}
    assert security.post("/people/granting/", typed).status_code == 302
    page = words(admin.get(f"/people/{person.pk}/"))
    assert "not granted" in page
    assert "无任职文件" in page
    assert browser_of(person).get("/people/").status_code == 403


def test_nobody_decides_on_their_own_post(county):
    security = county.accounts["security"]
    mine = propose_post(
        security,
        unit=county.unit("water"),
        role="security_officer",
        from_on=NOON.date(),
        by=county.accounts["admin"],
        at=NOON,
    )
    browser = browser_of(security)
    assert "another security officer decides" in words(browser.get("/people/granting/"))
    answer = browser.post("/people/granting/", {"post": mine.pk, "do": "grant", "reason": "自己"})
    assert answer.status_code == 422
    mine.refresh_from_db()
    assert mine.granted_at is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"role": "administrator"}, "One person can&#x27;t be administrator"),
        ({"until_on": "2000-01-01"}, "The last day must be after the first."),
        ({"from_on": "yesterday"}, "Enter a valid date."),
        ({"unit": "999999"}, "Select a valid choice."),
        ({"title": "长" * 41}, "at most 40"),
        ({"role": "king"}, "Select a valid choice."),
    ],
)
def test_a_proposal_that_does_not_do_is_refused_beside_its_field_and_kept(county, change, sentence):
    admin, clerk = browser_of(county.accounts["admin"]), county.accounts["water.clerk"]
    typed = {
        "do": "propose",
        "unit": str(county.unit("heping").pk),
        "role": "clerk",
        "title": "科员<script>",
        "from_on": "2026-11-01",
        "until_on": "",
    }
    answer = admin.post(f"/people/{clerk.pk}/", typed | change)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="2026-11-01"' in words(answer) or "from_on" in change
    assert "科员<script>" not in words(answer)
    assert Post.objects.filter(account=clerk).count() == 1


def test_a_reset_password_works_once_and_ends_the_sessions(county):
    admin, clerk = browser_of(county.accounts["admin"]), county.accounts["water.clerk"]
    answer = admin.post(f"/people/{clerk.pk}/", {"do": "reset"})
    password = re.search(r'<strong class="code">([a-z2-9-]{19})</strong>', words(answer))[1]
    assert answer["Cache-Control"].startswith("private, no-store") or "no-store" in answer["Cache-Control"]
    visitor = Client()
    assert (
        visitor.post("/people/sign-in/", {"username": clerk.username, "password": PASSWORD}).status_code
        == 422
    )
    signed = visitor.post("/people/sign-in/", {"username": clerk.username, "password": password})
    assert signed["Location"].startswith("/people/password/")
    assert password not in words(admin.get(f"/people/{clerk.pk}/"))


def test_the_administrator_neither_resets_nor_closes_themselves(county):
    account = county.accounts["admin"]
    admin = browser_of(account)
    assert admin.post(f"/people/{account.pk}/", {"do": "reset"}).status_code == 404
    admin.post(f"/people/{account.pk}/", {"do": "close"})
    account.refresh_from_db()
    assert account.is_active


def test_a_post_ends_on_a_day_and_never_grows_again(county):
    admin, clerk = browser_of(county.accounts["admin"]), county.accounts["water.clerk"]
    post, today = Post.objects.get(account=clerk), timezone.localdate()
    typed = {"do": "end_post", "post": post.pk, "on": today + timedelta(days=9)}
    assert admin.post(f"/people/{clerk.pk}/", typed).status_code == 302
    later = admin.post(f"/people/{clerk.pk}/", {**typed, "on": today + timedelta(days=20)})
    assert later.status_code == 422
    assert "already ended by that day" in words(later)
    post.refresh_from_db()
    assert post.until_on == today + timedelta(days=9)


def test_a_delegation_by_the_administrator_waits_and_one_s_own_counts_at_once(county):
    head, clerk = county.accounts["water.head"], county.accounts["heping.clerk"]
    post, today = Post.objects.get(account=head), timezone.localdate()
    typed = {
        "post": post.pk,
        "to": clerk.username.upper(),
        "from_on": today,
        "until_on": today + timedelta(days=5),
        "reason": "休假",
    }
    admin = browser_of(county.accounts["admin"])
    assert admin.post(f"/people/{head.pk}/", {"do": "delegate", **typed}).status_code == 302
    proposed = Delegation.objects.get()
    assert (proposed.made_by, proposed.granted_at) == (county.accounts["admin"], None)
    security = browser_of(county.accounts["security"])
    assert "waits for the security officer" in words(security.get("/people/delegations/"))
    security.post("/people/delegations/", {"do": "grant", "delegation": proposed.pk})
    proposed.refresh_from_db()
    assert proposed.granted_by == county.accounts["security"]
    assert "You act for 水务局head" in words(browser_of(clerk).get("/people/me/"))
    assert browser_of(head).post("/people/me/", typed).status_code == 302
    own = Delegation.objects.exclude(pk=proposed.pk).get()
    assert (own.made_by, own.granted_by, own.granted_at is not None) == (head, None, True)


def test_one_delegates_only_one_s_own_posts_and_ends_only_one_s_own_delegations(county):
    head, other = county.accounts["water.head"], county.accounts["heping.head"]
    today = timezone.localdate()
    typed = {
        "post": Post.objects.get(account=head).pk,
        "to": county.accounts["water.clerk"].username,
        "from_on": today,
        "until_on": today + timedelta(days=5),
        "reason": "休假",
    }
    assert browser_of(other).post("/people/me/", typed).status_code == 422
    assert Delegation.objects.count() == 0
    browser_of(head).post("/people/me/", typed)
    made = Delegation.objects.get()
    address = f"/people/me/delegations/{made.pk}/end/"
    assert browser_of(other).post(address).status_code == 404
    assert browser_of(county.accounts["water.clerk"]).post(address).status_code == 302
    made.refresh_from_db()
    assert made.ended_at is not None


def test_people_are_found_by_name_sign_in_name_and_telephone_and_paged_by_key(county):
    for number in range(120):
        account = an_account(f"张三{number:03}")
        Account.objects.filter(pk=account.pk).update(username=f"zz{number:03}", phone=f"0871-{number:04}")
    admin = browser_of(county.accounts["admin"])

    def found(address):
        return re.findall(r"张三(\d{3})", words(admin.get(address)))

    first = found("/people/?q=zz")
    assert first == [f"{n:03}" for n in range(50)]
    assert found("/people/?q=zz&after=zz049") == [f"{n:03}" for n in range(50, 100)]
    assert found("/people/?q=zz&after=zz099") == [f"{n:03}" for n in range(100, 120)]
    assert found("/people/?q=zz&before=zz100") == [f"{n:03}" for n in range(50, 100)]
    assert "after=zz049" in words(admin.get("/people/?q=zz"))
    assert "after=" not in words(admin.get("/people/?q=zz&after=zz099"))
    assert found("/people/?q=三07")[-3:] == ["077", "078", "079"]
    assert found("/people/?q=0871-0077") == ["077"]
    assert found("/people/?q=%25") == []
    assert "Nobody of that name" in words(admin.get("/people/?q=没有这个人"))


def test_a_closed_account_leaves_the_list_and_keeps_its_page(county):
    admin, clerk = browser_of(county.accounts["admin"]), county.accounts["water.clerk"]
    admin.post(f"/people/{clerk.pk}/", {"do": "close"})
    assert clerk.username not in words(admin.get("/people/"))
    assert clerk.username in words(admin.get("/people/?show=closed"))
    page = words(admin.get(f"/people/{clerk.pk}/"))
    assert 'value="close"' not in page
    assert 'value="propose"' not in page


@pytest.mark.parametrize("do", ["", "nonsense", "end_post", "end_delegation"])
def test_a_post_without_sense_finds_nothing(county, do):
    admin, clerk = browser_of(county.accounts["admin"]), county.accounts["water.clerk"]
    assert admin.post(f"/people/{clerk.pk}/", {"do": do, "post": "²", "delegation": "-1"}).status_code == 404


def test_the_list_of_posts_says_who_proposed_and_who_granted(county):
    person = an_account("钱多")
    a_post(person, county.unit("water"), "clerk")
    page = words(browser_of(county.accounts["security"]).get("/people/posts/?role=clerk"))
    assert "钱多" in page
    assert "command line" in page
    assert "water.head" not in page


def test_a_delegation_ended_by_the_security_officer_counts_no_more(county):
    head, clerk = county.accounts["water.head"], county.accounts["heping.clerk"]
    today = timezone.localdate()
    made = delegate(
        Post.objects.get(account=head),
        to=clerk,
        from_on=today,
        until_on=today + timedelta(days=3),
        reason="出差",
        by=head,
        at=NOON,
    )
    browser_of(county.accounts["security"]).post("/people/delegations/", {"do": "end", "delegation": made.pk})
    made.refresh_from_db()
    assert made.ended_at is not None
    assert county.standing("heping.clerk").roles_at(county.unit("water").pk) == frozenset()
