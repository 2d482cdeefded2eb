"""Other modules use a module by its faces only: the customary files, and those its docstring's module names."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "yiwang"
CUSTOMARY = frozenset({"models", "enums", "events", "rules", "policies", "queries", "actions"})
OPEN_MODULES = frozenset({"yiwang.kernel.base", "yiwang.kernel.ui"})
FLOORS = ("kernel", "facilities", "institutions")


def modules() -> dict[str, Path]:
    """Every module of the house by its dotted name."""
    return {
        f"yiwang.{floor}.{folder.name}": folder
        for floor in FLOORS
        for folder in (SOURCE / floor).iterdir()
        if (folder / "__init__.py").exists()
    }


def faces(folder: Path) -> frozenset[str]:
    """What a module offers besides the customary files: the names in `FACES` of its `__init__.py`."""
    for node in ast.parse((folder / "__init__.py").read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "FACES":
            return CUSTOMARY | frozenset(ast.literal_eval(node.value))
    return CUSTOMARY


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a file imports from this house."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith("yiwang."):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("yiwang."))


def owner(name: str, known: dict[str, Path]) -> str | None:
    """The module that a dotted name belongs to."""
    return next((module for module in known if name.startswith(f"{module}.")), None)


def test_modules_use_each_other_by_their_faces_only() -> None:
    known = modules()
    allowed = {name: faces(folder) for name, folder in known.items()}
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts or path.is_relative_to(SOURCE / "site"):
            continue
        here = ".".join(("yiwang", *path.relative_to(SOURCE).parts[:2]))
        for name in imports(path):
            module = owner(name, known)
            if module is None or module == here or module in OPEN_MODULES:
                continue
            if name.removeprefix(f"{module}.").split(".")[0] not in allowed[module]:
                wrong.append(f"{path.relative_to(SOURCE)}: {name}")
    assert wrong == []


def test_every_module_says_what_it_owns_and_what_not() -> None:
    silent = []
    for name, folder in modules().items():
        words = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
        if not all(part in words for part in ("Owns", "Does not own", "Nouns")):
            silent.append(name)
    assert silent == []


def test_no_junk_drawers() -> None:
    drawers = {"utils", "helpers", "common", "misc", "lib"}
    assert [str(path) for path in SOURCE.rglob("*") if path.stem in drawers] == []
