"""The questions of the application, and the forms of companies and of the centre's office."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.institutions.community.company_enums import BUSINESS_LICENCE, HowVerified
from yiwang.institutions.community.company_models import Company
from yiwang.institutions.community.company_rules import is_credit_code, plain_code
from yiwang.institutions.community.company_words import licence_choices
from yiwang.institutions.community.models import ServiceClass
from yiwang.institutions.community.queries import localities, named, offered, unit_named
from yiwang.kernel.base.text import clean_line, clean_text
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.ui.forms import DateInput, FilesField

REQUIRED = {"required": _("Please fill this in.")}
CHOOSE = {
    "required": _("Please choose one of the answers."),
    "invalid_choice": _("Please choose one of the answers."),
}
PAPERS = 3
"""How many licences beside the business licence one screen takes; further ones are handed in later."""


def _line(label: Any, most: int, *, help_text: Any = "", is_required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=is_required,
        help_text=help_text,
        error_messages=REQUIRED,
    )


class Question(forms.Form):
    """A screen of the application; `told()` goes into the draft, `initial_of` brings it back."""

    heading: Any = ""
    lead: Any = ""

    def told(self) -> dict[str, Any]:
        """The answers as the draft keeps them."""
        return {
            key: clean_line(value) if isinstance(value, str) else value
            for key, value in self.cleaned_data.items()
        }

    @classmethod
    def initial_of(cls, told: Mapping[str, Any]) -> dict[str, Any]:
        """The answers as the form shows them."""
        return dict(told)


class CompanyForm(Question):
    """Who applies: 电子商务法 27 wants identity, address and contact."""

    heading = _("Which company is it?")
    lead = _("As it stands in the business licence. We compare it with the public register.")
    name = _line(_("Name of the company"), 80)
    credit_code = _line(
        _("Unified social credit code"), 30, help_text=_("18 signs; they stand on the business licence.")
    )
    address = _line(_("Address"), 120)
    contact = _line(_("Name of the contact"), 40)
    phone = _line(_("Telephone"), 20)

    def clean_credit_code(self) -> str:
        """A code that can be right (GB 32100)."""
        code = plain_code(self.cleaned_data["credit_code"])
        if not is_credit_code(code):
            raise forms.ValidationError(
                gettext("This code can't be right. Please compare it with the business licence.")
            )
        if Company.objects.filter(credit_code=code, ended_on__isnull=True).exists():
            raise forms.ValidationError(gettext("A company of this code is a member already."))
        return code


class ServicesForm(Question):
    """What it serves, and where."""

    heading = _("What do you offer, and where?")
    lead = _("You can add or drop classes later.")
    classes = forms.MultipleChoiceField(
        label=_("Classes of service"), widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE
    )
    areas = forms.TypedMultipleChoiceField(
        label=_("Communities and villages"),
        help_text=_("None chosen means the whole county."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        classes = [(one.key, named(one)) for one in ServiceClass.objects.all()]
        self.fields["classes"].choices = classes  # type: ignore[attr-defined]
        self.fields["areas"].choices = [(unit.pk, unit_name(unit)) for unit, _place in localities(on=on)]  # type: ignore[attr-defined]


class PricesForm(Question):
    """What it asks for each item of its classes, never above the ceiling."""

    heading = _("What do you charge?")
    lead = _(
        "In yuan a unit, at most the ceiling. Leave empty what you don't offer; at least one item is needed."
    )

    def __init__(self, *args: Any, on: date, classes: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.versions = [v for v in offered(on=on) if v.item.service_class.key in classes]
        for version in self.versions:
            most = version.ceiling_fen / 100
            self.fields[f"price_{version.item.code}"] = forms.DecimalField(
                label=f"{named(version)} ({unit_named(version)})",
                help_text=gettext("at most %(most)s yuan") % {"most": f"{most:g}"},
                min_value=0,
                max_value=most,
                decimal_places=2,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
            )

    def clean(self) -> dict[str, Any]:
        """At least one price."""
        data = super().clean() or {}
        if self.versions and not self.errors and not any(value is not None for value in data.values()):
            first = f"price_{self.versions[0].item.code}"
            self.add_error(first, gettext("Please give the price of at least one item."))
        return data

    def told(self) -> dict[str, Any]:
        """Prices in fen by the code of the item."""
        given = self.cleaned_data.items()
        return {
            "prices": {
                key.removeprefix("price_"): int(value * 100) for key, value in given if value is not None
            }
        }

    @classmethod
    def initial_of(cls, told: Mapping[str, Any]) -> dict[str, Any]:
        """Prices in yuan."""
        return {f"price_{code}": f"{fen / 100:g}" for code, fen in told.get("prices", {}).items()}


class PapersForm(Question):
    """Business licence and further licences, each with number and last day."""

    heading = _("Which licences do you hold?")
    lead = _(
        "The business licence, and what some services need by law. You add the scans on the next screen but one."
    )
    business_number = _line(_("Business licence: number"), 60)
    business_until = forms.DateField(
        label=_("Business licence: last day"),
        help_text=_("Empty when it has none."),
        required=False,
        widget=DateInput(),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [("", gettext("none")), *licence_choices()[1:]]
        for number in range(1, PAPERS + 1):
            words = {"number": number}
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=gettext("Licence %(number)s") % words,
                choices=kinds,
                required=False,
                error_messages=CHOOSE,
            )
            self.fields[f"number_{number}"] = forms.CharField(
                label=gettext("Number of licence %(number)s") % words, max_length=60, required=False
            )
            self.fields[f"holder_{number}"] = forms.CharField(
                label=gettext("Holder of licence %(number)s") % words, max_length=60, required=False
            )
            self.fields[f"until_{number}"] = forms.DateField(
                label=gettext("Last day of licence %(number)s") % words, required=False, widget=DateInput()
            )

    def clean(self) -> dict[str, Any]:
        """A licence that is named has its number and its last day."""
        data = super().clean() or {}
        for number in range(1, PAPERS + 1):
            if data.get(f"kind_{number}"):
                for part in ("number", "until"):
                    if not data.get(f"{part}_{number}") and f"{part}_{number}" not in self.errors:
                        self.add_error(f"{part}_{number}", gettext("Please fill this in."))
        return data

    def told(self) -> dict[str, Any]:
        """The licences as a list."""
        data = self.cleaned_data
        found = [_paper(BUSINESS_LICENCE, data["business_number"], "", data.get("business_until"))]
        for number in range(1, PAPERS + 1):
            if kind := data.get(f"kind_{number}"):
                until = data.get(f"until_{number}")
                found.append(_paper(kind, data[f"number_{number}"], data[f"holder_{number}"], until))
        return {"certificates": found}

    @classmethod
    def initial_of(cls, told: Mapping[str, Any]) -> dict[str, Any]:
        """The list as fields."""
        first, *others = told.get("certificates") or [{}]
        initial = {"business_number": first.get("number", ""), "business_until": first.get("until_on", "")}
        for number, one in enumerate(others, start=1):
            initial |= {f"{key}_{number}": one.get(key, "") for key in ("kind", "number", "holder")}
            initial[f"until_{number}"] = one.get("until_on", "")
        return initial


def _paper(kind: str, number: str, holder: str, until: date | None) -> dict[str, str]:
    return {
        "kind": kind,
        "number": clean_line(number),
        "holder": clean_line(holder),
        "until_on": until.isoformat() if until else "",
    }


class StaffForm(Question):
    """Who would come: names and work, one a line."""

    heading = _("Who works for you?")
    lead = _("Only those who would go to residents. Identity numbers aren't asked.")
    staff = forms.CharField(
        label=_("One person a line: name, work"),
        help_text=_("For example: 郏水生，水电维修"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages=REQUIRED,
    )

    def clean_staff(self) -> list[dict[str, str]]:
        """Each line as name and work."""
        found = []
        for line in clean_text(self.cleaned_data["staff"]).splitlines():
            name, _mark, work = re.sub(r"[，,、\t ]+", ",", line.strip()).partition(",")
            if name:
                found.append({"name": name[:40], "work": work[:60]})
        if not found:
            raise forms.ValidationError(gettext("Please fill this in."))
        return found

    @classmethod
    def initial_of(cls, told: Mapping[str, Any]) -> dict[str, Any]:
        """The people as lines."""
        return {"staff": "\n".join(f"{one['name']}，{one['work']}" for one in told.get("staff", []))}


class FilesForm(forms.Form):
    """Scans of the licences."""

    added = FilesField(
        required=False,
        allow_empty_file=True,
        max_length=None,
        label=_("Scans or photos of the licences"),
        help_text=_("At most 9, each at most 10 MB: jpg, png, pdf."),
    )


class AgreeForm(forms.Form):
    """The agreement, and a trap for machines."""

    is_agreed = forms.BooleanField(
        label=_(
            "We keep to the rules for companies: prices under the ceiling, the PIN at the door, valid licences."
        ),
        error_messages={"required": _("Without this no contract can be made.")},
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)


QUESTIONS: dict[str, type[Question]] = {
    "company": CompanyForm,
    "services": ServicesForm,
    "prices": PricesForm,
    "papers": PapersForm,
    "staff": StaffForm,
}
NEEDED = {
    "company": "credit_code",
    "services": "classes",
    "prices": "prices",
    "papers": "certificates",
    "staff": "staff",
}


# ---------------------------------------------------------------------------------- the company's own people


class CertificateForm(forms.Form):
    """A licence or its renewal, with a scan."""

    kind = forms.ChoiceField(label=_("Kind of licence"), error_messages=CHOOSE)
    number = _line(_("Number"), 60)
    holder = _line(
        _("Holder"), 60, is_required=False, help_text=_("Whose name stands on it, if it isn't the company.")
    )
    until_on = forms.DateField(label=_("Last day"), required=False, widget=DateInput())
    team = forms.TypedChoiceField(
        label=_("For the team"), coerce=int, required=False, empty_value=None, error_messages=CHOOSE
    )
    proof = forms.FileField(label=_("Scan or photo"), required=False)

    def __init__(self, *args: Any, teams: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = licence_choices()  # type: ignore[attr-defined]
        self.fields["team"].choices = [("", gettext("the whole company")), *teams]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A team's licence has a last day: without one dispatch couldn't know when it ends."""
        data = super().clean() or {}
        if data.get("team") and not data.get("until_on"):
            self.add_error("until_on", gettext("Please fill this in."))
        return data


