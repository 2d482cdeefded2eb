"""`yiwang import messages` and `yiwang stats`: what programs read from them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import a_county
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.queries import forget_tree
from yiwang.site import database
from yiwang.site.command import main

pytestmark = pytest.mark.django_db

GOOD = {"id": 1, "author": "U1", "title": "路灯", "submitted_at": "2019-03-01T09:30:00", "text": "路灯坏了。"}
ANSWERED = GOOD | {"id": 2, "reply": "已修好。", "replied_at": "2019-03-11T08:00:00"}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stay on the test's own connection, without the units of the test before."""

    @contextmanager
    def ready() -> Iterator[None]:
        yield

    monkeypatch.setattr(database, "ready", ready)
    forget_tree()


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """What a command prints with `--json`."""
    assert main([*arguments, "--json"]) == code
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def a_file(folder: Path, *lines: object) -> str:
    """A file with these lines; texts stand as they are."""
    path = folder / "messages.jsonl"
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8"
    )
    return str(path)


def test_the_summary_accounts_for_every_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_county()
    path = a_file(tmp_path, GOOD, "{", "", ANSWERED, GOOD | {"id": 5, "text": None})
    first = told(capsys, "import", "messages", path)
    assert first == {
        "read": 4,
        "new": 2,
        "known": 0,
        "refused": 2,
        "errors": [
            {"line": 2, "reason": "The line isn't JSON."},
            {"line": 5, "reason": "The field “text” isn't a text."},
        ],
    }
    again = told(capsys, "import", "messages", path)
    assert again == first | {"new": 0, "known": 2}


def test_a_file_without_one_good_line_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_county()
    assert told(capsys, "import", "messages", a_file(tmp_path, "[]"), code=1)["refused"] == 1
    assert told(capsys, "import", "messages", a_file(tmp_path))["read"] == 0


def test_a_file_that_isnt_there_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "messages", str(tmp_path / "none.jsonl")]) == 1
    assert "can't be read" in capsys.readouterr().err


def test_among_units_without_a_petition_office_nothing_goes_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found_unit(code="lonely", name="云川县", kind="county", valid_from_on=date(2000, 1, 1))
    assert main(["import", "messages", a_file(tmp_path, GOOD)]) == 1
    assert "No unit takes petitions in yet" in capsys.readouterr().err


def test_the_figures_of_a_year_come_out_of_the_journal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_county()
    main(["import", "messages", a_file(tmp_path, GOOD, ANSWERED), "--json"])
    capsys.readouterr()
    year = told(capsys, "stats", "petitions", "--year", "2019")
    month = told(capsys, "stats", "petitions", "--year", "2019", "--month", "3")
    assert (year["period"], month["period"]) == ("2019", "2019-03")
    assert year["figures"] == month["figures"]
    expected = {"received": 2, "answered": 1, "late": 1, "on_time_rate": 50.0, "answer_days_median": 10.0}
    assert {key: year["figures"][key] for key in expected} == expected
    assert [part["received"] for part in year["by_month"]] == [0, 0, 2, *[0] * 9]
    assert [part["key"] for part in month["by_day"] if part["received"]] == ["2019-03-01"]


def test_the_figures_for_people_stand_in_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_county()
    assert main(["stats", "petitions", "--year", "2019"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("petitions 2019, ")
    assert lines[1] == "收件  0"


def test_figures_without_a_meaning_for_an_institution_are_not_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    a_county()
    told_of = {
        of: set(told(capsys, "stats", of, "--year", "2019")["figures"]) for of in ("petitions", "community")
    }
    assert not told_of["petitions"] & {"to_ask", "sent_up", "solution_rate"}
    assert told_of["community"] - told_of["petitions"] == {
        "to_ask",
        "asked",
        "solved",
        "response_rate",
        "solution_rate",
    }


def test_an_institution_without_figures_is_named_with_those_that_have(
    capsys: pytest.CaptureFixture[str],
) -> None:
    a_county()
    assert main(["stats", "nobody", "--year", "2019"]) == 1
    assert "nobody has no figures; those that have: petitions, community" in capsys.readouterr().err
