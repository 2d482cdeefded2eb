"""What a request chooses is its thread's own, and stays through the change to plain thread locals."""

import threading

import pytest
from asgiref.local import Local
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import Client
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation

from yiwang.kernel.base.threads import KEPT, KeptByThread, keep_by_thread


@pytest.fixture
def _as_django_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in KEPT:
        monkeypatch.setattr(module, name, Local())


@pytest.mark.usefixtures("_as_django_has_it")
def test_what_was_chosen_before_stays_chosen() -> None:
    with translation.override("en"), timezone.override("UTC"):
        set_script_prefix("/under/")
        keep_by_thread()
        assert (translation.get_language(), str(timezone.get_current_timezone())) == ("en", "UTC")
        assert get_script_prefix() == "/under/"
        keep_by_thread()
        assert translation.gettext("Sign out") == "Sign out"


@pytest.mark.usefixtures("_as_django_has_it")
def test_each_thread_has_its_own() -> None:
    keep_by_thread()
    seen: dict[str, list[str | None]] = {"en": [], "zh-hans": []}
    together = threading.Barrier(2)

    def work(language: str) -> None:
        for _ in range(20):
            translation.activate(language)
            together.wait()
            seen[language].append(translation.get_language())
            together.wait()

    workers = [threading.Thread(target=work, args=(language,)) for language in seen]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert seen == {"en": ["en"] * 20, "zh-hans": ["zh-hans"] * 20}


@pytest.mark.usefixtures("_as_django_has_it")
def test_a_process_that_makes_pages_keeps_them_so_and_no_request_passes_it() -> None:
    with pytest.raises(MiddlewareNotUsed):
        KeptByThread(lambda request: HttpResponse())
    assert [type(getattr(module, name)) for module, name in KEPT] == [threading.local] * len(KEPT)


@pytest.mark.django_db
def test_one_request_s_language_is_not_the_next_one_s() -> None:
    browser = Client()
    seen = []
    for language in ("en", "zh-hans", "en"):
        browser.cookies["django_language"] = language
        seen.append(browser.get("/people/sign-in/").headers["Content-Language"])
    assert seen == ["en", "zh-hans", "en"]
