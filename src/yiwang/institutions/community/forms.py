"""The questions of the booking, and the forms of the centre's own people."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.institutions.community.casetypes.order_2026 import OUTCOMES, WAYS_TO_ASK, WAYS_TO_VERIFY
from yiwang.institutions.community.models import ItemVersion
from yiwang.institutions.community.queries import is_english, is_offered_at, localities, phone_key, serves
from yiwang.institutions.community.rules import CHINA, bookable_days, windows
from yiwang.kernel.base.text import clean_line, clean_text
from yiwang.kernel.orgs.queries import tree

REQUIRED = {"required": _("Please fill this in.")}
CHOOSE = {
    "required": _("Please choose one of the answers."),
    "invalid_choice": _("Please choose one of the answers."),
}
MOST_UNITS = 200
GRADES = (
    ("", _("not asked")),
    ("5", _("very satisfied")),
    ("4", _("satisfied")),
    ("3", _("neither")),
    ("2", _("dissatisfied")),
    ("1", _("very dissatisfied")),
)


class QuantityForm(forms.Form):
    """How many units of an item."""

    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_UNITS, initial=1, error_messages=REQUIRED)  # fmt: skip


class PlaceForm(forms.Form):
    """Where the team is to come: the community, then the door."""

    place_unit = forms.TypedChoiceField(label=_("Community or village"), coerce=int, error_messages=CHOOSE)
    address = forms.CharField(
        label=_("Address"),
        help_text=_("Street, building, entrance, floor: so that the team finds the door."),
        max_length=120,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, on: date, version: ItemVersion, **options: Any) -> None:
        super().__init__(*args, **options)
        self.version, self.on = version, on
        self.places = {unit.pk: (unit, place) for unit, place in localities(on=on)}
        language = "en" if is_english() else "zh-hans"
        names = [(str(pk), tree().name(pk, language=language)) for pk in self.places]
        self.fields["place_unit"].choices = [("", _("Please choose")), *names]  # type: ignore[attr-defined]

    def clean_place_unit(self) -> int:
        """A place where the service is offered, and where a team with the skill and the licence works."""
        unit_id: int = self.cleaned_data["place_unit"]
        if not is_offered_at(self.version, unit_id):
            raise ValidationError(not_offered_at(self.version))
        if not serves(self.version, unit_id, on=self.on):
            raise ValidationError(nobody_serves(unit_id))
        return unit_id

    def clean_address(self) -> str:
        """Tidy it."""
        return clean_line(self.cleaned_data["address"])


def not_offered_at(version: ItemVersion) -> str:
    """Where the service is offered, for somebody who asked for it elsewhere."""
    language = "en" if is_english() else "zh-hans"
    places = ", ".join(tree().name(unit_id, language=language) for unit_id in version.areas)
    return gettext("This service is offered only in: %(places)s.") % {"places": places}


def nobody_serves(unit_id: int) -> str:
    """That no team works in a place with the service, and what somebody can do instead."""
    name = tree().name(unit_id, language="en" if is_english() else "zh-hans")
    return gettext(
        "No team offers this service in %(place)s at the moment. Please ring 96519: the service centre takes "
        "the order and looks for a team. Or choose another service."
    ) % {"place": name}


class WhenForm(forms.Form):
    """The day and the hours in which somebody is at home."""

    day = forms.ChoiceField(label=_("Day"), error_messages=CHOOSE)
    begin = forms.ChoiceField(label=_("From when"), error_messages=CHOOSE)

    def __init__(
        self, *args: Any, version: ItemVersion, place_unit_id: int, at: datetime, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.version, self.place_unit_id, self.at = version, place_unit_id, at
        free = partial(windows, from_hour=version.from_hour, until_hour=version.until_hour, after=at)
        days = [day for day in bookable_days(at.astimezone(CHINA).date()) if free(day)]
        self.fields["day"].choices = [(day.isoformat(), date_format(day, "D j M" if is_english() else "n月j日 D")) for day in days]  # type: ignore[attr-defined]  # fmt: skip
        spans = free(days[-1])
        # Whoever chooses nothing gets the first time that can still be had.
        self.fields["begin"].initial = f"{free(days[0])[0][0]:%H:%M}"
        self.fields["begin"].choices = [(f"{a:%H:%M}", f"{a:%H:%M}–{_clock(b)}") for a, b in spans]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The window, when it still lies ahead and a team's licence holds on that day."""
        data = super().clean() or {}
        if "day" in data and not serves(self.version, self.place_unit_id, on=date.fromisoformat(data["day"])):
            words = gettext(
                "No team may offer this service there on that day. Please choose an earlier day, or ring 96519."
            )
            self.add_error("day", words)
        if "day" in data and "begin" in data:
            day = date.fromisoformat(data["day"])
            span = windows(
                day, from_hour=self.version.from_hour, until_hour=self.version.until_hour, after=self.at
            )
            chosen = next(((a, b) for a, b in span if f"{a:%H:%M}" == data["begin"]), None)
            if chosen is None:
                self.add_error("begin", gettext("This time is over for that day; please choose a later one."))
            else:
                data["window"] = chosen
        return data


