"""Every action that is written into the log has words for the auditor."""

import ast
from pathlib import Path

from yiwang.kernel.audit.labels import known_actions

SOURCE = Path(__file__).resolve().parents[2] / "src" / "yiwang"


def recorded_actions() -> set[str]:
    """The keys given to `record` as words, and `<kind>.read` of `record_read`."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                if node.func.id == "record":
                    found.add(first.value)
                elif node.func.id == "record_read":
                    found.add(f"{first.value}.read")
    return found


def test_every_recorded_action_is_named() -> None:
    named = {key for key, _words in known_actions()}
    assert {"case.read", "report.read", "term.chosen", "signed_in"} <= recorded_actions()
    assert recorded_actions() - named == set()
