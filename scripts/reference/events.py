"""`events.md`: what happened, who tells it, who listens."""

import ast
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.reference.markdown import first_line, page, table
from yiwang.kernel.base import events as register

SOURCE = Path(register.__file__).resolve().parents[2]


def known() -> list[type]:
    """Every event, in the order of its module and file."""
    found: list[type] = []
    for path in sorted(SOURCE.glob("*/*/events.py")):
        name = "yiwang." + ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        if name == "yiwang.kernel.base.events":
            continue
        module = import_module(name)
        classes = [value for value in vars(module).values() if is_dataclass(value)]
        found += [c for c in classes if isinstance(c, type) and c.__module__ == name]
    return found


def publishers() -> dict[str, set[str]]:
    """Name of an event → the files that construct it inside `publish(…)`."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "publish(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "publish" and node.args:
                for name in _constructed(node.args[0]):
                    found.setdefault(name, set()).add(_dotted(path))
    return found


def _constructed(node: ast.expr) -> list[str]:
    return [
        name
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and (name := getattr(call.func, "id", getattr(call.func, "attr", "")))[:1].isupper()
    ]


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts[1:])


def _listeners(kind: type) -> list[str]:
    """Those of the house; a test may have registered one of its own."""
    after, within = (
        [_name(handler) for handler in register_of.get(kind, []) if handler.__module__.startswith("yiwang.")]
        for register_of in (register._handlers, register._handlers_within)
    )
    return [f"`{name}`" for name in after] + [f"`{name}` (in the same transaction)" for name in within]


def _name(handler: Any) -> str:
    return f"{'.'.join(handler.__module__.split('.')[2:])}.{handler.__qualname__}"


def events() -> str:
    """Every event with its fields, who publishes it and who handles it."""
    told = publishers()
    parts = [
        "An event is a frozen dataclass, named in the past tense. Handlers hear of it after commit, unless it "
        "says otherwise; one that fails is logged and doesn't keep the others from hearing.",
    ]
    for kind in known():
        module = ".".join(kind.__module__.split(".")[2:-1])
        rows = [(f"`{field.name}`", f"`{_type(field.type)}`") for field in fields(kind)]
        by = ", ".join(f"`{name}`" for name in sorted(told.get(kind.__name__, ()))) or "nobody yet"
        heard = ", ".join(_listeners(kind)) or "nobody yet"
        parts += [
            f"## {module}.{kind.__name__}",
            first_line(kind),
            table(("Field", "Type"), rows),
            f"Published by {by}.\nHandled by {heard}.",
        ]
    return page("Events", *parts)


def _type(kind: Any) -> str:
    """A field's type as it is written in the code."""
    is_plain = isinstance(kind, type) and not getattr(kind, "__args__", ())
    return kind.__name__ if is_plain else str(kind).replace("datetime.", "")
