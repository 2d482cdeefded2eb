"""The way home: each person to the place where their work begins."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.ui.places import places_for


@page("site:home", roles=EVERYBODY, budget=0)
def show(request: HttpRequest) -> HttpResponse:
    """Lead to the first place of the navigation that is open to this person, or to the public portal."""
    for place in places_for(request):
        try:
            return HttpResponseRedirect(reverse(place.url_name))
        except NoReverseMatch:
            continue
    return HttpResponseRedirect("/")
