"""What a term stands on, and amounts of money, in the reader's language."""

from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.kernel.casework.lawlinks import cited, in_a_list
from yiwang.kernel.casework.rules.casetype import ClockDef


def bases(definition: ClockDef, *, on: date) -> SafeString:
    """The articles that a term stands on, as links, and last where the institution's own norm is published."""
    told: list[str] = [cited(one, on=on) for one in definition.citations]
    return in_a_list(told if definition.norm is None else [*told, gettext(definition.norm.published)])


def yuan(fen: int) -> str:
    """An amount as people write it."""
    whole, rest = divmod(fen, 100)
    figures = f"{whole:,}.{rest:02}" if rest else f"{whole:,}"
    return gettext("%(figures)s yuan") % {"figures": figures}