def _clock(end: datetime) -> str:
    return "24:00" if (end.hour, end.minute) == (0, 0) else f"{end:%H:%M}"


class ContactForm(forms.Form):
    """Who is at the door, and what is wrong; a telephone is confirmed by a code where one can be sent."""

    name = forms.CharField(
        label=_("Your name"), max_length=40, error_messages=REQUIRED, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("The team rings you when it can't find the door."),
        max_length=20,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    text = forms.CharField(
        label=_("What needs to be done?"),
        help_text=_("In a few words, so that the team brings the right things."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_name(self) -> str:
        """Tidy it."""
        return clean_line(self.cleaned_data["name"])

    def clean_text(self) -> str:
        """Tidy it."""
        return clean_text(self.cleaned_data["text"])

    def clean_phone(self) -> str:
        """A number that can be rung."""
        key = phone_key(self.cleaned_data["phone"])
        if not 7 <= len(key) <= 11:
            raise ValidationError(gettext("Please give a telephone number of 7 to 11 figures."))
        return key


class CodeForm(forms.Form):
    """The code that came to the telephone."""

    code = forms.CharField(
        label=_("Code from the message"),
        max_length=8,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class CheckForm(forms.Form):
    """The last look; the second field is for machines only."""

    is_another = forms.BooleanField(label=_("It is another one than those"), required=False)
    website = forms.CharField(required=False, widget=forms.HiddenInput)


class StaffOrderForm(forms.Form):
    """What an agent fills in while the caller speaks: one screen."""

    item = forms.CharField(label=_("Service"), error_messages=REQUIRED)
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_UNITS, initial=1, error_messages=REQUIRED)  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=40, error_messages=REQUIRED)
    phone = forms.CharField(label=_("Telephone"), max_length=20, error_messages=REQUIRED)
    place_unit = forms.TypedChoiceField(label=_("Community or village"), coerce=int, error_messages=CHOOSE)
    address = forms.CharField(label=_("Address"), max_length=120, error_messages=REQUIRED)
    day = forms.ChoiceField(label=_("Day"), error_messages=CHOOSE)
    begin = forms.ChoiceField(label=_("From when"), error_messages=CHOOSE)
    text = forms.CharField(
        label=_("What needs to be done?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    how = forms.ChoiceField(label=_("How it was verified"), required=False)
    is_nevertheless = forms.BooleanField(
        label=_("Take it all the same: the dispatcher looks for a team"), required=False
    )

    def __init__(self, *args: Any, at: datetime, versions: Sequence[ItemVersion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.at, self.is_unserved = at, False
        self.versions = {version.item.code: version for version in versions}
        today = at.astimezone(CHINA).date()
        self.places = {unit.pk: place for unit, place in localities(on=today)}
        language = "en" if is_english() else "zh-hans"
        places = [
            ("", _("Please choose")),
            *((str(pk), tree().name(pk, language=language)) for pk in self.places),
        ]
        days = bookable_days(today)
        hours = [f"{hour:02}:00" for hour in range(0, 24, 2)]
        ways = [(key, gettext(label)) for key, label in WAYS_TO_VERIFY if key != "code"]
        choices: dict[str, list[tuple[str, Any]]] = {
            "place_unit": places,
            "day": [
                (day.isoformat(), date_format(day, "D j M" if is_english() else "n月j日 D")) for day in days
            ],
            "begin": [(hour, hour) for hour in hours],
            "how": [("", _("not yet")), *ways],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]

    def clean_item(self) -> ItemVersion:
        """The item whose code or name was typed."""
        typed = clean_line(self.cleaned_data["item"])
        code = typed.split(" ", 1)[0]
        version = self.versions.get(code) or next(
            (one for one in self.versions.values() if typed in (one.name, one.name_en)), None
        )
        if version is None:
            raise ValidationError(
                gettext("No service has this number or name. Please choose one of the list.")
            )
        return version

    def clean_phone(self) -> str:
        """A number that can be rung."""
        key = phone_key(self.cleaned_data["phone"])
        if not 7 <= len(key) <= 11:
            raise ValidationError(gettext("Please give a telephone number of 7 to 11 figures."))
        return key

    def clean(self) -> dict[str, Any]:
        """The window of two hours, when the service is offered then and it lies ahead."""
        data = super().clean() or {}
        version = data.get("item")
        place_id = data.get("place_unit")
        if isinstance(version, ItemVersion) and place_id and not is_offered_at(version, place_id):
            self.add_error("place_unit", not_offered_at(version))
        elif isinstance(version, ItemVersion) and place_id and "day" in data:
            self._ask_whether_nevertheless(version, place_id, on=date.fromisoformat(data["day"]))
        if isinstance(version, ItemVersion) and "day" in data and "begin" in data:
            begin = datetime.fromisoformat(f"{data['day']}T{data['begin']}").replace(tzinfo=CHINA)
            hour = begin.hour
            if not version.from_hour <= hour < version.until_hour:
                words = gettext("This service is offered from %(begin)s to %(end)s o'clock.")
                self.add_error("begin", words % {"begin": version.from_hour, "end": version.until_hour})
            elif begin + timedelta(hours=2) <= self.at:
                self.add_error("begin", gettext("This time is over for that day; please choose a later one."))
            else:
                end = begin + timedelta(hours=min(2, version.until_hour - hour))
                data["window"] = (begin, end)
        return data

    def _ask_whether_nevertheless(self, version: ItemVersion, place_id: int, *, on: date) -> None:
        """The agent is told while the caller speaks that nobody serves there, and may take the order knowingly."""
        self.is_unserved = not serves(version, place_id, on=on)
        if self.is_unserved and not self.cleaned_data.get("is_nevertheless"):
            words = gettext(
                "No team offers this service in %(place)s on that day. Tell the caller; take it all the same only if "
                "the dispatcher is to look for a team."
            )
            language = "en" if is_english() else "zh-hans"
            self.add_error("place_unit", words % {"place": tree().name(place_id, language=language)})


class CallBackForm(forms.Form):
    """What came of calling somebody back."""

    way = forms.ChoiceField(label=_("How"), choices=WAYS_TO_ASK, initial="call", widget=forms.RadioSelect, error_messages=CHOOSE)  # fmt: skip
    outcome = forms.ChoiceField(label=_("Was it done?"), widget=forms.RadioSelect, error_messages=CHOOSE)
    grade_unit = forms.ChoiceField(label=_("The team"), choices=GRADES, required=False)
    grade_office = forms.ChoiceField(label=_("The service centre"), choices=GRADES, required=False)
    comment = forms.CharField(
        label=_("In their own words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("way", WAYS_TO_ASK), ("outcome", OUTCOMES)):
            self.fields[name].choices = [(key, gettext(label)) for key, label in choices]  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """A new version of an item: what the head of the centre may change."""

    price = forms.DecimalField(label=_("Price in yuan"), min_value=0, max_digits=9, decimal_places=2)
    ceiling = forms.DecimalField(label=_("Ceiling in yuan"), min_value=0, max_digits=9, decimal_places=2)
    minutes = forms.IntegerField(label=_("Minutes for a unit"), min_value=1, max_value=1440)
    from_hour = forms.IntegerField(label=_("Offered from (hour)"), min_value=0, max_value=23)
    until_hour = forms.IntegerField(label=_("Offered until (hour)"), min_value=1, max_value=24)
    note = forms.CharField(label=_("Note for residents"), required=False, max_length=200)
    is_offered = forms.BooleanField(label=_("Offered from now on"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """A ceiling isn't below the price, and the day ends after it begins."""
        data = super().clean() or {}
        if (
            data.get("ceiling") is not None
            and data.get("price") is not None
            and data["ceiling"] < data["price"]
        ):
            self.add_error("ceiling", gettext("The ceiling is below the price."))
        if data.get("until_hour") is not None and data.get("from_hour") is not None and data["until_hour"] <= data["from_hour"]:  # fmt: skip
            self.add_error("until_hour", gettext("This isn't after the first hour."))
        return data

    def changes(self) -> dict[str, Any]:
        """The values of the new version."""
        data = self.cleaned_data
        return {
            "price_fen": int(data["price"] * 100),
            "ceiling_fen": int(data["ceiling"] * 100),
            **{key: data[key] for key in ("minutes", "from_hour", "until_hour", "note")},
        }