class StaffMemberForm(forms.Form):
    """Somebody who works for the company."""

    name = _line(_("Name"), 40)
    work = _line(_("Kind of work"), 60)
    phone = _line(_("Telephone"), 20, is_required=False)


class OwnPriceForm(forms.Form):
    """A company's own price for a service, from a day on."""

    item = forms.ChoiceField(label=_("Service"), error_messages=CHOOSE)
    price = forms.DecimalField(
        label=_("Price in yuan"),
        min_value=0,
        max_digits=9,
        decimal_places=2,
        error_messages=REQUIRED,
        help_text=_(
            "Never above the ceiling of the catalogue. Above its price it waits for the centre's approval."
        ),
    )
    since_on = forms.DateField(label=_("Holds from"), widget=DateInput(), error_messages=REQUIRED)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"].choices = items  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """A team: what it can do, where, when, how much at a time, who is in it."""

    name = _line(_("Name of the team"), 60)
    phone = _line(_("Telephone"), 20, is_required=False)
    skills = forms.MultipleChoiceField(
        label=_("Skills"), widget=forms.CheckboxSelectMultiple, error_messages=CHOOSE
    )
    base = forms.TypedChoiceField(label=_("Where its day begins"), coerce=int, error_messages=CHOOSE)
    areas = forms.TypedMultipleChoiceField(
        label=_("Serves"),
        help_text=_("None chosen means the whole county."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means every day, at any time."),
    )
    begin = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    capacity = forms.IntegerField(
        label=_("Jobs at a time"), min_value=1, max_value=20, initial=3, error_messages=REQUIRED
    )
    since_on = forms.DateField(
        label=_("Places and hours hold from"),
        help_text=_("Empty means from today. Fewer places or hours than now wait for the centre's approval."),
        required=False,
        widget=DateInput(),
    )
    members = forms.TypedMultipleChoiceField(
        label=_("People with an account"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        on: date,
        skills: list[tuple[str, str]],
        people: list[tuple[int, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        weekdays = [(day, str(name)) for day, name in WEEKDAYS.items()]
        self.places = {unit.pk: (unit, place) for unit, place in localities(on=on)}
        names = [(pk, unit_name(unit)) for pk, (unit, _place) in self.places.items()]
        for field, choices in (
            ("skills", skills),
            ("base", names),
            ("areas", names),
            ("days", weekdays),
            ("members", people),
        ):
            self.fields[field].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hours have a beginning and a later end."""
        data = super().clean() or {}
        if data.get("days"):
            begin, end = data.get("begin"), data.get("end")
            if not begin or not end or end <= begin:
                self.add_error("end", gettext("Please give a time after the beginning."))
        return data

    def hours(self) -> list[tuple[int, int, int]]:
        """The hours as dispatch keeps them."""
        data = self.cleaned_data
        if not data["days"]:
            return []
        begin, end = data["begin"], data["end"]
        return [(day, begin.hour * 60 + begin.minute, end.hour * 60 + end.minute) for day in data["days"]]


# ------------------------------------------------------------------------------------------- the centre's office


class ContractForm(forms.Form):
    """A further term."""

    from_on = forms.DateField(label=_("Contract from"), widget=DateInput(), error_messages=REQUIRED)
    until_on = forms.DateField(label=_("Contract until"), widget=DateInput(), error_messages=REQUIRED)


class VerificationForm(forms.Form):
    """How the centre looked again."""

    how = forms.ChoiceField(label=_("How it was verified"), choices=HowVerified, error_messages=CHOOSE)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class ActForm(forms.Form):
    """A commendation or a warning."""

    title = _line(_("In one sentence"), 80)
    words = forms.CharField(
        label=_("What for"),
        help_text=_("In whole sentences, without naming a resident; they stand in the letter."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=REQUIRED,
    )
    is_public = forms.BooleanField(label=_("Everybody may read it"), required=False, initial=True)


class RemovalForm(forms.Form):
    """What begins a removal."""

    title = _line(_("In one sentence"), 80)
    text = forms.CharField(
        label=_("What happened"),
        help_text=_("The company will read this, with the files."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=REQUIRED,
    )
    evidence = FilesField(label=_("Evidence"), required=False, allow_empty_file=True)
