"""What the address of a list says: which part of it somebody wants to see."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.calendar.queries import current as current_calendar
from yiwang.kernel.calendar.rules import OutsideCalendar, WorkingCalendar
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.casework.registry import declared
from yiwang.kernel.casework.rules.casetype import CaseType
from yiwang.kernel.orgs.queries import UnitTree, tree
from yiwang.kernel.ui.forms import DateInput
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tags.forms import fields

SOON_WORKING_DAYS = 3
TIMES = {"late": _("Overdue"), "soon": _("Due within 3 working days")}
SHARES = {"mine": _("Handled by me")}
KEPT = (
    "term",
    "handler",
    "state",
    "unit",
    "channel",
    "category",
    "purpose",
    "since",
    "until",
    "repeat",
    "part",
)
"""The words of an address that make a view; pages are not among them."""


def state_choices(procedures: Iterable[CaseType]) -> list[tuple[str, str]]:
    """Every state of some procedures, once."""
    labels: dict[str, str] = {}
    for case_type in procedures:
        for state in case_type.states:
            labels.setdefault(state.key, gettext(state.label))
    return list(labels.items())


def purpose_choices(procedures: Iterable[CaseType]) -> list[tuple[str, str]]:
    """Every purpose of some procedures, once."""
    labels: dict[str, str] = {}
    for case_type in procedures:
        for key, label in case_type.purposes:
            labels.setdefault(key, gettext(label))
    return list(labels.items())


class FilterForm(forms.Form):
    """The words by which a list is narrowed; each may be left out."""

    state = forms.ChoiceField(label=_("State"), required=False)
    unit = forms.TypedChoiceField(label=_("Held by"), required=False, coerce=int, empty_value=None)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False)
    category = forms.CharField(label=_("Class"), required=False, max_length=80)
    since = forms.DateField(label=_("Received from"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Received until"), required=False, widget=DateInput)
    term = forms.ChoiceField(label=_("Term"), required=False)
    repeat = forms.ChoiceField(label=_("Repeat"), required=False)

    def __init__(
        self,
        *args: Any,
        unit_ids: frozenset[int] | None,
        procedures: tuple[CaseType, ...],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        units = tree()
        every = [("", gettext("all"))]
        self._choices("state", every + state_choices(procedures))
        self._choices("channel", [*every, *Channel.choices])
        self._choices("purpose", every + purpose_choices(procedures))
        self._choices("term", [*every, *TIMES.items()])
        self._choices(
            "repeat", [*every, ("yes", gettext("repeat petitions")), ("no", gettext("first petitions"))]
        )
        if unit_ids is None:
            del self.fields["unit"]
        else:
            known = sorted((u for u in units.units.values() if u.pk in unit_ids), key=lambda u: u.path)
            self._choices("unit", every + [(str(u.pk), units.name(u.pk, language=language)) for u in known])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


@dataclass(frozen=True)
class Wanted:
    """What an address asks for, as a condition; `words` is the address in its shortest form."""

    narrowed: Q
    form: FilterForm
    words: dict[str, str]
    unit_id: int | None
    key: Hashable = None
    """All that the condition depends on."""

    @cached_property
    def fields(self) -> SafeString:
        """The fields of the form."""
        return fields(self.form)

    def address(self, **changes: str | None) -> str:
        """The address with some words changed, back on the first page."""
        words = {**self.words, **changes}
        text = urlencode({key: value for key, value in words.items() if value})
        return f"?{text}" if text else "?"

    @property
    def is_narrow(self) -> bool:
        """Whether anything was asked for at all."""
        return bool(set(self.words) - {"part"})


def wanted_from(
    query: QueryDict,
    *,
    account_id: int | None,
    on: date,
    unit_ids: frozenset[int] | None = None,
    procedures: tuple[CaseType, ...] | None = None,
) -> Wanted:
    """Read the address of a list; words that make no sense are passed over and stand in the form's errors.

    `procedures` are those whose states and purposes may be asked for; all of them when none are named.

    What was read is kept as long as nothing changes that its form shows: the same lists are asked for all day.
    """
    words = {key: value for key in KEPT if (value := query.get(key, "").strip())}
    offered = declared() if procedures is None else procedures
    types = tuple((each.key, each.version) for each in offered)
    key = (tuple(words.items()), account_id, on, unit_ids, types, get_language())
    units, calendar = tree(), current_calendar()
    kept = _read.get(key)
    if kept is not None and kept[0] is units and kept[1] is calendar:
        return kept[2]
    if len(_read) >= MOST_READ:
        _read.clear()
    wanted = _wanted(words, account_id=account_id, on=on, unit_ids=unit_ids, procedures=offered)
    _read[key] = (units, calendar, wanted)
    return wanted


MOST_READ = 500

_read: dict[Hashable, tuple[UnitTree, WorkingCalendar, Wanted]] = {}


def _wanted(
    words: dict[str, str],
    *,
    account_id: int | None,
    on: date,
    unit_ids: frozenset[int] | None,
    procedures: tuple[CaseType, ...],
) -> Wanted:
    form = FilterForm(words, unit_ids=unit_ids, procedures=procedures)
    form.is_valid()
    asked = {key: value for key, value in form.cleaned_data.items() if value not in ("", None)}
    rule = Q()
    for key, column in (("state", "state"), ("channel", "channel"), ("purpose", "purpose")):
        if key in asked:
            rule &= Q(**{column: asked[key]})
    if "category" in asked:
        rule &= Q(category=asked["category"]) | Q(category__startswith=asked["category"].rstrip("/") + "/")
    if "since" in asked:
        rule &= Q(received_on__gte=asked["since"])
    if "until" in asked:
        rule &= Q(received_on__lte=asked["until"])
    if "repeat" in asked:
        rule &= Q(is_repeat=asked["repeat"] == "yes")
    soon = _last_soon_day(on) if asked.get("term") == "soon" else None
    if "term" in asked:
        rule &= (
            Q(due_on__lt=on, ended_at=None)
            if soon is None
            else Q(due_on__gte=on, due_on__lte=soon, ended_at=None)
        )
    is_mine = words.get("handler") == "mine"
    if is_mine:
        rule &= Q(handler_id=account_id)
    whole = (tuple(sorted(asked.items())), on if "term" in asked else None, soon, is_mine and account_id)
    return Wanted(rule, form, words, asked.get("unit"), whole)


def quick_links(wanted: Wanted) -> list[Link]:
    """The filters most often wanted, as words above the list."""
    term, handler = wanted.words.get("term"), wanted.words.get("handler")
    links = [Link(_("All"), wanted.address(term=None, handler=None), is_current=not term and not handler)]
    for key, label in TIMES.items():
        links.append(Link(label, wanted.address(term=key, handler=None), is_current=term == key))
    links.append(
        Link(SHARES["mine"], wanted.address(handler="mine", term=None), is_current=handler == "mine")
    )
    return links


def _last_soon_day(on: date) -> date:
    try:
        # Free days after the third working day still count as three working days away.
        return current_calendar().add_working_days(on, SOON_WORKING_DAYS + 1) - timedelta(days=1)
    except OutsideCalendar:
        return on + timedelta(days=SOON_WORKING_DAYS)
