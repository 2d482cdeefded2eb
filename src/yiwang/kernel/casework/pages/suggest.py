"""What a field offers while somebody types: units, colleagues, cases."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.choices import accounts_like, cases_like, units_like
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.enums import CASE_ROLES


@page("casework:suggest_units", roles=CASE_ROLES, budget=1)
def units(request: HttpRequest) -> HttpResponse:
    """Units by name, code or the initials of their pinyin."""
    language = get_language() or ""
    all_units = tree()
    found = units_like(_typed(request), on=timezone.localdate())
    return _options(
        (
            unit.pk,
            all_units.name(unit.pk, language=language),
            unit.name if unit.name != unit.short_name else "",
        )
        for unit in found
    )


@page("casework:suggest_accounts", roles=CASE_ROLES, budget=1)
def accounts(request: HttpRequest) -> HttpResponse:
    """Members of the staff by name."""
    return _options(
        (account.pk, account.name, account.username) for account in accounts_like(_typed(request))
    )


@page("casework:suggest_cases", roles=CASE_ROLES, budget=1)
def cases(request: HttpRequest) -> HttpResponse:
    """Cases that the person may see, by number."""
    standing = request.standing  # type: ignore[attr-defined]
    return _options((c.pk, c.number, c.title) for c in cases_like(_typed(request), standing=standing))


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:80]


def _options(found: Iterable[tuple[int, str, str]]) -> HttpResponse:
    lines = format_html_join(
        "",
        '<button type="button" role="option" tabindex="-1" data-value="{}" data-words="{}">{}{}</button>',
        (
            (key, words, words, format_html("<small>{}</small>", note) if note else "")
            for key, words, note in found
        ),
    )
    return HttpResponse(lines or format_html("<p>{}</p>", _("Nothing of that name.")))
