"""What the administrator types about units."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import functions, tree, unit_name
from yiwang.kernel.ui.forms import DateInput


class _UnitForm(forms.Form):
    """A form beside whose fields the sentences of an action appear."""

    def take_over(self, error: ValidationError) -> None:
        """Put an action's sentences beside the fields they are about, else at the head."""
        faults = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in faults.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class _WholeUnit(_UnitForm):
    """Name, contact data and work of a unit."""

    name = forms.CharField(label=_("Full name"), max_length=80)
    short_name = forms.CharField(
        label=_("Short name"), max_length=40, required=False, help_text=_("As people say it; shown in lists.")
    )
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=120, required=False)
    hours = forms.CharField(label=_("Opening hours"), max_length=120, required=False)
    functions = forms.MultipleChoiceField(
        label=_("Work it does for the county"),
        help_text=_("Procedures find the unit by this work."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = functions()
        self.fields["functions"].choices = known  # type: ignore[attr-defined]
        if not known:
            del self.fields["functions"]

    def clean(self) -> dict[str, Any]:
        """The short name is the full one when there is none."""
        typed = super().clean() or {}
        if typed.get("name") and not typed.get("short_name"):
            if len(typed["name"]) > 40:
                self.add_error("short_name", _("This name is long: give a short one too."))
            typed["short_name"] = typed["name"][:40]
        return typed


class NewUnitForm(_WholeUnit):
    """A unit that doesn't exist yet."""

    parent = forms.TypedChoiceField(label=_("Part of"))
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices)
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Small Latin letters, figures and hyphens; it never changes."),
        max_length=32,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z", _("Only small Latin letters, figures and hyphens."))
        ],
    )
    valid_from_on = forms.DateField(label=_("Exists from"), widget=DateInput)

    field_order = ["parent", "kind", "name", "short_name", "name_en", "code", "valid_from_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        self.fields["parent"].choices = [  # type: ignore[attr-defined]
            (str(unit.pk), "　" * (len(unit.path) - 1) + unit_name(unit)) for unit in _lasting()
        ]

    def clean_parent(self) -> Unit:
        """The unit of which the new one is a part."""
        return tree().get(int(self.cleaned_data["parent"]))


class ChangeUnitForm(_WholeUnit):
    """Another name, contact data or work."""


class MergeForm(_UnitForm):
    """The day a unit ends and the unit that has its matters from then on."""

    into = forms.TypedChoiceField(label=_("Its matters go to"))
    on = forms.DateField(
        label=_("From which day"), help_text=_("On this day the unit no longer exists."), widget=DateInput
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((str(other.pk), unit_name(other)) for other in _lasting() if unit.pk not in other.path),
        ]

    def clean_into(self) -> Unit:
        """The successor."""
        return tree().get(int(self.cleaned_data["into"]))


def _lasting() -> list[Unit]:
    """The units without a last day, in tree order."""
    return sorted(
        (unit for unit in tree().units.values() if unit.valid_until_on is None), key=lambda unit: unit.path
    )
