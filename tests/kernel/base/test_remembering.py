"""What is remembered: for a while, by key, and forgotten when asked."""

from collections.abc import Callable

import pytest

from yiwang.kernel.base import remembering
from yiwang.kernel.base.remembering import Remembered


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(remembering.time, "monotonic", lambda: now[0])
    return now


def counting() -> tuple[list[str], Callable[[str], Callable[[], int]]]:
    asked: list[str] = []

    def work_out(key: str) -> Callable[[], int]:
        def answer() -> int:
            asked.append(key)
            return len(asked)

        return answer

    return asked, work_out


def test_an_answer_is_relied_on_for_a_while_and_then_worked_out_anew(clock: list[float]) -> None:
    asked, work_out = counting()
    kept: Remembered[str, int] = Remembered()
    assert [kept.get("a", work_out("a")), kept.get("a", work_out("a"))] == [1, 1]
    clock[0] += 3600
    assert kept.get("a", work_out("a")) == 2
    assert asked == ["a", "a"]


def test_what_isnt_worth_it_is_worked_out_each_time(clock: list[float]) -> None:
    asked, work_out = counting()
    kept: Remembered[str, int] = Remembered()
    said = [kept.get("a", work_out("a"), worth=lambda number: number > 2) for _ in range(5)]
    assert (said, asked) == ([1, 2, 3, 3, 3], ["a", "a", "a"])


def test_what_is_chosen_is_forgotten(clock: list[float]) -> None:
    asked, work_out = counting()
    kept: Remembered[str, int] = Remembered()
    for key in "ab":
        kept.get(key, work_out(key))
    kept.forget(lambda key: key == "a")
    for key in "ab":
        kept.get(key, work_out(key))
    assert asked == ["a", "b", "a"]
    kept.forget()
    kept.get("b", work_out("b"))
    assert asked == ["a", "b", "a", "b"]


def test_it_does_not_grow_without_end(clock: list[float]) -> None:
    _asked, work_out = counting()
    kept: Remembered[str, int] = Remembered(most=3)
    for number in range(20):
        kept.get(str(number), work_out("x"))
    assert len(kept._kept) <= 3
