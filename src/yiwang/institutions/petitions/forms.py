"""The questions of the public form, one a screen: each knows its heading, why it is asked, and its fields."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yiwang.institutions.petitions.identity import fault_of, plain
from yiwang.institutions.petitions.models import Category
from yiwang.institutions.petitions.queries import category_of, classes_like, places, units_to_name
from yiwang.institutions.petitions.rules import Signing
from yiwang.kernel.base.text import clean_line, clean_text
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.ui.forms import ComboInput, ExplainedRadios

TOPICS_URL = "/topics/"
"""Where the as-you-type field asks; a test holds it to the address of `petitions:topics`."""

LONGEST_TITLE = 60
LONGEST_TEXT = 8000

REQUIRED = {"required": _("Please fill this in.")}
CHOOSE = {
    "required": _("Please choose one of the answers."),
    "invalid_choice": _("Please choose one of the answers."),
}


class Line(forms.CharField):
    """One line in somebody's own words, freed of control marks; too much is said with both numbers."""

    def __init__(self, *, most: int, **options: Any) -> None:
        self.most = most
        options.setdefault("error_messages", REQUIRED)
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """Tidy, then check the length."""
        return self.bounded(clean_line(super().clean(value)))

    def bounded(self, text: str) -> str:
        """The text, when it is short enough and something is left of it."""
        if len(text) > self.most:
            raise forms.ValidationError(
                gettext("This is too long: at most %(most)s characters, now %(now)s.")
                % {"most": self.most, "now": len(text)}
            )
        if self.required and not text:
            raise forms.ValidationError(gettext("Please fill this in."))
        return text


