"""A company's own prices, and the office's approval of prices, places and hours."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.facilities.dispatch.models import Team
from yiwang.institutions.community.company_actions import Refused
from yiwang.institutions.community.company_forms import OwnPriceForm
from yiwang.institutions.community.company_models import Company, OwnPrice, TeamTerms
from yiwang.institutions.community.company_policies import OFFICE
from yiwang.institutions.community.company_terms import ask_price, decide, waiting
from yiwang.institutions.community.models import ItemVersion
from yiwang.institutions.community.pages.company_desk import mine
from yiwang.institutions.community.pages.company_office import asked_by_office
from yiwang.institutions.community.pages.terms_words import PriceShown, state_of, terms_shown, what_follows
from yiwang.institutions.community.queries import named, offered
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.basis import yuan
from yiwang.kernel.people.models import Account
from yiwang.kernel.ui.messages import say


@page("community:own_prices", roles=OFFICE, budget=8)
@require_http_methods(["GET", "HEAD", "POST"])
def own_prices(request: HttpRequest) -> HttpResponse:
    """What the company asks for each service beside price and ceiling of the catalogue; POST asks for another."""
    company, today = mine(request), timezone.localdate()
    standing: Standing = request.standing  # type: ignore[attr-defined]
    versions = [one for one in offered(on=today) if one.item.service_class.key in company.classes]
    form = OwnPriceForm(
        request.POST if request.method == "POST" else None,
        items=[(one.item.code, named(one)) for one in versions],
        initial={"since_on": today, "item": request.GET.get("item", "")},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            asked = ask_price(
                company,
                data["item"],
                price_fen=int(data["price"] * 100),
                since_on=data["since_on"],
                by=Account.objects.filter(pk=standing.account_id or 0).first(),
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            say(request, what_follows(asked))
            return HttpResponseRedirect(reverse("community:own_prices"), status=303)
    context = {"company": company, "form": form, "lines": _lines(company, versions)}
    return render(request, "community/own_prices.html", context, status=422 if form.errors else 200)


def _lines(company: Company, versions: list[ItemVersion]) -> list[dict[str, object]]:
    """Each service with the catalogue's price and ceiling, and what the company has asked for it of late."""
    own: dict[int, list[OwnPrice]] = {}
    for row in OwnPrice.objects.filter(company=company).order_by("-since_on", "-pk"):
        own.setdefault(row.item_id, []).append(row)
    return [
        {
            "code": one.item.code,
            "name": named(one),
            "price": yuan(one.price_fen),
            "ceiling": yuan(one.ceiling_fen),
            "own": [
                PriceShown(row, state_of(row), yuan(row.price_fen)) for row in own.get(one.item_id, [])[:3]
            ],
        }
        for one in versions
    ]


@page("community:approvals", roles=OFFICE, budget=12)
@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: HttpRequest) -> HttpResponse:
    """Prices, places and hours that companies have asked for; POST approves one or turns it down with a reason."""
    standing = asked_by_office(request)
    if request.method == "POST":
        try:
            decide(
                _asked(request),
                is_good=request.POST.get("do") == "good",
                reason=request.POST.get("reason", ""),
                by=Account.objects.get(pk=standing.account_id or 0),
                at=timezone.now(),
            )
            say(request, _("Decided; the company sees it."))
        except Refused as refused:
            say(request, str(refused), kind="soon")
        return HttpResponseRedirect(request.path, status=303)
    found, today = waiting(), timezone.localdate()
    ids = [row.item_id for row in found.prices]
    versions = {one.item_id: one for one in offered(on=today).filter(item__in=ids)}
    teams = Team.objects.in_bulk([row.team_id for row in found.terms])
    before = {
        pk: terms_shown([TeamTerms(areas=one.areas, hours=one.hours, since_on=today)])[0]
        for pk, one in teams.items()
    }
    context = {
        "prices": [
            (row, named(versions[row.item_id]), yuan(row.price_fen), yuan(versions[row.item_id].price_fen), yuan(versions[row.item_id].ceiling_fen))
            for row in found.prices
            if row.item_id in versions
        ],
        "terms": [
            (one, teams[one.row.team_id].name, before[one.row.team_id])
            for one in terms_shown(found.terms)
            if one.row.team_id in teams
        ],
    }  # fmt: skip
    return render(request, "community/approvals.html", context)


def _asked(request: HttpRequest) -> OwnPrice | TeamTerms:
    word = request.POST.get("number", "")
    if not (word.isascii() and word.isdigit() and len(word) < 18):
        raise Http404
    if request.POST.get("kind") == "price":
        return get_object_or_404(OwnPrice, pk=int(word))
    return get_object_or_404(TeamTerms, pk=int(word))
