"""Addresses of pages by name: what Django's `reverse` gives, remembered, since a case's page asks fifty times.

The house has one table of addresses (`ROOT_URLCONF`); no request brings another one.
"""

from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from django.urls import NoReverseMatch, get_script_prefix, reverse

PROBES = (0, 1, 7_316_042_895)
"""Numbers with which a remembered pattern is tried before it is relied on."""


def address(name: str, /, **arguments: Any) -> str:
    """The address of a page by its URL name and arguments, under whatever prefix the request came.

    Quick for whole numbers and for words; anything else is asked of Django each time. Raises
    `NoReverseMatch` as `reverse` does.
    """
    if not arguments:
        return _whole(get_script_prefix(), name, ())
    numbers, words = [], []
    for key, value in arguments.items():
        if type(value) is int and value >= 0:
            numbers.append(key)
        elif type(value) is str:
            words.append((key, value))
        else:
            return reverse(name, kwargs=arguments)
    if not numbers:
        return _whole(get_script_prefix(), name, tuple(words))
    pattern = _pattern(get_script_prefix(), name, tuple(numbers), tuple(words))
    return reverse(name, kwargs=arguments) if pattern is None else pattern % arguments


@lru_cache(maxsize=4096)
def _whole(prefix: str, name: str, arguments: tuple[tuple[str, int | str], ...]) -> str:
    return reverse(name, kwargs=dict(arguments))


@lru_cache(maxsize=4096)
def _pattern(
    prefix: str, name: str, names: tuple[str, ...], words: tuple[tuple[str, str], ...]
) -> str | None:
    """The address with a gap for each number; nothing where numbers aren't simply written into it."""
    marks = {each: PROBES[-1] + place for place, each in enumerate(names)}
    if any(str(mark) in word for mark in marks.values() for _, word in words):
        return None
    try:
        found = reverse(name, kwargs={**marks, **dict(words)}).replace("%", "%%")
        for each, mark in marks.items():
            found = found.replace(str(mark), f"%({each})d")
        for probe in PROBES:
            trial = {each: probe + place for place, each in enumerate(names)}
            if found % trial != reverse(name, kwargs={**trial, **dict(words)}):
                return None
    except NoReverseMatch:
        return None
    return found


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting == "ROOT_URLCONF":
        _whole.cache_clear()
        _pattern.cache_clear()


setting_changed.connect(_forget, dispatch_uid="yiwang.kernel.base.addresses")