class Lines(Line):
    """Several lines in somebody's own words."""

    def __init__(self, *, most: int, rows: int = 8, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(most=most, **options)
        self.max_length = most
        self.validators = []

    def clean(self, value: Any) -> str:
        """Tidy, then check the length."""
        return self.bounded(clean_text(forms.CharField.clean(self, value)))


class Question(forms.Form):
    """A screen of the form; `told()` is what goes into the draft."""

    heading: object = ""
    lead: object = ""

    def told(self) -> dict[str, Any]:
        """The answers as the draft keeps them."""
        return dict(self.cleaned_data)


class WhatForm(Question):
    """What happened, in the person's own words."""

    heading = _("What happened?")
    lead = _(
        "Tell it as you would tell it to somebody: when, where, who, and what you ask for. Nothing is handed in yet."
    )
    title = Line(
        most=LONGEST_TITLE,
        label=_("In one sentence"),
        help_text=_("For example: the water pipe at the village entrance has been leaking for half a month"),
    )
    text = Lines(
        most=LONGEST_TEXT,
        label=_("The whole matter"),
        help_text=_("What happened, what you have already tried, and what you would like to be done."),
    )


class PurposeForm(Question):
    """Which of the law's three kinds of message it is."""

    heading = _("What do you want to achieve?")
    lead = _("This decides by which rules your message is handled. You can still change it later.")
    purpose = forms.ChoiceField(
        label=_("My message is"),
        choices=[
            ("claim", _("a request or a complaint")),
            ("suggestion", _("a suggestion or an opinion")),
            ("accusation", _("a report against an official or a unit")),
        ],
        widget=ExplainedRadios(
            hints={
                "claim": _(
                    "Something should be put right for you or those around you. You get a written answer."
                ),
                "suggestion": _(
                    "You have an idea how something could be done better. Nothing has to be decided for you."
                ),
                "accusation": _(
                    "Somebody broke the law or abused their office. They won't be told that you wrote, nor what."
                ),
            }
        ),
        error_messages=CHOOSE,
    )


class UnitChoice(forms.TypedChoiceField):
    """A unit out of the county's tree; the deeper, the further in."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, empty_value=None, required=False, error_messages=CHOOSE, **options)


class AccusedForm(Question):
    """Whom a report is about."""

    heading = _("Whom is it about?")
    lead = _(
        "They won't be told. The law forbids passing a report, or who wrote it, to whoever it is about "
        "(Regulations on Petition Work, art. 30). What you name here can't see your message at all."
    )
    accused_unit = UnitChoice(label=_("Unit"))
    accused_name = Line(
        most=80,
        required=False,
        label=_("Name and office of the person"),
        help_text=_("As far as you know it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = units_to_name(on=timezone.localdate())
        _offer(self.fields["accused_unit"], units, nothing=gettext("I don't know, or none of these"))

    def clean(self) -> dict[str, Any]:
        """At least one of the two, unless a field is already at fault."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("accused_unit") and not data.get("accused_name"):
            self.add_error(
                "accused_unit",
                gettext("Please choose a unit or write a name, so that it can be kept from them."),
            )
        return data

    def told(self) -> dict[str, Any]:
        """The unit as a list, because more than one can be complained of."""
        unit = self.cleaned_data["accused_unit"]
        return {"accused_units": [unit] if unit else [], "accused_name": self.cleaned_data["accused_name"]}


class TopicForm(Question):
    """Which content class it belongs to; typed, or looked up in three steps, or left to the office."""

    heading = _("What is it about?")
    lead = _("This helps it to reach the right unit. If you aren't sure, leave it to the petition office.")
    words = Line(
        most=80,
        required=False,
        label=_("Type a word"),
        help_text=_("For example: water pipe, wages, school"),
        widget=ComboInput(url=TOPICS_URL, value_name="category"),
    )
    category = forms.CharField(
        required=False, max_length=80, widget=forms.HiddenInput, label=_("Content class")
    )

    found: Sequence[Category] = ()
    """The classes that fit the words when they don't settle it."""

    def clean(self) -> dict[str, Any]:
        """Take what was picked; else the only class that fits the words; else ask to choose."""
        data = super().clean() or self.cleaned_data
        picked = category_of(clean_line(data.get("category") or ""))
        words = data.get("words", "")
        if not picked and words:
            picked = category_of(words)
            self.found = classes_like(words)
            if not picked and len(self.found) == 1:
                picked = self.found[0].path
            if not picked and self.found:
                self.add_error("words", gettext("Please choose one of the classes below."))
            elif not picked:
                self.add_error(
                    "words",
                    gettext(
                        "No class fits this. Try another word, look through the list, or leave it to the office."
                    ),
                )
        data["category"] = picked
        return data

    def told(self) -> dict[str, Any]:
        """Only the class; the words were a way to it."""
        return {"category": self.cleaned_data["category"]}


class PlaceForm(Question):
    """Where it happened."""

    heading = _("Where is it?")
    lead = _("So that somebody can go there. Leave it empty if it has no place.")
    place_unit = UnitChoice(label=_("Township, subdistrict or village"))
    place = Line(
        most=200,
        required=False,
        label=_("More exactly"),
        help_text=_("Street and number, or what stands nearby."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = places(on=timezone.localdate())
        _offer(self.fields["place_unit"], units, nothing=gettext("Somewhere else, or no place"))


class SigningForm(Question):
    """Under whose name; each choice says who will be able to read it."""

    heading = _("Do you want to give your name?")
    lead = _("Whatever you choose, everybody who opens your message is recorded.")
    signing = forms.ChoiceField(
        label=_("I write"),
        choices=[
            (Signing.SIGNED.value, _("with my name")),
            (Signing.CONFIDENTIAL.value, _("with my name, but keep it confidential")),
            (Signing.ANONYMOUS.value, _("without my name")),
        ],
        widget=ExplainedRadios(
            hints={
                Signing.SIGNED.value: _(
                    "The petition office and the unit that handles it see your name and telephone number, and can call you."
                ),
                Signing.CONFIDENTIAL.value: _(
                    "Only the unit that is handling it at the moment sees your name and telephone number. Everybody else sees a star."
                ),
                Signing.ANONYMOUS.value: _(
                    "Nobody sees who you are. Nobody can ask you or write to you; only your receipt code shows you what becomes of it."
                ),
            }
        ),
        error_messages=CHOOSE,
    )


class ContactForm(Question):
    """Who the person is and how to reach them."""

    heading = _("Who are you?")
    lead = _(
        "The law asks for name and address (Regulations on Petition Work, art. 19), so that an answer can reach you."
    )
    name = Line(most=80, label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = Line(
        most=30,
        required=False,
        label=_("Telephone"),
        help_text=_("So that somebody can ask you if something is unclear."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    address = Line(
        most=200, label=_("Address"), widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    identity_number = Line(
        most=30,
        required=False,
        label=_("Identity number"),
        help_text=_("Not needed. It only helps to tell people of the same name apart."),
    )

    def clean_phone(self) -> str:
        """Digits with the signs that people put between them."""
        phone = str(self.cleaned_data["phone"])
        digits = [c for c in phone if c.isdigit()]
        if phone and (
            not 5 <= len(digits) <= 20 or any(not (c.isdigit() or c in "+-() （）转,x.") for c in phone)
        ):
            raise forms.ValidationError(
                gettext("This doesn't look like a telephone number. Write it in figures, or leave it empty.")
            )
        return phone

    def clean_identity_number(self) -> str:
        """Fifteen or eighteen figures with the right check figure, or another document of letters and figures."""
        number = plain(str(self.cleaned_data["identity_number"]))
        if number and not number.isalnum():
            raise forms.ValidationError(gettext("An identity number has only figures and letters."))
        is_chinese = len(number) in (15, 18) and number[:-1].isdecimal()
        if is_chinese and (fault := fault_of(number)):
            raise forms.ValidationError(gettext(fault))
        return number


class LettersForm(Question):
    """How letters reach the person: opened on the receipt page, or on paper."""

    heading = _("How should the answer reach you?")
    lead = _(
        "From the day on which the answer reaches you, you have 30 days to ask for a review (Regulations on Petition Work, art. 35)."
    )
    letters = forms.ChoiceField(
        label=_("Letters to me"),
        choices=[
            ("receipt_page", _("on my receipt page")),
            ("paper", _("on paper")),
        ],
        widget=ExplainedRadios(
            hints={
                "receipt_page": _(
                    "I agree that a letter has reached me on the day on which I open it on my receipt page."
                ),
                "paper": _(
                    "By registered post to my address, or handed to me. I can read it on the receipt page all the same."
                ),
            }
        ),
        error_messages=CHOOSE,
    )


class CheckForm(forms.Form):
    """The last look; the one field is a trap for machines that fill in everything."""

    website = forms.CharField(required=False, max_length=400)

    @property
    def is_by_machine(self) -> bool:
        """Whether the field that people don't see was filled in."""
        return bool(self.data.get("website"))


FORMS: dict[str, type[Question]] = {
    "what": WhatForm,
    "purpose": PurposeForm,
    "accused": AccusedForm,
    "topic": TopicForm,
    "place": PlaceForm,
    "signing": SigningForm,
    "contact": ContactForm,
    "letters": LettersForm,
}


def _offer(field: forms.Field, units: list[Unit], *, nothing: str) -> None:
    """Let a field choose among units as they are today, or nothing."""
    if isinstance(field, UnitChoice):
        field.choices = [("", nothing), *_indented(units)]


def _indented(units: list[Unit]) -> list[tuple[int, str]]:
    is_english = (get_language() or "").startswith("en")
    listed = {unit.pk for unit in units}
    return [
        (
            unit.pk,
            "　" * sum(1 for above in unit.path[:-1] if above in listed)
            + (unit.name_en if is_english and unit.name_en else unit.name),
        )
        for unit in units
    ]
