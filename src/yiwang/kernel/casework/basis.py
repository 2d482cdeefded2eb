"""What a term stands on, and amounts of money, in the reader's language."""

from django.utils.translation import get_language, gettext

from yiwang.kernel.casework.rules.casetype import ClockDef


def bases(definition: ClockDef) -> list[str]:
    """Each article that a term stands on and, in the end, where the institution's own norm is published."""
    language = get_language() or "zh-hans"
    told = [one.text(language=language) for one in definition.citations]
    return told if definition.norm is None else [*told, gettext(definition.norm.published)]


def yuan(fen: int) -> str:
    """An amount as people write it."""
    whole, rest = divmod(fen, 100)
    figures = f"{whole:,}.{rest:02}" if rest else f"{whole:,}"
    return gettext("%(figures)s yuan") % {"figures": figures}
