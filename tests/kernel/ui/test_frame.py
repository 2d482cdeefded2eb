"""The frame: the language switch, words after an action, the error page, the weight of a light page."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles import finders
from django.http import Http404
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from yiwang.kernel.ui import context, samples
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.pages.language import switch


def a_request(path="/"):
    request = RequestFactory().get(path)
    request._messages = CookieStorage(request)
    return request


def test_the_language_is_remembered_and_one_comes_back():
    answer = switch(a_request("/language/en/?next=/desk/%3Fq%3D1"), code="en")
    assert answer["Location"] == "/desk/?q=1"
    assert answer.cookies["django_language"].value == "en"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_language_switch_leads_nowhere_else(target):
    assert switch(a_request("/language/en/?next=" + target), code="en")["Location"] == "/"


def test_an_unknown_language_is_not_found():
    with pytest.raises(Http404):
        switch(a_request(), code="xx")


def test_the_frame_asks_only_what_is_shown_and_once(monkeypatch):
    asked = []
    monkeypatch.setattr(
        context, "_providers", context.Providers(institution=lambda request: asked.append(1) or "Office")
    )
    frame = context.frame(a_request())["frame"]
    assert asked == []
    assert (frame.institution, frame.institution, frame.title) == ("Office", "Office", "Office")
    assert asked == [1]


def test_nobody_signed_in_has_no_unread_notices(monkeypatch):
    monkeypatch.setattr(
        context, "_providers", context.Providers(unread=lambda request: 3, live_url=lambda request: "/live")
    )
    request = a_request()
    assert (context.frame(request)["frame"].unread, context.frame(request)["frame"].live_url) == (0, "")
    request.standing = SimpleNamespace(roles=frozenset({"clerk"}))
    assert (context.frame(request)["frame"].unread, context.frame(request)["frame"].live_url) == (3, "/live")


def test_words_after_an_action_and_the_way_back():
    request = a_request()
    say(request, "<b>Saved</b>")
    say(request, "Forwarded", undo_url="/undo/7/")
    text = Template("{% load ui %}{% messages_strip %}").render(Context({"request": request}))
    assert "&lt;b&gt;Saved&lt;/b&gt;" in text
    assert 'notice-done" role="status"' in text
    assert 'action="/undo/7/"' in text
    assert text.index("notice-done") < text.index("toast")


def test_the_error_page_draws_without_any_context():
    text = render_to_string(
        "ui/error.html", {"title": "Not found", "text": "It may have moved.", "code": 404}
    )
    assert "<h1>Not found</h1>" in text
    assert "404" in text


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_light_page_stays_within_its_budget(language):
    source = (
        '{% extends "ui/light.html" %}{% load ui %}{% block content %}{% for one in clocks %}{{ one }}{% endfor %}'
        "{% why_calendar days %}{% facts facts %}{% chain hops %}{% timeline moments %}{% filelist files %}{% endblock %}"
    )
    request = a_request()
    with override(language):
        text = Template(source).render(
            Context({**samples.everything(), **context.frame(request), "request": request})
        )
    css = Path(str(finders.find("ui/light.css"))).read_bytes()
    assert re.findall(r"<script|@import|<img", text) == []
    assert len(text.encode()) + len(css) < 30 * 1024
    assert len(gzip.compress(text.encode())) + len(gzip.compress(css)) < 10 * 1024


@pytest.mark.django_db
def test_a_browser_without_words_waiting_is_not_told_to_delete_them(client):
    assert "messages" not in client.get("/people/sign-in/").cookies
    client.cookies["messages"] = "anything"
    assert client.get("/people/sign-in/").cookies["messages"].value == ""
