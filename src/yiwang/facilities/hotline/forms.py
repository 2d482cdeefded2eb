"""What agents and their heads type."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.hotline.enums import CallBackOutcome, ListenMode, ListenPurpose
from yiwang.facilities.hotline.models import Article
from yiwang.facilities.hotline.rules import USUAL_PRIORITY, clean_number
from yiwang.kernel.ui.forms import DateInput, DateTimeInput

LONGEST_BLOCK_DAYS = 90
_EXTENSION = re.compile(r"(?:(?:PJSIP|SIP)/)?[A-Za-z0-9._+-]+|sip:[A-Za-z0-9._+-]+@[A-Za-z0-9.:-]+")


class NumberField(forms.CharField):
    """A telephone number, kept as digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        """The digits; refuses what has none."""
        cleaned = clean_number(super().clean(value))
        if self.required and not cleaned:
            raise forms.ValidationError(gettext("Write a telephone number in figures."))
        return cleaned


class WordsField(forms.CharField):
    """Some words with commas between, Chinese or not."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        """The words between the commas."""
        words = super().clean(value).replace("\uff0c", ",").replace("\u3001", ",").split(",")
        return [word.strip()[:30] for word in words if word.strip()]


class AnswerForm(forms.Form):
    """An answer on the spot."""

    article = forms.IntegerField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What was answered"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_article(self) -> int | None:
        """An article that exists, or none."""
        chosen: int | None = self.cleaned_data["article"]
        if chosen is not None and not Article.objects.filter(pk=chosen).exists():
            return None
        return chosen


class PromiseForm(forms.Form):
    """A call-back that was promised."""

    number = NumberField(label=_("Telephone number"))
    due_at = forms.DateTimeField(label=_("Until when"), widget=DateTimeInput)
    words = forms.CharField(label=_("About what"), max_length=200)

    def clean_due_at(self) -> Any:
        """Refuse an instant that is over."""
        due = self.cleaned_data["due_at"]
        if due <= timezone.now():
            raise forms.ValidationError(gettext("This moment is over; choose a later one."))
        return due


class ListenForm(forms.Form):
    """Why somebody listens."""

    purpose = forms.ChoiceField(label=_("What for"), choices=ListenPurpose)


class ListenInForm(ListenForm):
    """Why a supervisor listens in, and who hears them."""

    mode = forms.ChoiceField(choices=ListenMode)


class CallBackForm(forms.Form):
    """What came of calling somebody back."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            (choice.value, choice.label)
            for choice in CallBackOutcome
            if choice != CallBackOutcome.CALLED_AGAIN
        ],
    )
    note = forms.CharField(
        label=_("Note"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class BlockForm(forms.Form):
    """A number whose calls are refused for some days, and why."""

    number = NumberField(label=_("Telephone number"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("What happened, and how often. The caller may ask for it."),
    )
    days = forms.IntegerField(
        label=_("For how many days"), min_value=1, max_value=LONGEST_BLOCK_DAYS, initial=7
    )

    def span(self) -> timedelta:
        """How long."""
        return timedelta(days=self.cleaned_data["days"])


class ArticleForm(forms.Form):
    """An article of the knowledge base."""

    title = forms.CharField(label=_("Question or subject"), max_length=120)
    section = forms.CharField(label=_("Subject area"), max_length=60, required=False)
    text = forms.CharField(
        label=_("What to answer"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10})
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, required=False, help_text=_("Document, article, who confirmed it.")
    )
    review_on = forms.DateField(label=_("To be checked again on"), widget=DateInput)


class StaffingForm(forms.Form):
    """What a plan of agents is made from."""

    calls = forms.IntegerField(
        label=_("Calls a day"),
        min_value=1,
        max_value=200_000,
        required=False,
        help_text=_("Left empty, the calls of the last four weeks are taken."),
    )
    talk = forms.IntegerField(label=_("Talk, seconds"), min_value=10, max_value=3600, initial=150)
    after = forms.IntegerField(label=_("After-call work, seconds"), min_value=0, max_value=3600, initial=60)
    within = forms.IntegerField(label=_("Answered within, seconds"), min_value=1, max_value=600, initial=15)
    target = forms.IntegerField(label=_("Share of calls, %"), min_value=50, max_value=99, initial=95)


class AgentForm(forms.Form):
    """How an agent works."""

    extension = forms.CharField(
        label=_("Extension or SIP address"),
        max_length=60,
        required=False,
        help_text=_(
            "The agent's telephone at the Asterisk, such as 8001 or PJSIP/8001; empty for the browser."
        ),
    )
    skills = WordsField(
        label=_("Skills"),
        help_text=_(
            "Subjects the agent knows, with commas between, such as plumbing or care for the elderly."
        ),
    )
    languages = WordsField(
        label=_("Languages and dialects"),
        help_text=_("With commas between; a line may ask for them."),
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        coerce=int,
        initial=USUAL_PRIORITY,
        choices=[(1, _("1, rung first")), *((n, str(n)) for n in range(2, 9)), (9, _("9, rung last"))],
        help_text=_("Of agents who can do the same, the lower figure is rung first; then the longest idle."),
    )
    is_auto_answer = forms.BooleanField(
        label=_("Put calls through without a click, after a tone"), required=False
    )

    def clean_extension(self) -> str:
        """Refuse what no telephone system would take."""
        told: str = self.cleaned_data["extension"].strip()
        if told and not _EXTENSION.fullmatch(told):
            raise forms.ValidationError(
                gettext("Write figures such as 8001, or an address such as PJSIP/8001 or sip:8001@10.0.0.1.")
            )
        return told


class LineForm(forms.Form):
    """A number that people dial, and who answers it."""

    number = NumberField(label=_("Telephone number"))
    name = forms.CharField(label=_("Name of the hotline"), max_length=60)
    unit = forms.TypedChoiceField(label=_("Answered by"), coerce=int)
    skills = WordsField(
        label=_("Wanted skills"),
        help_text=_("Dialects or subjects, with commas between; agents who have them are rung first."),
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
