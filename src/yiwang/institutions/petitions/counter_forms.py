"""The one form of the counter: everything about a petition, in the order in which people tell it."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yiwang.institutions.petitions import identity
from yiwang.institutions.petitions.actions import accounts_named
from yiwang.institutions.petitions.forms import (
    CHOOSE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    REQUIRED,
    TOPICS_URL,
    Line,
    Lines,
)
from yiwang.institutions.petitions.queries import category_of, classes_like
from yiwang.institutions.petitions.registration import SOURCE, is_about_own
from yiwang.institutions.petitions.rules import Signing
from yiwang.institutions.petitions.telling import Named, people_in
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.casework.actions import FileData, Matter, PartyData
from yiwang.kernel.casework.choices import unit_named
from yiwang.kernel.casework.enums import Channel, PartyRole
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.forms import ComboInput, DateInput, FilesField

CHANNELS = (
    (Channel.COUNTER, gettext_lazy("In person"), "c"),
    (Channel.PHONE, gettext_lazy("By telephone"), "p"),
    (Channel.LETTER, gettext_lazy("By letter"), "l"),
)
SIGNINGS = (
    (Signing.SIGNED.value, gettext_lazy("with the name")),
    (Signing.CONFIDENTIAL.value, gettext_lazy("with the name, to be kept confidential")),
    (Signing.ANONYMOUS.value, gettext_lazy("without a name")),
)
PURPOSES = (
    ("claim", gettext_lazy("Request or complaint")),
    ("suggestion", gettext_lazy("Suggestion")),
    ("accusation", gettext_lazy("Report against an official or unit")),
)
PLACES = frozenset({UnitKind.TOWNSHIP, UnitKind.VILLAGE})
NAMELESS = gettext_lazy(
    "Please ask for the name; who doesn't want to give it is entered as “without a name”."
)
MOST_REPRESENTATIVES = 5
"""Of people who come in person about one matter (信访工作条例 20¶3)."""
MOST_PEOPLE = 500
LONGEST_DELAY = timedelta(days=366)
"""How long a letter can lie before it is more likely that the year was mistyped."""


class KeyedRadios(forms.RadioSelect):
    """Options that a single letter chooses while one of them has the focus; `keys` goes by value."""

    def __init__(self, *, keys: Mapping[str, str]) -> None:
        super().__init__()
        self.keys = keys

    def create_option(
        self, name: str, value: Any, label: Any, selected: Any, *args: Any, **options: Any
    ) -> dict[str, Any]:
        """One option with its key beside the words; the page begins at the chosen one."""
        option = super().create_option(name, value, label, selected, *args, **options)
        key = self.keys.get(str(value))
        if key:
            option["attrs"] |= {"data-key": key, "data-action": str(label), "autofocus": bool(selected)}
            option["attrs"] |= {"accesskey": "1"} if selected else {}
            option["label"] = format_html("{} <kbd>{}</kbd>", label, key)
        return option


class Declared(dict[str, forms.Field]):
    """Declared fields that every form of a class uses as they stand, except those it changes for itself.

    Django copies all of them, with all their messages, for each form; twenty fields cost more than reading them.
    """

    def __init__(self, fields: Mapping[str, forms.Field], *, own: Iterable[str]) -> None:
        super().__init__(fields)
        self.own = frozenset(own)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: deepcopy(field, memo) if name in self.own else field for name, field in self.items()}


class CounterForm(forms.Form):
    """A petition told at the counter, on the telephone or in a letter."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How it comes"),
        choices=[(key.value, label) for key, label, _key in CHANNELS],
        widget=KeyedRadios(keys={channel.value: key for channel, _label, key in CHANNELS}),
        error_messages=CHOOSE,
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"),
        widget=DateInput,
        error_messages={**REQUIRED, "invalid": gettext_lazy("Please give a day as year-month-day.")},
    )
    name = Line(most=80, label=pgettext_lazy("of a person", "Name"), error_messages={"required": NAMELESS})
    phone = Line(most=30, required=False, label=gettext_lazy("Telephone"))
    identity_number = Line(most=30, required=False, label=gettext_lazy("Identity number"))
    address = Line(most=200, required=False, label=gettext_lazy("Address"))
    signing = forms.ChoiceField(
        label=gettext_lazy("Brought"), choices=SIGNINGS, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    agent_name = Line(most=80, required=False, label=gettext_lazy("Agent"))
    agent_phone = Line(most=30, required=False, label=gettext_lazy("Telephone of the agent"))
    number_of_people = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000,
        label=gettext_lazy("How many people"),
        error_messages={
            "invalid": gettext_lazy("Please give a whole number."),
            "min_value": gettext_lazy("At least 1."),
            "max_value": gettext_lazy("At most 100000."),
        },
    )
    representatives = Lines(
        most=1000,
        rows=3,
        required=False,
        label=gettext_lazy("Representatives"),
        help_text=gettext_lazy(
            "One a line: name, telephone, identity number. Visitors choose at most five (art. 20)."
        ),
    )
    others = Lines(
        most=20_000,
        rows=3,
        required=False,
        label=gettext_lazy("The others"),
        help_text=gettext_lazy("One a line: name, telephone, identity number."),
    )
    title = Line(most=LONGEST_TITLE, label=gettext_lazy("In one sentence"))
    text = Lines(
        most=LONGEST_TEXT,
        rows=7,
        label=gettext_lazy("The whole matter"),
        help_text=gettext_lazy(
            "What is told is written down faithfully: request, facts and reasons (art. 19)."
        ),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"), choices=PURPOSES, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    accused_words = Line(
        most=80,
        required=False,
        label=gettext_lazy("Unit complained of"),
        widget=ComboInput(url=reverse_lazy("casework:suggest_units"), value_name="accused_unit"),  # type: ignore[arg-type]
    )
    accused_name = Line(most=80, required=False, label=gettext_lazy("Person complained of"))
    category_words = Line(
        most=90,
        required=False,
        label=gettext_lazy("Class"),
        widget=ComboInput(url=TOPICS_URL, value_name="category"),
    )
    place_words = Line(
        most=80,
        required=False,
        label=gettext_lazy("Township or village"),
        widget=ComboInput(url=reverse_lazy("petitions:counter_places"), value_name="place_unit"),  # type: ignore[arg-type]
    )
    place = Line(most=200, required=False, label=gettext_lazy("More exactly"))
    scans = FilesField(
        required=False,
        label=gettext_lazy("Scans and files"),
        error_messages={"empty": gettext_lazy("This file is empty.")},
    )

    def __init__(self, *args: Any, standing: Standing, today: date, **options: Any) -> None:
        options.setdefault("auto_id", "counter-%s")
        super().__init__(*args, **options)
        self.standing = standing
        self.today = today
        self.fields["received_on"].widget.attrs["max"] = today.isoformat()
        self.fields["name"].required = self.data.get("signing") != Signing.ANONYMOUS

    # ------------------------------------------------------------------ each field by itself

    def clean_received_on(self) -> date:
        """Today or before: nothing is received in the future."""
        day: date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        if day < self.today - LONGEST_DELAY:
            raise forms.ValidationError(_("This is more than a year ago. Please look at the year again."))
        return day

    def clean_phone(self) -> str:
        """Figures with the signs that people put between them."""
        return _phone(self.cleaned_data["phone"])

    def clean_agent_phone(self) -> str:
        """Figures with the signs that people put between them."""
        return _phone(self.cleaned_data["agent_phone"])

    def clean_identity_number(self) -> str:
        """A number that can be right, without blanks."""
        return _identity(self.cleaned_data["identity_number"])

    def clean_representatives(self) -> list[Named]:
        """Each with a name; identity numbers that can be right."""
        return _named(self.cleaned_data["representatives"], most=50)

    def clean_others(self) -> list[Named]:
        """Each with a name; identity numbers that can be right."""
        return _named(self.cleaned_data["others"], most=MOST_PEOPLE)

    # ------------------------------------------------------------------ what belongs together

    def clean(self) -> dict[str, Any]:
        """Settle what was typed into the as-you-type fields, and what one answer asks of another."""
        data = super().clean() or self.cleaned_data
        self._check_who(data)
        self._check_several(data)
        data["category"] = self._category(data.get("category_words", ""))
        data["place_unit"] = self._unit("place", data.get("place_words", ""))
        data["accused_unit"] = self._unit("accused", data.get("accused_words", ""))
        self._check_accused(data)
        return data

    def _check_who(self, data: Mapping[str, Any]) -> None:
        if data.get("signing") == Signing.ANONYMOUS or "name" in self.errors:
            return
        if not (data.get("phone") or data.get("address") or {"phone", "address"} & self.errors.keys()):
            self.add_error(
                "phone", _("Please enter a telephone number or an address, so that an answer can arrive.")
            )

    def _check_several(self, data: Mapping[str, Any]) -> None:
        chosen, others = data.get("representatives") or [], data.get("others") or []
        if data.get("channel") == Channel.COUNTER and len(chosen) > MOST_REPRESENTATIVES:
            self.add_error(
                "representatives",
                _(
                    "Several visitors with one matter choose at most five representatives; here are %(now)s "
                    "(Regulations on Petition Work, art. 20). Enter the rest under “The others”."
                )
                % {"now": len(chosen)},
            )
        named = len(
            {one.name for one in (*chosen, *others)} | ({data["name"]} if data.get("name") else set())
        )
        number = data.get("number_of_people")
        if number is not None and number < named:
            self.add_error(
                "number_of_people", _("Here are the names of %(named)s people already.") % {"named": named}
            )

    def _category(self, words: str) -> str:
        if not words:
            return ""
        picked = category_of(clean_line(str(self.data.get("category") or ""))[:80])
        if picked and picked.replace("/", " / ") == words:
            return picked
        found = [category_of(words)] if category_of(words) else [one.path for one in classes_like(words)]
        if len(found) == 1:
            return str(found[0])
        sentence = (
            _("Several classes fit: %(some)s. Please choose one of them, or leave it empty.")
            % {"some": _(", ").join(found[:4])}
            if found
            else _("No class fits this. Try another word, or leave it empty.")
        )
        self.add_error("category_words", sentence)
        return ""

    def _unit(self, what: str, words: str) -> int | None:
        """The unit meant by the words; for a place only a township or village."""
        if not words:
            return None
        chosen = str(self.data.get(f"{what}_unit") or "")
        unit_id = unit_named(words, chosen=int(chosen) if chosen.isdecimal() and len(chosen) < 18 else None)
        if unit_id is not None and what == "place" and tree().get(unit_id).kind not in PLACES:
            unit_id = None
        if unit_id is None:
            self.add_error(
                f"{what}_words", _("There is none of this name, or several. Please choose one from the list.")
            )
        return unit_id

    def _check_accused(self, data: Mapping[str, Any]) -> None:
        if data.get("purpose") != "accusation" or "accused_words" in self.errors:
            return
        unit_id = data.get("accused_unit")
        if unit_id is None and not data.get("accused_name"):
            self.add_error(
                "accused_words", _("Please choose a unit or write a name, so that it can be kept from them.")
            )
        elif unit_id is not None and is_about_own(self.standing, [unit_id]):
            self.add_error(
                "accused_words",
                _(
                    "A report about your own unit must not pass through your hands (Regulations on Petition "
                    "Work, art. 30). Please show the person the supervision mailbox."
                ),
            )
        elif self.standing.account_ids.intersection(accounts_named(data.get("accused_name", ""))):
            self.add_error(
                "accused_name",
                _(
                    "A report about yourself must not pass through your hands (Regulations on Petition Work, "
                    "art. 30). Please show the person the supervision mailbox."
                ),
            )

    # ------------------------------------------------------------------ what comes of it

    def matter(
        self, *, root_unit_id: int, key: str, at: datetime, files: Iterable[FileData], aside: Iterable[int]
    ) -> Matter:
        """The petition as it is registered; `aside` are earlier ones that the registrar found not to be the same."""
        told = self.cleaned_data
        is_accusation = told["purpose"] == "accusation"
        facts: dict[str, Any] = {"signing": told["signing"]}
        people = told["number_of_people"] or max(1, len(self._parties()) - bool(told["agent_name"]))
        if people > 1:
            facts["number_of_people"] = people
        if not_repeat_of := sorted(set(aside)):
            facts["not_repeat_of"] = not_repeat_of
        accused = (
            [PartyData(role=PartyRole.ACCUSED, name=told["accused_name"])] if told["accused_name"] else []
        )
        return Matter(
            type_key="petition",
            root_unit_id=root_unit_id,
            title=told["title"],
            text=told["text"],
            channel=told["channel"],
            received_at=_moment_of(told["received_on"], today=self.today, now=at),
            purpose=told["purpose"],
            category=told["category"],
            place_unit_id=told["place_unit"],
            place=told["place"],
            parties=[*self._parties(), *(accused if is_accusation else [])],
            files=list(files),
            facts=facts,
            accused_unit_ids=[told["accused_unit"]] if is_accusation and told["accused_unit"] else [],
            accused_account_ids=accounts_named(told["accused_name"]) if is_accusation else [],
            source=SOURCE,
            source_key=key,
        )

    def _parties(self) -> list[PartyData]:
        told = self.cleaned_data
        if told["signing"] == Signing.ANONYMOUS:
            return [PartyData(is_anonymous=True)]
        found = [
            PartyData(
                name=told["name"],
                phone=told["phone"],
                identity_number=told["identity_number"],
                address=told["address"],
            )
        ]
        for role, listed in (
            (PartyRole.REPRESENTATIVE, told["representatives"]),
            (PartyRole.PETITIONER, told["others"]),
        ):
            found += [
                PartyData(role=role, name=one.name, phone=one.phone, identity_number=one.identity_number)
                for one in listed
                if one.name != told["name"]
            ]
        if told["agent_name"]:
            found.append(PartyData(role=PartyRole.AGENT, name=told["agent_name"], phone=told["agent_phone"]))
        return found


