"""The form of an announcement: the words, for whom, from when until when, and whether it must be read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.notices.models import Announcement, AnnouncementVersion
from yiwang.kernel.notices.rules import AudienceKind, audience_key, parts_of
from yiwang.kernel.orgs.queries import tree, unit_name
from yiwang.kernel.people.enums import Role
from yiwang.kernel.ui.forms import DateInput, DateTimeInput, ExplainedRadios, FilesField, FilesInput

EVERYBODY, UNITS, ROLES, NOBODY = "everybody", "units", "roles", "nobody"
INSIDE = (
    (EVERYBODY, _("Everybody on the staff")),
    (UNITS, _("Certain units")),
    (ROLES, _("Certain roles")),
    (NOBODY, _("Only the public")),
)
HINTS = {
    EVERYBODY: _("Whoever joins later sees what still holds."),
    UNITS: _("Tick the units below; with or without those that belong to them."),
    ROLES: _("Tick the roles below, at whatever unit."),
    NOBODY: _("It stands on the public page; the staff finds it there too."),
}
MOST_DAYS = 20
LONGEST_AHEAD = timedelta(days=366)


class WordsForm(forms.Form):
    """Title and text, and the files: what a correction may change."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("An empty line begins a new paragraph."),
    )
    attachments = FilesField(label=_("Attachments"), required=False, widget=FilesInput)


class CorrectionForm(WordsForm):
    """A new version: what is different, and whether everybody has to read it again."""

    change = forms.CharField(
        label=_("What is different"),
        max_length=200,
        help_text=_("One sentence; it stands below the new words."),
    )
    asks_again = forms.BooleanField(label=_("Whoever has read it must read it again"), required=False)


