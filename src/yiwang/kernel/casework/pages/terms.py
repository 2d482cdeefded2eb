"""The administrator's choice of terms: shorter than the law's, never longer, each beside its article."""

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.base.pages import page
from yiwang.kernel.calendar.rules import CountUnit, RollOver
from yiwang.kernel.casework.basis import bases
from yiwang.kernel.casework.lawlinks import cited
from yiwang.kernel.casework.registry import case_type_on, declared
from yiwang.kernel.casework.rules.casetype import CaseType, ClockDef
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.terms import choose_term, may_choose, term_settings
from yiwang.kernel.people.enums import Role
from yiwang.kernel.ui.days import say_days
from yiwang.kernel.ui.messages import say

LAW = "law"
ROLL_OVERS = {
    RollOver.NONE: gettext_lazy("It stays on that day"),
    RollOver.NEXT_WORKING_DAY: gettext_lazy("It moves to the next working day"),
}


class TermForm(forms.Form):
    """One clock: the office's own term, empty for the law's, and what happens on a rest day."""

    term = forms.IntegerField(
        required=False,
        label=gettext_lazy("Own term in days"),
        help_text=gettext_lazy("Empty: the law's term."),
    )
    roll_over = forms.ChoiceField(
        required=False, label=gettext_lazy("When the last day is a rest day"), widget=forms.Select
    )

    def __init__(self, definition: ClockDef, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        choices = (
            [RollOver.NONE, RollOver.NEXT_WORKING_DAY]
            if definition.roll_over_basis
            else [definition.roll_over]
        )
        field = self.fields["roll_over"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one), ROLL_OVERS[one]) for one in choices]


@dataclass(frozen=True)
class TermCard:
    """One clock with its law, its form, and what is in force."""

    key: str
    label: str
    law: str
    article: str
    basis: str
    in_force: str
    is_own: bool
    form: TermForm


@page("casework:terms", roles={Role.ADMINISTRATOR}, budget=6)
def terms(request: HttpRequest) -> HttpResponse:
    """Show the duties of every procedure with their terms; POST chooses one of them."""
    types = _types_in_force()
    bound: tuple[str, TermForm] | None = None
    if request.method == "POST":
        type_key, _sign, clock_key = request.POST.get("clock", "").partition("/")
        case_type = next((one for one in types if one.key == type_key), None)
        definition = next((one for one in _duties(case_type) if one.key == clock_key), None)
        if case_type is None or definition is None:
            raise Http404(_("There is no such clock."))
        form = TermForm(definition, request.POST, prefix=clock_key)
        if _chosen(request, case_type, definition, form):
            return HttpResponseRedirect(reverse("casework:terms"), status=303)
        bound = f"{type_key}/{clock_key}", form
    cards = [_card(definition, one, bound) for one in types for definition in _duties(one)]
    return render(request, "casework/terms.html", {"cards": cards}, status=422 if bound else 200)


def _types_in_force() -> list[CaseType]:
    """Each procedure in the version that is in force today."""
    today = timezone.localdate()
    return [case_type_on(key, today) for key in sorted({one.key for one in declared()})]


def _duties(case_type: CaseType | None) -> list[ClockDef]:
    return [one for one in case_type.clocks if may_choose(one)] if case_type else []


def _chosen(request: HttpRequest, case_type: CaseType, definition: ClockDef, form: TermForm) -> bool:
    if not form.is_valid():
        return False
    roll_over = RollOver(form.cleaned_data["roll_over"]) if form.cleaned_data["roll_over"] else None
    try:
        choose_term(
            case_type,
            definition.key,
            term=form.cleaned_data["term"],
            roll_over=roll_over,
            by=request.standing.account_id,  # type: ignore[attr-defined]
            at=timezone.now(),
        )
    except BadData as problem:
        for field, fault in problem.faults.items():
            form.add_error(field, _(fault.message) % dict(fault.values))
        return False
    say(
        request, _("Saved. Running clocks are being counted anew; whoever is concerned is told."), kind="done"
    )
    return True


def _card(definition: ClockDef, case_type: CaseType, bound: tuple[str, TermForm] | None) -> TermCard:
    today = timezone.localdate()
    key = f"{case_type.key}/{definition.key}"
    own = term_settings(case_type.key).get(definition.key)
    roll_over = own.roll_over if own and own.roll_over else definition.roll_over
    initial = {"term": own.term if own else None, "roll_over": str(roll_over)}
    term = own.term if own and own.term is not None else definition.term
    return TermCard(
        key=key,
        label=f"{_(case_type.label)} · {_(definition.label)}",
        law=_say_term(definition, definition.term),
        article=bases(definition, on=today),
        basis=cited(definition.roll_over_basis, on=today) if definition.roll_over_basis else "",
        in_force=_say_term(definition, term),
        is_own=own is not None,
        form=bound[1]
        if bound and bound[0] == key
        else TermForm(definition, prefix=definition.key, initial=initial),
    )


def _say_term(definition: ClockDef, term: int) -> str:
    return say_days(term, unit="working" if definition.unit is CountUnit.WORKING_DAY else "calendar")