CounterForm.base_fields = Declared(CounterForm.base_fields, own=("name", "received_on"))


def _phone(phone: str) -> str:
    figures = [c for c in phone if c.isdigit()]
    is_odd = any(not (c.isdigit() or c in "+-() （）转,x.") for c in phone)
    if phone and (is_odd or not 5 <= len(figures) <= 20):
        raise forms.ValidationError(
            _("This doesn't look like a telephone number. Write it in figures, or leave it empty.")
        )
    return phone


def _identity(typed: str) -> str:
    number = identity.plain(typed)
    fault = identity.fault_of(number) if number else ""
    if fault:
        raise forms.ValidationError(_(fault) % {"now": len(number)})
    return number


def _named(text: str, *, most: int) -> list[Named]:
    found = people_in(text)
    if len(found) > most:
        raise forms.ValidationError(
            _("At most %(most)s people; here are %(now)s.") % {"most": most, "now": len(found)}
        )
    for place, one in enumerate(found, start=1):
        if not one.name:
            raise forms.ValidationError(_("Line %(line)s has no name.") % {"line": place})
        if len(one.name) > 80:
            raise forms.ValidationError(_("The name in line %(line)s is too long.") % {"line": place})
        if one.identity_number and (fault := identity.fault_of(one.identity_number)):
            why = _(fault) % {"now": len(one.identity_number)}
            raise forms.ValidationError(_("%(name)s: %(why)s") % {"name": one.name, "why": why})
    return found


def _moment_of(day: date, *, today: date, now: datetime) -> datetime:
    """The instant of receipt: now, or noon of an earlier day whose hour nobody knows."""
    if day == today:
        return now
    return timezone.make_aware(datetime.combine(day, time(12)))
