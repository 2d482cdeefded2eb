"""`modules.md`: what each module owns, in its own words."""

import ast
from pathlib import Path

from django.apps import apps

from scripts.reference.events import SOURCE
from scripts.reference.markdown import page
from yiwang.site.settings import FACILITIES, INSTITUTIONS, KERNEL

CUSTOMARY = ("models", "enums", "events", "rules", "policies", "queries", "actions")
"""What other modules may use of any module, where it has it."""


def modules() -> str:
    """Every kernel module, facility and institution, low to high."""
    return page(
        "Modules",
        "Each module may use only those that stand before it. Other modules may use its "
        + ", ".join(f"`{name}`" for name in CUSTOMARY)
        + " and the further faces named here; of `base` and `ui` anything.",
        "## Kernel: knows no institution",
        *(_module(SOURCE / "kernel" / name) for name in KERNEL),
        "## Facilities: shared capabilities, know no institution",
        *(_module(SOURCE / "facilities" / name) for name in FACILITIES),
        "## Institutions: never use one another",
        *(_module(SOURCE / "institutions" / name) for name in INSTITUTIONS),
        "## Site: on top of all",
        _module(SOURCE / "site"),
    )


def _module(folder: Path) -> str:
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    told = (ast.get_docstring(tree) or "").strip()
    lines = [f"### {folder.name}", "", told.replace("\nNouns:", "\n\nNouns:").replace("\n\n\n", "\n\n")]
    offered = [name for name in CUSTOMARY if (folder / f"{name}.py").exists() or (folder / name).is_dir()]
    if folder.name in ("base", "ui", "site"):
        offered = []
    further = _faces(tree)
    if offered or further:
        lines += ["", "Faces: " + ", ".join(f"`{name}`" for name in [*offered, *further]) + "."]
    tables = _tables(folder.name)
    if tables:
        lines += ["", "Tables: " + ", ".join(f"`{name}`" for name in tables) + "."]
    return "\n".join(lines)


def _faces(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "FACES":
            return list(ast.literal_eval(node.value))
    return []


def _tables(label: str) -> list[str]:
    found = [config for config in apps.get_app_configs() if config.label == label]
    return sorted(model._meta.db_table for config in found for model in config.get_models())
