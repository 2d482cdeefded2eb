"""The way home: each person to the place where their work begins."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.ui.places import places_for


@page("site:home", roles=EVERYBODY, budget=0)
def show(request: HttpRequest) -> HttpResponse:
    """Lead to the first place of the navigation that is open to this person, or to the public portal."""
    doors = places_for(request)
    return HttpResponseRedirect(doors[0].url if doors else reverse("petitions:home"))
