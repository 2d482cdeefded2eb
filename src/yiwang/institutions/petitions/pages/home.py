"""The front of the portal: what somebody can do here, and where the petition office is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yiwang.institutions.petitions.casetypes.petition_2022 import PETITION
from yiwang.institutions.petitions.queries import petition_office, promises
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.ui.places import public_doors


@page("petitions:home", roles=EVERYBODY, budget=2)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What can be done here, each with a line that says when."""
    office = petition_office(on=timezone.localdate())
    context = {"office": office, "office_name": _name(office), "doors": public_doors()}
    return render(request, "petitions/home.html", context)


@page("petitions:how", roles=EVERYBODY, budget=4)
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """How a message is handled: the steps, the terms with their articles, the rights."""
    today = timezone.localdate()
    office = petition_office(on=today)
    context = {
        "office": office,
        "office_name": _name(office),
        "promises": promises(PETITION, received_on=today),
        "review": next(remedy for remedy in PETITION.remedies if remedy.key == "review"),
    }
    return render(request, "petitions/how.html", context)


def _name(office: object) -> str:
    if office is None:
        return ""
    is_english = (get_language() or "").startswith("en")
    return str(getattr(office, "name_en", "") if is_english else "") or str(getattr(office, "name", ""))
