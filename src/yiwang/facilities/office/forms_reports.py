"""What somebody fills in to write a report that goes up."""

import secrets
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.office.enums import ReportTopic
from yiwang.facilities.office.forms import units_to_choose


class ReportForm(forms.Form):
    """What is to be reported, what it is about, and to which unit."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    title = forms.CharField(
        label=_("Heading"), max_length=120, help_text=_("What happened or was achieved, in one line.")
    )
    topic = forms.ChoiceField(label=_("What it is about"), choices=ReportTopic.choices)
    text = forms.CharField(
        label=_("Report"), max_length=8000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Where, when, what, how many; what was done about it. Nothing secret."),
    )  # fmt: skip
    to = forms.ChoiceField(label=_("To which unit"))

    def __init__(self, *args: Any, unit_id: int, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = secrets.token_hex(12)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = units_to_choose(on=on, but=[unit_id])
