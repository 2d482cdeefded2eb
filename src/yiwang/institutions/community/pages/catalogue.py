"""The catalogue as everybody sees it: search, classes, items; and how the centre works."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.institutions.community.casetypes.order_2026 import ORDER
from yiwang.institutions.community.company_terms import prices_in_force
from yiwang.institutions.community.forms import QuantityForm
from yiwang.institutions.community.models import ItemVersion, ServiceClass
from yiwang.institutions.community.policies import NoCentre, centre
from yiwang.institutions.community.queries import (
    classes_by_demand,
    found,
    is_english,
    named,
    offered,
    unit_named,
    version_offered,
)
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.casework.basis import yuan
from yiwang.kernel.casework.lawlinks import cited, in_a_list
from yiwang.kernel.casework.rules.casetype import ClockDef
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import unit_name


@dataclass(frozen=True)
class ItemShown:
    """An item in words."""

    code: str
    name: str
    url: str
    price: str
    ceiling: str
    minutes: int
    licence: str
    hours: str
    note: str

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing."""
        return not self.ceiling


def shown(version: ItemVersion) -> ItemShown:
    """A version as residents read it."""
    hours = f"{version.from_hour}:00–{version.until_hour}:00"
    price = _("%(price)s for one %(unit)s") % {"price": yuan(version.price_fen), "unit": unit_named(version)}
    return ItemShown(
        code=version.item.code,
        name=named(version),
        url=reverse("community:item", args=[version.item.code]),
        price=price if version.ceiling_fen else _("free of charge"),
        ceiling=yuan(version.ceiling_fen) if version.ceiling_fen else "",
        minutes=version.minutes,
        licence=str(version.get_licence_display()) if version.licence else "",
        hours=_("day and night") if version.until_hour - version.from_hour == 24 else hours,
        note=version.note,
    )


def own_centre() -> Unit | None:
    """The centre, or nothing before the administrator has named one."""
    try:
        return centre(on=timezone.localdate())
    except NoCentre:
        return None


@page("community:home", roles=EVERYBODY, budget=5)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, and the classes."""
    words = request.GET.get("q", "")[:40]
    context = {
        "words": words,
        "found": [shown(one) for one in found(words, on=timezone.localdate())],
        "classes": [
            (one.key, named(one), number) for one, number in classes_by_demand(on=timezone.localdate())
        ],
        "centre": own_centre(),
    }
    return render(request, "community/home.html", context)


@page("community:class", roles=EVERYBODY, budget=3)
@require_safe
def one_class(request: HttpRequest, key: str) -> HttpResponse:
    """The items of a class."""
    found_class = ServiceClass.objects.filter(key=key).first()
    if found_class is None:
        raise Http404
    versions = offered(on=timezone.localdate()).filter(item__service_class=found_class)
    context = {"name": named(found_class), "items": [shown(one) for one in versions]}
    return render(request, "community/class.html", context)


@page("community:item", roles=EVERYBODY, budget=4)
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """What a service costs at most, how long it takes, who may do it; and the way to book it."""
    version = version_offered(code, on=timezone.localdate())
    if version is None:
        raise Http404
    one = version.item.service_class
    own = prices_in_force(version.item_id, on=timezone.localdate())
    context = {
        "item": shown(version),
        "own_prices": [
            (unit_name(row.company.unit), yuan(min(row.price_fen, version.ceiling_fen))) for row in own[:8]
        ],
        "class_name": named(one),
        "class_url": reverse("community:class", args=[one.key]),
        "form": QuantityForm(initial={"quantity": 1}),
        "unit_word": unit_named(version),
        "is_english": is_english(),
    }
    return render(request, "community/item.html", context)


def _laws(clock: ClockDef, *, today: date) -> SafeString:
    """The articles behind a promise; where the promise itself is published need not be said on that page."""
    return in_a_list(cited(one, on=today) for one in clock.citations)


@page("community:how", roles=EVERYBODY, budget=2)
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """The service promise: what the centre owes by when, and what a resident can do."""
    today = timezone.localdate()
    promises = [
        (_(clock.public_label), _(clock.norm.text) if clock.norm else "", _laws(clock, today=today))
        for clock in ORDER.clocks
    ]
    rules = [(_(rule), citation) for rule, citation in ORDER.throughout]
    context = {
        "promises": promises,
        "rules": [(rule, cited(citation, on=today)) for rule, citation in rules],
        "centre": own_centre(),
    }
    return render(request, "community/how.html", context)
