"""Form controls drawn without templates where they are many: inputs and choices; the rest as Django draws it.

A filter form of ten fields cost as much as its list of fifty rows, because each option is a template.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString

from yiwang.kernel.ui.html import escaped

INPUTS = frozenset(
    f"django/forms/widgets/{kind}.html"
    for kind in ("text", "input", "date", "number", "email", "hidden", "password", "tel", "search", "url")
)
SELECT = "django/forms/widgets/select.html"


class QuickWidgets(DjangoTemplates):
    """Django's own renderer, quicker for inputs and choices; the HTML is the same."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        """A control as HTML."""
        if template_name in INPUTS:
            return SafeString(_input(context["widget"]))
        if template_name == SELECT:
            return SafeString(_select(context["widget"]))
        return SafeString(super().render(template_name, context, request))


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        [
            f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(str(value))}"'
            for name, value in attrs.items()
            if value is not False
        ]
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{escaped(str(widget["value"]))}"'
    return f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{escaped(group)}">')
        parts += [
            f'\n  <option value="{escaped(str(option["value"]))}"{_attributes(option["attrs"])}>'
            f"{escaped(option['label'])}</option>"
            for option in options
        ]
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])
