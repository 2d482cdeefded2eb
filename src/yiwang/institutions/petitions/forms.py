"""The questions of the public form, one a screen: each knows its heading, why it is asked, and its fields."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

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

REQUIRED = {"required": lazy("Please fill this in.")}
CHOOSE = {
    "required": lazy("Please choose one of the answers."),
    "invalid_choice": lazy("Please choose one of the answers."),
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
                _("This is too long: at most %(most)s characters, now %(now)s.")
                % {"most": self.most, "now": len(text)}
            )
        if self.required and not text:
            raise forms.ValidationError(_("Please fill this in."))
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

    heading = lazy("What happened?")
    lead = lazy(
        "Tell it as you would tell it to somebody: when, where, who, and what you ask for. Nothing is handed in yet."
    )
    title = Line(
        most=LONGEST_TITLE,
        label=lazy("In one sentence"),
        help_text=lazy(
            "For example: the water pipe at the village entrance has been leaking for half a month"
        ),
    )
    text = Lines(
        most=LONGEST_TEXT,
        label=lazy("The whole matter"),
        help_text=lazy("What happened, what you have already tried, and what you would like to be done."),
    )


class PurposeForm(Question):
    """Which of the law's three kinds of message it is."""

    heading = lazy("What do you want to achieve?")
    lead = lazy("This decides by which rules your message is handled. You can still change it later.")
    purpose = forms.ChoiceField(
        label=lazy("My message is"),
        choices=[
            ("claim", lazy("a request or a complaint")),
            ("suggestion", lazy("a suggestion or an opinion")),
            ("accusation", lazy("a report against an official or a unit")),
        ],
        widget=ExplainedRadios(
            hints={
                "claim": lazy(
                    "Something should be put right for you or those around you. You get a written answer."
                ),
                "suggestion": lazy(
                    "You have an idea how something could be done better. Nothing has to be decided for you."
                ),
                "accusation": lazy(
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

    heading = lazy("Whom is it about?")
    lead = lazy(
        "They won't be told. The law forbids passing a report, or who wrote it, to whoever it is about "
        "(Regulations on Petition Work, art. 30). What you name here can't see your message at all."
    )
    accused_unit = UnitChoice(label=lazy("Unit"))
    accused_name = Line(
        most=80,
        required=False,
        label=lazy("Name and office of the person"),
        help_text=lazy("As far as you know it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = units_to_name(on=timezone.localdate())
        self.fields["accused_unit"].choices = [("", _("I don't know, or none of these")), *_indented(units)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """At least one of the two, unless a field is already at fault."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("accused_unit") and not data.get("accused_name"):
            self.add_error(
                "accused_unit", _("Please choose a unit or write a name, so that it can be kept from them.")
            )
        return data

    def told(self) -> dict[str, Any]:
        """The unit as a list, because more than one can be complained of."""
        unit = self.cleaned_data["accused_unit"]
        return {"accused_units": [unit] if unit else [], "accused_name": self.cleaned_data["accused_name"]}


class TopicForm(Question):
    """Which content class it belongs to; typed, or looked up in three steps, or left to the office."""

    heading = lazy("What is it about?")
    lead = lazy("This helps it to reach the right unit. If you aren't sure, leave it to the petition office.")
    words = Line(
        most=80,
        required=False,
        label=lazy("Type a word"),
        help_text=lazy("For example: water pipe, wages, school"),
        widget=ComboInput(url=TOPICS_URL, value_name="category"),
    )
    category = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

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
                self.add_error("words", _("Please choose one of the classes below."))
            elif not picked:
                self.add_error(
                    "words",
                    _(
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

    heading = lazy("Where is it?")
    lead = lazy("So that somebody can go there. Leave it empty if it has no place.")
    place_unit = UnitChoice(label=lazy("Township, subdistrict or village"))
    place = Line(
        most=200,
        required=False,
        label=lazy("More exactly"),
        help_text=lazy("Street and number, or what stands nearby."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = places(on=timezone.localdate())
        self.fields["place_unit"].choices = [("", _("Somewhere else, or no place")), *_indented(units)]  # type: ignore[attr-defined]


class SigningForm(Question):
    """Under whose name; each choice says who will be able to read it."""

    heading = lazy("Do you want to give your name?")
    lead = lazy("Whatever you choose, everybody who opens your message is recorded.")
    signing = forms.ChoiceField(
        label=lazy("I write"),
        choices=[
            (Signing.SIGNED.value, lazy("with my name")),
            (Signing.CONFIDENTIAL.value, lazy("with my name, but keep it confidential")),
            (Signing.ANONYMOUS.value, lazy("without my name")),
        ],
        widget=ExplainedRadios(
            hints={
                Signing.SIGNED.value: lazy(
                    "The petition office and the unit that handles it see your name and telephone number, and can call you."
                ),
                Signing.CONFIDENTIAL.value: lazy(
                    "Only the unit that is handling it at the moment sees your name and telephone number. Everybody else sees a star."
                ),
                Signing.ANONYMOUS.value: lazy(
                    "Nobody sees who you are. Nobody can ask you or write to you; only your receipt code shows you what becomes of it."
                ),
            }
        ),
        error_messages=CHOOSE,
    )


class ContactForm(Question):
    """Who the person is and how to reach them."""

    heading = lazy("Who are you?")
    lead = lazy(
        "The law asks for name and address (Regulations on Petition Work, art. 19), so that an answer can reach you."
    )
    name = Line(most=80, label=lazy("Name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = Line(
        most=30,
        required=False,
        label=lazy("Telephone"),
        help_text=lazy("So that somebody can ask you if something is unclear."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    address = Line(
        most=200, label=lazy("Address"), widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    identity_number = Line(
        most=30,
        required=False,
        label=lazy("Identity number"),
        help_text=lazy("Not needed. It only helps to tell people of the same name apart."),
    )

    def clean_phone(self) -> str:
        """Digits with the signs that people put between them."""
        phone = str(self.cleaned_data["phone"])
        digits = [c for c in phone if c.isdigit()]
        if phone and (
            not 5 <= len(digits) <= 20 or any(not (c.isdigit() or c in "+-() （）转,x.") for c in phone)
        ):
            raise forms.ValidationError(
                _("This doesn't look like a telephone number. Write it in figures, or leave it empty.")
            )
        return phone

    def clean_identity_number(self) -> str:
        """Fifteen or eighteen figures with the right check figure, or another document of letters and figures."""
        number = plain(str(self.cleaned_data["identity_number"]))
        if number and not number.isalnum():
            raise forms.ValidationError(_("An identity number has only figures and letters."))
        is_chinese = len(number) in (15, 18) and number[:-1].isdecimal()
        if is_chinese and (fault := fault_of(number)):
            raise forms.ValidationError(_(fault))
        return number


class LettersForm(Question):
    """How letters reach the person: opened on the receipt page, or on paper."""

    heading = lazy("How should the answer reach you?")
    lead = lazy(
        "From the day on which the answer reaches you, you have 30 days to ask for a review (Regulations on Petition Work, art. 35)."
    )
    letters = forms.ChoiceField(
        label=lazy("Letters to me"),
        choices=[
            ("receipt_page", lazy("on my receipt page")),
            ("paper", lazy("on paper")),
        ],
        widget=ExplainedRadios(
            hints={
                "receipt_page": lazy(
                    "I agree that a letter has reached me on the day on which I open it on my receipt page."
                ),
                "paper": lazy(
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