class AnnouncementForm(WordsForm):
    """Everything about an announcement that isn't published yet."""

    unit = forms.TypedChoiceField(label=_("In the name of"), coerce=int)
    inside = forms.ChoiceField(
        label=_("For whom"), choices=INSIDE, widget=ExplainedRadios(hints=HINTS), initial=EVERYBODY
    )
    units = forms.TypedMultipleChoiceField(
        label=_("Units"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    with_below = forms.BooleanField(label=_("With the units that belong to them"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    is_public = forms.BooleanField(
        label=_("For the public too"),
        required=False,
        help_text=_("It can be read on the portal without an account."),
    )
    is_on_screen = forms.BooleanField(
        label=_("On the screen in the lobby"),
        required=False,
        help_text=_("Only what is public; the screen turns the pages by itself."),
    )
    must_read = forms.BooleanField(
        label=_("Must be read and noted"), required=False, help_text=_("You see who has not read it yet.")
    )
    within = forms.IntegerField(
        label=_("Within so many working days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        initial=3,
        help_text=_(
            "A day before the last one and on it there is a reminder; afterwards the head of the unit is told."
        ),
    )
    publish_from_at = forms.DateTimeField(
        label=_("Not before"),
        required=False,
        widget=DateTimeInput(),
        help_text=_("Without a time it is published as soon as it is approved."),
    )
    until_on = forms.DateField(
        label=_("Holds until"),
        required=False,
        widget=DateInput(),
        help_text=_("This day included. Without a day it holds until it is withdrawn."),
    )
    field_order = (
        "unit", "title", "text", "attachments", "inside", "units", "with_below", "roles", "is_public", "is_on_screen",
        "must_read", "within", "publish_from_at", "until_on",
    )  # fmt: skip

    def __init__(self, *args: Any, own_units: frozenset[int], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, today = at, timezone.localdate(at)
        valid = tree().valid(on=today)
        self.fields["units"].choices = [(unit.pk, unit_name(unit)) for unit in valid]  # type: ignore[attr-defined]
        own = [(unit.pk, unit_name(unit)) for unit in valid if unit.pk in own_units]
        self.fields["unit"].choices = own  # type: ignore[attr-defined]
        if len(own) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = own[0][0]

    def clean(self) -> dict[str, Any]:
        """What belongs together: units where units are meant, a last day after the first, a screen for the public."""
        data = super().clean() or {}
        if data.get("inside") == UNITS and not data.get("units"):
            self.add_error("units", gettext("Please tick at least one unit."))
        if data.get("inside") == ROLES and not data.get("roles"):
            self.add_error("roles", gettext("Please tick at least one role."))
        if data.get("inside") == NOBODY and not data.get("is_public"):
            self.add_error("is_public", gettext("Then it must be for the public."))
        if data.get("is_on_screen") and not data.get("is_public"):
            self.add_error(
                "is_on_screen", gettext("Everybody can read the screen; tick “For the public too” first.")
            )
        if data.get("must_read") and not data.get("within"):
            self.add_error("within", gettext("Please say how many working days there are for reading."))
        if data.get("must_read") and data.get("inside") == NOBODY:
            self.add_error("must_read", gettext("The public can't be asked to note it."))
        self._check_days(data)
        return data

    def _check_days(self, data: Mapping[str, Any]) -> None:
        first, last = data.get("publish_from_at"), data.get("until_on")
        begins_on = timezone.localdate(max(first, self.at) if first else self.at)
        if first and first > self.at + LONGEST_AHEAD:
            self.add_error("publish_from_at", gettext("At most a year ahead, please."))
        if last and last < begins_on:
            self.add_error("until_on", gettext("The last day lies before the first."))

    def audience(self) -> list[str]:
        """The keys of the chosen audience."""
        data = self.cleaned_data
        keys = []
        if data["inside"] == EVERYBODY:
            keys = [audience_key(AudienceKind.EVERYBODY)]
        elif data["inside"] == UNITS:
            kind = AudienceKind.BELOW if data["with_below"] else AudienceKind.UNIT
            keys = [audience_key(kind, unit_id) for unit_id in data["units"]]
        elif data["inside"] == ROLES:
            keys = [audience_key(AudienceKind.ROLE, role) for role in data["roles"]]
        return [*keys, *([audience_key(AudienceKind.PUBLIC)] if data["is_public"] else [])]


def initial_of(announcement: Announcement, version: AnnouncementVersion) -> dict[str, Any]:
    """What the form of a draft begins with."""
    parts = parts_of(announcement.audience)
    kinds = {kind for kind, _which in parts}
    inside = NOBODY
    for kind, word in ((AudienceKind.ROLE, ROLES), (AudienceKind.UNIT, UNITS), (AudienceKind.BELOW, UNITS),
                       (AudienceKind.EVERYBODY, EVERYBODY)):  # fmt: skip
        if kind in kinds:
            inside = word
    return {
        "unit": announcement.unit_id,
        "title": version.title,
        "text": version.text,
        "inside": inside,
        "units": [int(which) for kind, which in parts if kind in (AudienceKind.UNIT, AudienceKind.BELOW)],
        "with_below": AudienceKind.BELOW in kinds,
        "roles": [which for kind, which in parts if kind is AudienceKind.ROLE],
        "is_public": AudienceKind.PUBLIC in kinds,
        "is_on_screen": announcement.is_on_screen,
        "must_read": announcement.must_read_within is not None,
        "within": announcement.must_read_within or 3,
        "publish_from_at": announcement.publish_from_at and timezone.localtime(announcement.publish_from_at),
        "until_on": announcement.until_on,
        "change": version.change,
        "asks_again": version.asks_again,
    }


def audience_words(keys: list[str]) -> str:
    """An audience as people say it."""
    units = tree()
    words = []
    for kind, which in parts_of(keys):
        unit = units.units.get(int(which)) if kind in (AudienceKind.UNIT, AudienceKind.BELOW) else None
        if kind is AudienceKind.EVERYBODY:
            words.append(gettext("everybody on the staff"))
        elif kind is AudienceKind.PUBLIC:
            words.append(gettext("the public"))
        elif kind is AudienceKind.ROLE:
            words.append(gettext(str(Role(which).label)))
        elif unit is not None:
            name = unit_name(unit)
            words.append(
                gettext("%(unit)s and below") % {"unit": name} if kind is AudienceKind.BELOW else name
            )
    return gettext(", ").join(words)


def days_words(number: int) -> str:
    """A number of working days."""
    return ngettext("%(n)s working day", "%(n)s working days", number) % {"n": number}
