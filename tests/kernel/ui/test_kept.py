"""The kept frame: nobody is ever shown what was drawn for somebody else, another language or an earlier moment."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import NOON, PASSWORD, County, a_county, a_petition
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.queries import forget_standings
from yiwang.kernel.casework import places as case_places
from yiwang.kernel.notices import places as notice_places
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import forget_tree
from yiwang.kernel.people.actions import delegate
from yiwang.kernel.people.models import Post
from yiwang.kernel.ui import kept
from yiwang.kernel.ui.kept import Drawing

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return a_county()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Begin and end with nothing that another test counted."""
    forget_all()
    yield
    forget_all()


def forget_all() -> None:
    """What a few seconds would do."""
    forget_standings()
    forget_tree()
    case_places._waiting.forget()
    notice_places._numbers.forget()


def at_work(county: County, name: str, *, language: str = "en") -> Client:
    """Somebody's browser, signed in."""
    browser = Client()
    browser.cookies["django_language"] = language
    browser.force_login(county.accounts[name])
    return browser


def top(browser: Client, path: str = "/people/me/") -> str:
    """The bar at the top of a page."""
    page = browser.get(path).content.decode()
    return page[page.index('<header class="top">') : page.index("</header>")]


def frame(browser: Client, path: str = "/people/me/") -> str:
    """A page without its content and without the tokens of its forms."""
    page = browser.get(path).content.decode()
    around = page[: page.index("<main")] + page[page.index("</main>") :]
    token = browser.cookies["csrftoken"].value
    assert token not in around  # it stands there masked
    return "".join(piece for piece in around.split('"') if len(piece) != 64)


def test_two_persons_see_each_their_own_frame(county: County) -> None:
    names = ("office.clerk", "heping.head", "water.clerk", "office.clerk", "heping.head")
    seen = [frame(at_work(county, name)) for name in names]
    assert seen[0] == seen[3]
    assert seen[1] == seen[4]
    assert len(set(seen)) == 3
    for name, text in zip(names, seen, strict=True):
        others = {county.accounts[each].name for each in names} - {county.accounts[name].name}
        assert county.accounts[name].name in text
        assert [other for other in others if f">{other}<" in text] == []


def test_two_languages_are_never_mixed(county: County) -> None:
    seen = [
        frame(at_work(county, "office.clerk", language=each)) for each in ("en", "zh-hans", "en", "zh-hans")
    ]
    assert seen[0] == seen[2]
    assert seen[1] == seen[3]
    assert [("Sign out" in text, "退出" in text) for text in seen[:2]] == [(True, False), (False, True)]
    assert [text.count("Keyboard shortcuts") for text in seen[:2]] == [2, 0]


def test_the_way_back_is_that_of_this_page(county: County) -> None:
    browser = at_work(county, "office.clerk")
    for path in ("/people/me/", "/desk/all/?q=%3Cb%3E&unit=1", "/people/me/"):
        ways = [piece.split('"')[0] for piece in top(browser, path).split("?next=")[1:]]
        assert ways == [
            path.replace("%", "%25")
            .replace("/", "%2F")
            .replace("?", "%3F")
            .replace("=", "%3D")
            .replace("&", "%26")
        ]


def test_words_searched_for_stay_with_the_search(county: County) -> None:
    browser = at_work(county, "office.clerk")
    assert 'value="&quot;&gt;&lt;b&gt;"' in top(browser, "/search/?q=%22%3E%3Cb%3E")
    assert "&lt;b&gt;" not in top(browser, "/search/")


def test_every_answer_has_a_token_of_its_own(county: County) -> None:
    browser = at_work(county, "office.clerk")
    tokens = {top(browser).split('csrfmiddlewaretoken" value="')[1].split('"')[0] for _ in range(3)}
    assert len(tokens) == 3
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post("/people/sign-out/", {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert strict.post("/people/sign-out/", {"csrfmiddlewaretoken": tokens.pop()}).status_code == 302


def test_the_place_where_one_stands_follows(county: County) -> None:
    browser = at_work(county, "office.clerk")
    for path in ("/desk/", "/desk/all/", "/desk/"):
        text = frame(browser, path)
        assert [
            piece.split()[0] for piece in text.split("<li><a href=")[1:] if " aria-current=page" in piece
        ][:1] == [path]


def test_a_new_notice_is_counted(county: County) -> None:
    browser = at_work(county, "office.clerk")
    assert "data-bell-count hidden>0<" in top(browser)
    with acting_as_system():
        Notice.objects.create(
            account_id=county.accounts["office.clerk"].pk,
            kind="unit_merged",
            facts={"unit": county.unit("water").pk},
            at=NOON,
        )
    forget_all()
    assert "data-bell-count>1<" in top(browser)
    assert "data-bell-count hidden>0<" in top(at_work(county, "heping.head"))


def test_what_waits_is_counted_anew(county: County) -> None:
    browser = at_work(county, "office.clerk")
    assert '<span class="count">' not in browser.get("/people/me/").content.decode()
    for waiting in ("1", "2"):
        a_petition(county)
        forget_all()
        assert f'<span class="count">{waiting}</span>' in browser.get("/people/me/").content.decode()


def test_who_signs_in_after_somebody_else_sees_nothing_of_them(county: County) -> None:
    browser = Client(headers={"accept-language": "en"})
    for name in ("office.clerk", "heping.head"):
        account = county.accounts[name]
        browser.post("/people/sign-in/", {"username": account.username, "password": PASSWORD})
        assert f">{account.name}<" in top(browser)
        browser.post("/people/sign-out/")
        assert browser.get("/people/me/").status_code == 302
        assert account.name not in browser.get("/people/sign-in/").content.decode()


def test_a_delegated_post_leaves_the_frame_with_its_last_day(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = timezone.localdate()
    head, deputy = county.accounts["heping.head"], county.accounts["housing.clerk"]
    made = delegate(
        Post.objects.get(account=head),
        to=deputy,
        from_on=today,
        until_on=today + timedelta(days=1),
        reason="休假",
        by=head,
        at=NOON,
    )
    browser = at_work(county, "housing.clerk", language="zh-hans")
    unit = county.unit("heping").short_name
    assert unit in top(browser)
    real = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda *given: real(*given) + timedelta(days=1))
    assert unit not in top(browser)
    monkeypatch.undo()
    assert unit in top(browser)
    assert made.until_on == today + timedelta(days=1)


def test_a_unit_s_new_name_is_in_the_frame_at_once(county: County) -> None:
    browser = at_work(county, "office.clerk", language="zh-hans")
    before = f"{county.unit('office').short_name} 经办人"
    assert before in top(browser)
    Unit.objects.filter(pk=county.unit("office").pk).update(short_name="群众来访局")
    forget_tree()
    assert before not in top(browser)
    assert "群众来访局 经办人" in top(browser)


def test_drawings_are_kept_up_to_a_number_only() -> None:
    for part in (kept.top_bar, kept.navigation, kept.floats, kept.words_for_scripts):
        assert part.cache_info().maxsize == kept.KEPT


def test_a_gap_left_open_is_an_error() -> None:
    drawing = Drawing("a\0one\0b\0two\0\0one\0c")
    assert drawing.filled(one="1", two="2") == "a1b21c"
    with pytest.raises(KeyError):
        drawing.filled(one="1")
