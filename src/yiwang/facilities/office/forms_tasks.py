"""What somebody fills in to give a task."""

import secrets
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.office.forms import units_to_choose
from yiwang.kernel.base.addresses import address
from yiwang.kernel.casework.choices import account_named, unit_named
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.forms import ComboInput, DateInput


def _chosen(form: forms.Form, name: str) -> int | None:
    key = str(form.data.get(name, ""))
    return int(key) if key.isdecimal() and len(key) < 19 else None


class TaskForm(forms.Form):
    """What is to be done, who does it, who helps, and by when."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    title = forms.CharField(label=_("Task"), max_length=120)
    text = forms.CharField(
        label=_("What is to be done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    holder = forms.CharField(
        label=_("Which unit does it"), max_length=80, widget=ComboInput(url="", value_name="holder_key")
    )
    person = forms.CharField(
        label=_("Who there"), max_length=60, required=False, widget=ComboInput(url="", value_name="person_key"),
        help_text=_("Empty: the unit's clerks and head are told."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Working days for it"), min_value=1, max_value=250, required=False,
        help_text=_("Empty, with no day below either: ten."),
    )  # fmt: skip
    due_on = forms.DateField(label=_("Or by which day"), required=False, widget=DateInput)
    helpers = forms.MultipleChoiceField(
        label=_("Units that help"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, unit_id: int, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["key"].initial = secrets.token_hex(12)
        for name, url in (("holder", "casework:suggest_units"), ("person", "casework:suggest_accounts")):
            widget = self.fields[name].widget
            assert isinstance(widget, ComboInput)
            widget.url = address(url)
        helpers = self.fields["helpers"]
        assert isinstance(helpers, forms.MultipleChoiceField)
        helpers.choices = units_to_choose(on=on, but=[unit_id])

    def clean_due_on(self) -> date | None:
        """A day still to come."""
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and day < self.on:
            raise forms.ValidationError(_("Please choose a day that is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        """Unit and person as those whom the house knows."""
        data = super().clean() or {}
        if name := data.get("holder", ""):
            data["holder_unit_id"] = unit_named(name, chosen=_chosen(self, "holder_key"))
            if data["holder_unit_id"] is None:
                self.add_error(
                    "holder", _("Nothing of that name was found. Please choose one from the list.")
                )
        data["holder_account_id"] = None
        if name := data.get("person", ""):
            data["holder_account_id"] = account_named(name, chosen=_chosen(self, "person_key"))
            if data["holder_account_id"] is None:
                self.add_error(
                    "person", _("Nobody of exactly this name was found. Choose one from the list.")
                )
        return data


def named(unit_id: int) -> dict[str, Any]:
    """A unit as a field with suggestions shows it."""
    return {"holder": tree().name(unit_id, language=get_language() or ""), "holder_key": unit_id}
