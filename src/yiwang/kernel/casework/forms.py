"""The form of a step, made from what its procedure declares; the one door does the checking."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.addresses import address
from yiwang.kernel.casework.choices import account_named, case_numbered, unit_named
from yiwang.kernel.casework.rules.casetype import FieldDef, FieldKind, StepDef
from yiwang.kernel.casework.rules.data import BadData, Fault
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.forms import ComboInput, DateInput, FilesField

GRADES = (
    ("5", pgettext_lazy("grade of satisfaction", "very satisfied")),
    ("4", pgettext_lazy("grade of satisfaction", "satisfied")),
    ("3", pgettext_lazy("grade of satisfaction", "neither")),
    ("2", pgettext_lazy("grade of satisfaction", "dissatisfied")),
    ("1", pgettext_lazy("grade of satisfaction", "very dissatisfied")),
)
COMBOS = {
    FieldKind.UNIT: "casework:suggest_units",
    FieldKind.ACCOUNT: "casework:suggest_accounts",
    FieldKind.CASE: "casework:suggest_cases",
}
NO_SUCH_NAME = _("Nothing of that name was found. Please choose one from the list.")
KEY = "_key"


class StepForm(forms.Form):
    """What somebody enters for a step. Only files are checked here; the rest is checked by the one door."""

    def __init__(
        self,
        step: StepDef,
        *,
        case_id: int,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, Any] | None" = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}), auto_id=f"{step.verb}-%s")
        self.step = step
        for definition in step.needs:
            self.fields[definition.key] = _field(definition, case_id=case_id)

    def full_clean(self) -> None:
        """Look at the files; everything else waits for the one door."""
        super().full_clean()
        if self.is_bound:
            for name in [name for name in self.errors if name not in self._file_names]:
                del self.errors[name]

    @property
    def _file_names(self) -> set[str]:
        return {need.key for need in self.step.needs if need.kind is FieldKind.FILES}

    def entered(self, standing: Standing) -> dict[str, Any]:
        """What was entered, raw, with names of units, people and cases resolved. Raises `BadData`."""
        data: dict[str, Any] = {}
        faults: dict[str, Fault] = {}
        for definition in self.step.needs:
            if definition.kind is FieldKind.FILES:
                continue
            raw = self.data.get(definition.key, "")
            if definition.kind in COMBOS:
                raw = _resolved(
                    definition.kind, str(raw), str(self.data.get(definition.key + KEY, "")), standing=standing
                )
                if raw is None:
                    faults[definition.key] = Fault(str(NO_SUCH_NAME))
                    continue
            data[definition.key] = raw
        if faults:
            raise BadData(faults)
        return data

    def uploaded(self) -> Sequence[Any]:
        """The files that were chosen, those of every field together."""
        return [file for name in sorted(self._file_names) for file in self.cleaned_data.get(name, []) if file]

    def blame(self, faults: Mapping[str, Fault]) -> None:
        """Put each fault beside its field, and above the form what belongs to none."""
        for key, fault in faults.items():
            self.add_error(key if key in self.fields else None, ValidationError(said(fault)))


def said(fault: Fault) -> str:
    """A fault as a sentence in the reader's language."""
    return gettext(fault.message) % dict(fault.values) if fault.values else gettext(fault.message)


def form_for(
    step: StepDef,
    *,
    case_id: int,
    data: QueryDict | None = None,
    files: "MultiValueDict[str, Any] | None" = None,
    before: Mapping[str, Any] | None = None,
    unit_id: int | None = None,
) -> StepForm:
    """The form of a step. `before` holds what was entered earlier; `unit_id` is the unit to propose."""
    initial: dict[str, Any] = {
        key: value for key, value in (before or {}).items() if key in {need.key for need in step.needs}
    }
    if unit_id is not None:
        name = tree().name(unit_id, language=get_language() or "")
        for need in step.needs:
            if need.kind is FieldKind.UNIT:
                initial |= {need.key: name, need.key + KEY: unit_id}
    return StepForm(step, case_id=case_id, data=data, files=files, initial=initial)


def asking_about(case_id: int) -> str:
    """What the address of suggestions ends with: the case for which they are wanted."""
    return f"?case={case_id}"


def _resolved(kind: FieldKind, text: str, key: str, *, standing: Standing) -> int | str | None:
    """The number that was chosen, if its name still stands in the field; else whatever the text names."""
    text = text.strip()
    if not text:
        return key if key.isdecimal() and kind is not FieldKind.UNIT else ""
    number = int(key) if key.isdecimal() and len(key) < 19 else None
    if kind is FieldKind.UNIT:
        return unit_named(text, chosen=number)
    if kind is FieldKind.ACCOUNT:
        return account_named(text, chosen=number)
    return case_numbered(text, standing=standing)


def _field(definition: FieldDef, *, case_id: int) -> forms.Field:
    """One declared field as a form field; `required` only decides what its label says."""
    common: dict[str, Any] = {
        "label": gettext(definition.label),
        "help_text": gettext(definition.help) if definition.help else "",
        "required": definition.is_required,
    }
    kind = definition.kind
    if kind in COMBOS:
        url = f"{address(COMBOS[kind])}{asking_about(case_id)}"
        return forms.CharField(widget=ComboInput(url=url, value_name=definition.key + KEY), **common)
    if kind is FieldKind.TEXT:
        area = forms.Textarea(attrs={"rows": 4 if definition.max_length > 1000 else 2})
        return forms.CharField(widget=area, max_length=definition.max_length, **common)
    if kind is FieldKind.DATE:
        return forms.DateField(widget=DateInput, **common)
    if kind is FieldKind.DAYS:
        return forms.IntegerField(min_value=definition.minimum, max_value=definition.maximum, **common)
    if kind is FieldKind.MONEY:
        return forms.DecimalField(min_value=0, decimal_places=2, **common)
    if kind is FieldKind.CHOICE:
        choices = [(key, gettext(label)) for key, label in definition.choices]
        return forms.ChoiceField(widget=forms.RadioSelect, choices=choices, **common)
    if kind is FieldKind.GRADE:
        return forms.ChoiceField(widget=forms.RadioSelect, choices=GRADES, **common)
    if kind is FieldKind.YES_NO:
        return forms.BooleanField(**{**common, "required": False})
    if kind is FieldKind.FILES:
        return FilesField(**common)
    return forms.CharField(max_length=definition.max_length, **common)
