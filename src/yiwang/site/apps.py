"""Discovery: every installed module's handlers, tasks, rules and case types are found, never listed."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

DISCOVERED = (
    "casetypes",
    "letters",
    "keeping",
    "handlers",
    "tasks",
    "policies",
    "places",
    "open311",
    "figures",
)


class SiteConfig(AppConfig):
    """Loads what the modules declare once all models are known."""

    name = "yiwang.site"
    label = "site"

    def ready(self) -> None:
        """Import each module's declarations in the order of the floors."""
        for config in apps.get_app_configs():
            if not config.name.startswith("yiwang."):
                continue
            for part in DISCOVERED:
                _import_with_children(f"{config.name}.{part}")


def _import_with_children(name: str) -> None:
    if find_spec(name) is None:
        return
    module = import_module(name)
    for child in pkgutil.iter_modules(getattr(module, "__path__", [])):
        import_module(f"{name}.{child.name}")
