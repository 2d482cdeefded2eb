"""The pattern page: every component in all its states."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.pages import EVERYBODY, SIGNED_IN, page
from yiwang.kernel.ui import samples

WATCHERS = EVERYBODY if installation().is_demo else SIGNED_IN


@page("ui:patterns", roles=WATCHERS, budget=2)
@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    return render(request, "ui/patterns.html", samples.everything())


@page("ui:suggest", roles=WATCHERS, budget=0)
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions for the as-you-type sample."""
    typed = request.GET.get("q", "").strip().lower()
    found = [unit for unit in samples.UNITS if typed and typed in unit.lower()]
    if not found:
        return HttpResponse(format_html("<p>{}</p>", _("Nothing of that name. Try another word.")))
    return HttpResponse(
        format_html_join(
            "",
            '<button type="button" role="option" data-value="{}" tabindex="-1">{}</button>',
            ((unit, unit) for unit in found),
        )
    )
