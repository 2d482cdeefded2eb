"""Form widgets that Django lacks: ISO dates, several files, as-you-type choice, explained options."""

from collections.abc import Mapping
from typing import Any

from django import forms


class DateInput(forms.DateInput):
    """The browser's own date control, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own control for a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class FilesInput(forms.ClearableFileInput):
    """Several files at once, listed below with name and size."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A field whose value is a list of uploaded files, each checked by itself."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files as a list; empty when there are none and none is required."""
        files = [file for file in data if file] if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(file, initial) for file in files]


class ComboInput(forms.TextInput):
    """Text with suggestions as one types, fetched from `url` as `?q=…`; plain text without JavaScript.

    `value_name` names a hidden field that holds the key of what was picked; it is emptied when the text
    changes afterwards.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, url: str, value_name: str = "") -> None:
        super().__init__(attrs=attrs)
        self.url = url
        self.value_name = value_name


class ExplainedRadios(forms.RadioSelect):
    """Options as cards, each with a line that says what it means; `hints` goes by the option's value."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, hints: Mapping[str, object]) -> None:
        super().__init__(attrs=attrs)
        self.hints = {str(value): hint for value, hint in hints.items()}
