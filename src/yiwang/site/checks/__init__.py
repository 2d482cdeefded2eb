"""What `yiwang verify` can check: one module each, found by discovery.

A module offers `name`, `help` and `check(progress) -> Outcome`, with `is_mending=` where it says `mends`;
`progress(done, whole)` may be called as often as it likes. Django is set up before `check` is called, not
before the module is imported.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Outcome:
    """The result of one check: sound or not, figures for programs, sentences for people."""

    is_sound: bool
    figures: dict[str, Any]
    lines: list[str] = field(default_factory=list)
