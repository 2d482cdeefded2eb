"""Words for the actions in the log; each module names its own."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_labels: dict[str, str | Promise] = {}


def name_action(key: str, label: str | Promise) -> None:
    """Say what an action is called; `label` may be lazy. Called when a module is loaded."""
    _labels[key] = label


def label_of(key: str) -> str:
    """What an action is called, or its key when nobody has named it."""
    return str(_labels.get(key, key))


def known_actions() -> list[tuple[str, str]]:
    """Every named action with its words, sorted by key."""
    return [(key, str(_labels[key])) for key in sorted(_labels)]


name_action("signed_in", _("Signed in"))
name_action("signed_out", _("Signed out"))
name_action("sign_in_failed", _("Failed to sign in"))
name_action("account.created", _("Account created"))
name_action("account.granted", _("Post granted"))
name_action("account.revoked", _("Post ended"))
name_action("case.read", _("Read a case"))
name_action("journal.appended", _("Step on a case"))
