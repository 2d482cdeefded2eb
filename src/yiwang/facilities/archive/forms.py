"""The forms of the archive: where a file unit belongs, reasons, a schedule."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.archive.enums import Category, Period
from yiwang.facilities.archive.rules import GROUP
from yiwang.kernel.ui.forms import DateInput


class ClassifyForm(forms.Form):
    """Category, year, period and section of a file unit."""

    category = forms.ChoiceField(label=_("Category of archives"), choices=Category.choices)
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2999)
    period = forms.ChoiceField(label=_("Kept for"), choices=Period.choices)
    section = forms.CharField(
        label=_("Section or subject"), max_length=12, help_text=_("Capital letters and figures, such as BGS.")
    )
    remark = forms.CharField(label=pgettext_lazy("archive", "Remark"), max_length=200, required=False)

    def clean_section(self) -> str:
        """A code that may stand in an archive number."""
        section: str = self.cleaned_data["section"].strip().upper()
        if not GROUP.fullmatch(section):
            raise forms.ValidationError(gettext("Only capital letters and figures, please."))
        return section


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ScheduleForm(forms.Form):
    """A new version of the schedule, one line for each kind of matter."""

    valid_from_on = forms.DateField(label=_("Valid from"), widget=DateInput())

    def __init__(self, *args: Any, sources: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = sources
        for number, words in enumerate(sources.values()):
            self.fields[f"period_{number}"] = forms.ChoiceField(
                label=words, choices=[("", _("Decided case by case")), *Period.choices], required=False
            )
            self.fields[f"section_{number}"] = forms.CharField(
                label=gettext("Section for: %(kind)s") % {"kind": words}, max_length=12, required=False
            )

    def clean(self) -> dict[str, Any]:
        """A line with a period needs a section."""
        data = super().clean() or {}
        for number in range(len(self.sources)):
            section = str(data.get(f"section_{number}") or "").strip().upper()
            data[f"section_{number}"] = section
            if data.get(f"period_{number}") and not GROUP.fullmatch(section):
                self.add_error(f"section_{number}", gettext("Only capital letters and figures, please."))
        return data

    def rules(self) -> list[dict[str, str]]:
        """The lines of the schedule."""
        data = self.cleaned_data
        return [
            {
                "source": source,
                "words": words,
                "category": Category.DOCUMENTS.value if source == "announcement" else Category.SPECIAL.value,
                "period": data[f"period_{number}"],
                "section": data[f"section_{number}"],
            }
            for number, (source, words) in enumerate(self.sources.items())
            if data.get(f"period_{number}")
        ]


class PackageForm(forms.Form):
    """Of what a package is made."""

    year = forms.IntegerField(
        label=_("Year"), min_value=1900, max_value=2999, required=False, help_text=_("Empty: every year.")
    )
    period = forms.ChoiceField(
        label=_("Kept for"), choices=[("", _("Every period")), *Period.choices], required=False
    )


class HandOverForm(forms.Form):
    """Who took a package over, when, and under which receipt."""

    received_by = forms.CharField(
        label=_("Taken over by"), max_length=120, help_text=_("The archives, and who signed for them.")
    )
    received_on = forms.DateField(label=_("Taken over on"), widget=DateInput())
    receipt_number = forms.CharField(label=_("Number of the receipt"), max_length=60, required=False)
