"""Controls drawn without templates are the same HTML as Django's."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy

from yiwang.kernel.ui.widgets import QuickWidgets

CHOICES = [
    ("", gettext_lazy("all")),
    ("a<b", "A & B"),
    ("group", [("c", "C"), (7, '"seven"')]),
]
WIDGETS: list[tuple[forms.Widget, object]] = [
    (forms.TextInput(attrs={"required": True, "disabled": False, "data-x": '"<'}), "a <b> 'c'"),
    (forms.TextInput(), None),
    (forms.NumberInput(attrs={"min": 0}), 0),
    (forms.HiddenInput(), "key"),
    (forms.EmailInput(), "a@b"),
    (forms.DateInput(), "2026-11-23"),
    (forms.PasswordInput(), "secret"),
    (forms.Select(choices=CHOICES), "c"),
    (forms.Select(choices=CHOICES, attrs={"multiple": True}), ["a<b", "7"]),
    (forms.Select(), None),
    (forms.Textarea(), "as <Django> draws it"),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_control_is_what_django_draws(widget: forms.Widget, value: object) -> None:
    ours = widget.render("name & more", value, attrs={"id": "x"}, renderer=QuickWidgets())
    theirs = widget.render("name & more", value, attrs={"id": "x"}, renderer=DjangoTemplates())
    assert _tidy(ours) == _tidy(theirs)


def _tidy(html: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", html).strip()
