"""Cited articles as links: whoever keeps the statutes says where each can be read.

While nobody does, a citation is plain words. Casework knows no statute itself.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from yiwang.kernel.casework.rules.casetype import Citation
from yiwang.kernel.ui.html import escaped
from yiwang.kernel.ui.tags.words import peek_link

PlaceFinder = Callable[[Citation, date], str]
"""The address of a cited article in the version of a day; empty where the text isn't there."""
TextLinker = Callable[[Sequence[str], date], Sequence[SafeString]]
"""Texts that belong together, escaped, each citation in them a link to what it meant on a day."""

_places: list[PlaceFinder] = []
_linkers: list[TextLinker] = []


def provide_laws(places: PlaceFinder, texts: TextLinker) -> None:
    """Say who finds articles and who links texts; the last ones named do."""
    _places[:], _linkers[:] = [places], [texts]


def cited(citation: Citation, *, on: date) -> SafeString:
    """A citation in the reader's language, as a link to the article as it was in force on a day."""
    words = citation.text(language=get_language() or "zh-hans")
    url = _places[0](citation, on) if _places else ""
    return peek_link(words, url) if url else SafeString(escaped(words))


def in_a_list(parts: Iterable[object]) -> SafeString:
    """Citations and other words one after the other, as HTML."""
    return SafeString(escaped(gettext("; ")).join(map(escaped, parts)))


def linked(texts: Sequence[str], *, on: date) -> Sequence[SafeString]:
    """Texts that belong together, as HTML, with their citations as links to what they meant on a day."""
    if not _linkers:
        return [SafeString(escaped(text)) for text in texts]
    return _linkers[0](texts, on)
