"""What people type about the calendar: a term to count, and the notice that announces a year."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.calendar.announcement import NoticeProblem, read_notice
from yiwang.kernel.calendar.enums import CountUnit, RollOver
from yiwang.kernel.calendar.queries import current, names_in_english
from yiwang.kernel.calendar.rules import ExceptionalDay
from yiwang.kernel.ui.forms import DateInput

LONGEST_TERM = 3650

REASONS = {
    "no_days_off": _(
        "No day off was found. Paste the paragraphs with the holidays, each with its name and a colon."
    ),
    "day_of_another_year": _("This day belongs to another year: %(found)s. Look at the year chosen above."),
    "make_up_on_a_weekday": _(
        "%(found)s is a weekday; only a Saturday or Sunday can be a make-up working day."
    ),
    "not_an_exception": _("%(found)s is neither a day off nor a make-up working day."),
    "day_both_ways": _("Line %(line)s: %(found)s is named as a day off and as a working day."),
    "neither_off_nor_working": _("Line %(line)s names days without saying 放假 or 上班: %(found)s"),
    "make_up_as_a_span": _(
        "Line %(line)s: name each make-up working day by itself, not as a span: %(found)s"
    ),
    "day_without_month": _("Line %(line)s: the month is missing: %(found)s"),
    "no_such_day": _("Line %(line)s: there is no such day: %(found)s"),
    "span_backwards_or_too_long": _(
        "Line %(line)s: this span runs backwards or is longer than a month: %(found)s"
    ),
}


class CountForm(forms.Form):
    """A term to count: from which day, how long, in which days, and what a rest day at its end does."""

    start_on = forms.DateField(
        label=_("First day"),
        help_text=_("The day on which the matter was received. It isn't counted itself."),
        widget=DateInput,
    )
    term = forms.IntegerField(
        label=_("How many days"),
        min_value=1,
        max_value=LONGEST_TERM,
        error_messages={
            "min_value": _("A term has at least one day."),
            "max_value": _("A term of more than ten years can't be counted here."),
            "invalid": _("Write the number of days in figures."),
        },
    )
    unit = forms.ChoiceField(
        label=_("Which days are counted"),
        choices=[
            (CountUnit.CALENDAR_DAY.value, _("Every day")),
            (CountUnit.WORKING_DAY.value, _("Working days only")),
        ],
        widget=forms.RadioSelect,
    )
    roll_over = forms.ChoiceField(
        label=_("When the last day is a rest day"),
        choices=[
            (RollOver.NEXT_WORKING_DAY.value, _("It ends on the next working day (Civil Code, article 203)")),
            (RollOver.NONE.value, _("It ends on that day all the same")),
        ],
        widget=forms.RadioSelect,
    )

    def clean_start_on(self) -> date:
        """Keep to the years that the calendar knows."""
        start_on: date = self.cleaned_data["start_on"]
        years = current().years
        if not min(years) <= start_on.year <= max(years):
            raise forms.ValidationError(
                _("The calendar knows the years %(first)s to %(last)s."),
                params={"first": min(years), "last": max(years)},
            )
        return start_on


class AnnouncementForm(forms.Form):
    """The notice that announces a year's holidays, pasted as it stands."""

    source = forms.CharField(
        label=_("Document number of the notice"),
        help_text=_("As it stands on the notice, such as 国办发明电〔2025〕7号."),
        max_length=200,
    )
    notice = forms.CharField(
        label=_("Text of the notice"),
        help_text=_(
            "Paste the notice of the State Council's General Office as it stands, or write one line a holiday:"
            " 春节：2月15日至23日放假。2月14日、2月28日上班。"
        ),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    replacing = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.days: dict[date, ExceptionalDay] = {}

    def clean_notice(self) -> str:
        """Read the days out of the words, into `days`."""
        text: str = self.cleaned_data["notice"]
        try:
            self.days = read_notice(text, year=self.year, names_en=names_in_english(current()))
        except NoticeProblem as problem:
            words = REASONS[problem.reason] % {"line": problem.line, "found": problem.found}
            raise forms.ValidationError(words) from None
        if any(len(found.name_zh) > 60 or len(found.name_en) > 160 for found in self.days.values()):
            raise forms.ValidationError(gettext("The name of a holiday is too long."))
        return text
