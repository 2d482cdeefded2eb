"""A full disk or a database that has gone is said in a sentence, at the terminal and on the page."""

import argparse
from typing import Any

import pytest
from django.db.utils import OperationalError
from django.test import Client
from psycopg import errors

from yiwang.site import command
from yiwang.site.pages import home


def _full() -> OperationalError:
    error = OperationalError("could not extend file")
    error.__cause__ = errors.DiskFull("could not extend file")
    return error


def _fails(error: Exception) -> Any:
    def fail(*_: object, **__: object) -> int:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (_full(), "There is no room on the disk"),
        (errors.AdminShutdown("terminating connection"), "The database has gone away"),
        (MemoryError(), "There is too little memory"),
    ],
)
def test_a_command_ends_with_a_sentence(
    error: Exception, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    parser.set_defaults(run=_fails(error))
    monkeypatch.setattr(command, "_parser", lambda: parser)
    assert command.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith(sentence)
    assert "Traceback" not in said
    assert len(said.splitlines()) == 2


def test_a_fault_of_the_program_is_not_hushed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = argparse.ArgumentParser()
    parser.set_defaults(run=_fails(errors.UniqueViolation("duplicate key")))
    monkeypatch.setattr(command, "_parser", lambda: parser)
    with pytest.raises(errors.UniqueViolation):
        command.main([])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (_full(), 503, "服务器磁盘已满，刚才提交的内容没有保存"),
        (errors.AdminShutdown("terminating connection"), 503, "服务器暂时无法读写记录"),
        (ValueError("ours"), 500, "此前已确认的内容都已保存"),
    ],
)
def test_a_page_says_what_was_not_saved(
    error: Exception, status: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "places_for", _fails(error))
    answer = Client(raise_request_exception=False).get("/home/")
    assert answer.status_code == status
    assert sentence in answer.content.decode()
