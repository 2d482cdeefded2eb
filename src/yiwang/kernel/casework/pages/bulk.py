"""Several matters at once: handing them to one unit, each through the one door with its own outcome; watching."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework import watching
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.choices import unit_named
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.forms import NO_SUCH_NAME, said
from yiwang.kernel.casework.lists import PAGE_SIZE, Row, rows_of
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.casework.rules.casetype import Custody, FieldKind, StepDef
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.ui.forms import ComboInput, DateInput
from yiwang.kernel.ui.messages import say

REPEATED_FIELDS = ("due_on", "note")
"""Fields beside the unit that are asked for once for all of them."""


@dataclass(frozen=True)
class Outcome:
    """What became of one of the chosen matters; `fault` is empty when it was handed over."""

    number: str
    title: str
    url: str
    fault: str = ""


class HandOverForm(forms.Form):
    """To which unit, by which of the procedure's steps, with which note."""

    verb = forms.ChoiceField(label=gettext_lazy("How"), widget=forms.RadioSelect)
    unit_id = forms.CharField(label=gettext_lazy("To which unit"))
    due_on = forms.DateField(label=gettext_lazy("Feedback by"), required=False, widget=DateInput)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, steps: Sequence[StepDef], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verb = self.fields["verb"]
        assert isinstance(verb, forms.ChoiceField)
        verb.choices = [(step.verb, _(step.label)) for step in steps]
        verb.initial = steps[0].verb if steps else ""
        self.fields["unit_id"].widget = ComboInput(
            url=reverse("casework:suggest_units"), value_name="unit_id_key"
        )
        self.fields["unit_id"].widget.is_required = True
        if not any(need.key == "due_on" for step in steps for need in step.needs):
            del self.fields["due_on"]
        else:
            self.fields["due_on"].help_text = _("Only for an assignment with feedback.")

    def clean_unit_id(self) -> int:
        """The unit that was meant."""
        key = str(self.data.get("unit_id_key", ""))
        chosen = int(key) if key.isdecimal() and len(key) < 19 else None
        found = unit_named(self.cleaned_data["unit_id"], chosen=chosen)
        if found is None:
            raise forms.ValidationError(NO_SUCH_NAME)
        return found


@page("casework:bulk", roles=CASE_ROLES, budget=10)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """What somebody wants to do with the rows they chose."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    ids = [int(text) for text in request.POST.getlist("row") if text.isdecimal() and len(text) < 19]
    rows = rows_of(ids[:PAGE_SIZE], standing)
    if not rows:
        say(request, _("Choose at least one matter first."), kind="soon")
        return HttpResponseRedirect(_back(request), status=303)
    action = request.POST.get("action", "")
    if action in ("watch", "unwatch"):
        return _watch(request, rows, is_on=action == "watch")
    return _hand_over(request, rows)


def _watch(request: HttpRequest, rows: Sequence[Row], *, is_on: bool) -> HttpResponse:
    account_id = request.standing.account_id  # type: ignore[attr-defined]
    ids = [row.id for row in rows]
    if is_on:
        watching.watch(ids, account_id=account_id, at=timezone.now())
        words = ngettext("You watch %(n)s matter more.", "You watch %(n)s matters more.", len(ids))
    else:
        watching.unwatch(ids, account_id=account_id)
        words = ngettext("You no longer watch %(n)s matter.", "You no longer watch %(n)s matters.", len(ids))
    say(request, words % {"n": len(ids)})
    return HttpResponseRedirect(_back(request), status=303)


def _hand_over(request: HttpRequest, rows: Sequence[Row]) -> HttpResponse:
    steps = _ways(rows)
    context: dict[str, Any] = {
        "rows": rows,
        "back": _back(request),
        "request_key": request.POST.get("request_key", "")[:20] or secrets.token_hex(10),
    }
    if request.POST.get("action") != "hand_over_now":
        form = HandOverForm(steps=steps)
        return render(request, "casework/bulk.html", {**context, "form": form})
    form = HandOverForm(request.POST, steps=steps)
    if not form.is_valid():
        return render(request, "casework/bulk.html", {**context, "form": form}, status=422)
    outcomes = [
        _handed(request, row, form.cleaned_data, key=f"{context['request_key']}:{row.id}") for row in rows
    ]
    failed = [outcome for outcome in outcomes if outcome.fault]
    done = [outcome for outcome in outcomes if not outcome.fault]
    return render(request, "casework/bulk_report.html", {**context, "failed": failed, "done": done})


def _ways(rows: Sequence[Row]) -> list[StepDef]:
    """The steps of the procedures at hand that hand a case on."""
    found: dict[str, StepDef] = {}
    for key, version in dict.fromkeys((row.type_key, row.type_version) for row in rows):
        for step in case_type_of(key, version).steps:
            if step.custody is Custody.HAND_ON and any(n.kind is FieldKind.UNIT for n in step.needs):
                found.setdefault(step.verb, step)
    return list(found.values())


def _handed(request: HttpRequest, row: Row, entered: dict[str, Any], *, key: str) -> Outcome:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    data = {name: entered.get(name) for name in REPEATED_FIELDS} | {"unit_id": entered["unit_id"]}
    fault = ""
    try:
        take(
            row.id,
            entered["verb"],
            by=standing,
            at=timezone.now(),
            data=data,
            request_key=key[:40],
        )
    except BadData as bad:
        fault = " ".join(said(one) for one in bad.faults.values())
    except GuardFailed as forbidden:
        fault = said(forbidden.fault)
    except (NotPermitted, NotAllowedNow):
        fault = _("It isn't in your hands, or has already gone further.")
    except Case.DoesNotExist:
        fault = _("There is no such matter, or it isn't yours to see.")
    return Outcome(row.number, row.title, reverse("casework:case", args=[row.id]), fault)


def _back(request: HttpRequest) -> str:
    """The list somebody came from, if it was one of ours."""
    back = request.POST.get("back", "") or request.META.get("HTTP_REFERER", "")
    path = back.partition("://")[2].partition("/")[2] if "://" in back else back.lstrip("/")
    return f"/{path}" if path.startswith("desk/") and "\\" not in path else reverse("casework:desk")
