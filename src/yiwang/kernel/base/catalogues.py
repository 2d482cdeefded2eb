"""Translations, looked up in one place: every module has a catalogue of its own, and Django asks one after the other.

Django means to put catalogues with the same rule for plurals together (`TranslationCatalog.update`), but
compares a rule with its code, and so never does. With twenty modules each word was looked up twenty times.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.translation import trans_real as translation


def merge_catalogues() -> None:
    """Put each language's catalogues together where neighbours form plurals alike; what is found is the same."""
    for language, _name in settings.LANGUAGES:
        kept = translation.translation(language)._catalog  # type: ignore[attr-defined]
        messages, plurals = [dict(kept._catalogs[-1])], [kept._plurals[-1]]
        for further, plural in list(zip(kept._catalogs, kept._plurals, strict=True))[-2::-1]:
            if plural.__code__ == plurals[0].__code__:
                messages[0].update(further)  # the one asked first had the last word
            else:
                messages.insert(0, dict(further))
                plurals.insert(0, plural)
        kept._catalogs, kept._plurals = messages, plurals


class MergedCatalogues:
    """Does so once wherever pages are made; stands in no request's way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        merge_catalogues()
        raise MiddlewareNotUsed
