"""Words for the actions in the log; each module names its own."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_labels: dict[str, str | Promise] = {}
_purposes: dict[str, str | Promise] = {}


def name_action(key: str, label: str | Promise) -> None:
    """Say what an action is called; `label` may be lazy. Called when a module is loaded."""
    _labels[key] = label


def label_of(key: str) -> str:
    """What an action is called, or its key when nobody has named it."""
    return str(_labels.get(key, key))


def name_purpose(key: str, label: str | Promise) -> None:
    """Say in words what a purpose of reading is; a purpose that nobody has named stands as it was written."""
    _purposes[key] = label


def purpose_of(key: str) -> str:
    """A purpose in words."""
    return str(_purposes.get(key, key))


def known_actions() -> list[tuple[str, str]]:
    """Every named action with its words, sorted by key."""
    return [(key, str(_labels[key])) for key in sorted(_labels)]


name_action("case.read", _("Read a case"))
name_action("journal.appended", _("Step on a case"))
