"""What a rule is and what a fault against it says: the clause, the finding, the mend, in both languages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

REGULATION = "《党政机关公文处理工作条例》"
STANDARD = "GB/T 9704-2012 "


@dataclass(frozen=True)
class Rule:
    """A named rule with its clause; `says` is the fault and `mend` what to do, in Chinese, `english` both."""

    code: str
    clause: str
    says: str
    mend: str
    english: str
    is_advice: bool = False


@dataclass(frozen=True)
class Fault:
    """One breach of a rule: what was found, and on which page when pages were looked at."""

    rule: Rule
    found: str = ""
    page: int | None = None

    def record(self) -> dict[str, Any]:
        """The fault as plain values."""
        return {
            "rule": self.rule.code,
            "clause": self.rule.clause,
            "fault": self.rule.says,
            "found": self.found,
            "mend": self.rule.mend,
            "english": self.rule.english,
            "is_advice": self.rule.is_advice,
            "page": self.page,
        }

    def sentence(self) -> str:
        """The fault as one sentence."""
        at = f"第{self.page}页：" if self.page else ""
        found = f"（{self.found}）" if self.found else ""
        return f"{at}{self.rule.says}{found}。依据：{self.rule.clause}。改法：{self.rule.mend}。"


class Rules:
    """Rules of one kind with the functions that look for breaches, in the order they were declared."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.checks: dict[str, tuple[Rule, Callable[..., Iterable[Any]]]] = {}

    def __call__(
        self, code: str, clause: str, says: str, mend: str, english: str, *, is_advice: bool = False
    ) -> Callable[[Callable[..., Iterable[Any]]], Callable[..., Iterable[Any]]]:
        rule = Rule(code, f"{self.prefix}{clause}", says, mend, english, is_advice)

        def declare(check: Callable[..., Iterable[Any]]) -> Callable[..., Iterable[Any]]:
            if code in self.checks:
                raise ValueError(f"two rules are called {code}")
            self.checks[code] = (rule, check)
            return check

        return declare

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules."""
        return tuple(rule for rule, _ in self.checks.values())

    def faults(self, *looked_at: Any) -> tuple[Fault, ...]:
        """Every breach; a check gives what it found, or that with the page."""
        found = []
        for rule, check in self.checks.values():
            for each in check(*looked_at):
                words, page = each if isinstance(each, tuple) else (each, None)
                found.append(Fault(rule, str(words), page))
        return tuple(found)
