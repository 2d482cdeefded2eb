"""Putting texts into HTML escapes as Django's own functions do."""

import pytest
from django.utils import html as django_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from yiwang.kernel.ui.html import escaped, format_html, format_html_join


class Text(str):
    """A text of another class, of which nothing says that it is safe."""


VALUES = [
    "",
    "plain",
    "<script>\"&'",
    7,
    None,
    mark_safe("<b>bold</b>"),
    Text("<"),
    gettext_lazy("<i>lazy</i>"),
]


@pytest.mark.parametrize("value", VALUES)
def test_values_are_escaped_as_django_does(value: object) -> None:
    assert escaped(value) == django_html.conditional_escape(value)
    assert format_html("<p>{}</p>", value) == django_html.format_html("<p>{}</p>", value)
    assert format_html("<p>{}</p>{it}", value, it=value) == django_html.format_html(
        "<p>{}</p>{it}", value, it=value
    )


def test_rows_are_joined_as_django_does() -> None:
    rows = [(value, "<") for value in VALUES]
    ours = format_html_join("<br>", "<p>{} {}</p>", rows)
    assert ours == django_html.format_html_join("<br>", "<p>{} {}</p>", rows)
    assert ours.__html__() == ours
