"""The addresses of GeoReport v2: one view each, in both formats, faults included."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.base.text import N_
from yiwang.kernel.base.visitors import source_of
from yiwang.kernel.channels.open311 import offers
from yiwang.kernel.channels.open311.actions import receive, receive_update
from yiwang.kernel.channels.open311.documents import MEDIA_TYPES, Value, written
from yiwang.kernel.channels.open311.offers import Pace, Refused
from yiwang.kernel.channels.open311.queries import (
    attribute_row,
    attributes_of,
    report_by_token,
    request_rows,
    service_row,
    update_rows,
)
from yiwang.kernel.channels.open311.rules import (
    Parameters,
    ids_in,
    is_open_in,
    listed,
    number_in,
    one,
    page_in,
    span_in,
)
from yiwang.kernel.orgs.queries import tree

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
LARGEST = 256 * 1024
MOST_A_MINUTE = 600
"""Questions that one address may ask within a minute."""

Document = tuple[str, Value]
"""The name of the outermost element, and what stands in it."""

View = Callable[..., HttpResponse]


def speaking(view: Callable[..., Document]) -> View:
    """Answer a view's document in the format of the address; what can't be fulfilled as an error document."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, form: str, **kwargs: Any) -> HttpResponse:
        status = 200
        try:
            _slow_down(request)
            _check_jurisdiction(sent(request))
            root, value = view(request, *args, **kwargs)
        except Refused as refusal:
            words = gettext(refusal.message)
            status, root = refusal.status, "errors"
            value = [{"code": status, "description": words % refusal.values if refusal.values else words}]
        response = HttpResponse(
            written(root, value, form=form), status=status, headers={"Content-Type": MEDIA_TYPES[form]}
        )
        if status == 429:
            response["Retry-After"] = "60"
        _share(request, response)
        return response

    return answer


def _slow_down(request: HttpRequest) -> None:
    name = f"open311:{source_of(request)}"
    cache.add(name, 0, 60)
    try:
        asked = cache.incr(name)
    except ValueError:
        asked = 1
    if asked > MOST_A_MINUTE:
        raise Refused(429, N_("Too many questions within a minute. Please ask again later."))


def _check_jurisdiction(parameters: Parameters) -> None:
    """One installation serves one jurisdiction, so that its name may be left out, but not be another's."""
    ours, named = installation().jurisdiction_id, one(parameters, "jurisdiction_id")
    if ours and named and named != ours:
        raise Refused(
            404, N_("This service isn't responsible for the jurisdiction %(name)s."), name=named[:80]
        )


def _share(request: HttpRequest, response: HttpResponse) -> None:
    """Let pages of other sites read the answer, when the installation names them."""
    allowed = installation().open311_origins
    if not allowed:
        return
    patch_vary_headers(response, ("Origin",))
    origin = request.headers.get("Origin", "")
    if "*" in allowed or origin in allowed:
        response["Access-Control-Allow-Origin"] = "*" if "*" in allowed else origin


def sent(request: HttpRequest) -> Parameters:
    """What stands in the address, or in the form for a POST; raises `Refused` (400)."""
    try:
        if request.method != "POST":
            return dict(request.GET.lists())
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        if not announced.isdecimal() or int(announced[:18]) > LARGEST:
            raise Refused(400, N_("The request is too large."))
        return dict(request.POST.lists())
    except RequestDataTooBig:
        raise Refused(400, N_("The request is too large.")) from None
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnicodeError, OSError):
        raise Refused(400, N_("The request can't be read.")) from None


@page("channels:open311_discovery", roles=EVERYBODY, budget=1)
@require_safe
@speaking
def discovery(request: HttpRequest) -> Document:
    """Where the service is, in which formats, and whom to ask for a key."""
    today = timezone.localdate()
    county = next(iter(tree().valid(on=today)), None)
    # The lists of services have no date of their own; a program that keeps them asks again each day.
    changeset = f"{today:%Y-%m-%d} 00:00"
    public = installation().public_url
    path = reverse("channels:open311_services", kwargs={"form": "xml"}).removesuffix("/services.xml")
    name = " ".join(filter(None, [county.name, county.address, county.phone])) if county else ""
    return "discovery", {
        "changeset": changeset,
        "contact": name,
        "key_service": gettext("Keys are given by the administrator of %(county)s.")
        % {"county": county.name if county else "—"},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{public.rstrip('/')}{path}" if public else request.build_absolute_uri(path),
                "changeset": changeset,
                "type": "test" if installation().is_demo else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


@page("channels:open311_services", roles=EVERYBODY, budget=2)
@require_safe
@speaking
def services(request: HttpRequest) -> Document:
    """Everything that can be asked for."""
    return "services", [service_row(service) for service in offers.services()]


@page("channels:open311_service", roles=EVERYBODY, budget=2)
@require_safe
@speaking
def service(request: HttpRequest, service_code: str) -> Document:
    """The fields of one service."""
    found = offers.service_of(service_code)
    rows = [
        attribute_row(attribute, order=order) for order, attribute in enumerate(attributes_of(found), start=1)
    ]
    return "service_definition", {"service_code": found.code, "attributes": rows}


@page("channels:open311_requests", roles=EVERYBODY, budget=2)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@speaking
def requests(request: HttpRequest) -> Document:
    """The public requests; a new one when something is sent with a key."""
    now, parameters = timezone.now(), sent(request)
    if request.method == "POST":
        return "service_requests", [_received(parameters)]
    first, most = page_in(parameters)
    rows = request_rows(
        span=span_in(parameters, now=now),
        ids=ids_in(parameters),
        service_codes=listed(parameters, "service_code"),
        is_open=is_open_in(parameters),
        first=first,
        most=most,
    )
    return "service_requests", rows


def _received(parameters: Parameters) -> Value:
    received = receive(parameters, at=timezone.now())
    notice = received.notice or None
    match received.pace:
        case Pace.BATCH:
            return {"token": received.report.token, "service_notice": notice, "account_id": None}
        case Pace.BLACKBOX:
            return {"service_notice": notice, "account_id": None}
    number = str(received.report.case_id)
    return {"service_request_id": number, "service_notice": notice, "account_id": None}


@page("channels:open311_request", roles=EVERYBODY, budget=2)
@require_safe
@speaking
def request(request: HttpRequest, service_request_id: str) -> Document:
    """One public request; a hidden one and none at all can't be told apart."""
    number = number_in(service_request_id)
    ids = [number] if number is not None else []
    rows = request_rows(span=span_in({}, now=timezone.now()), ids=ids)
    if not rows:
        raise Refused(404, N_("There is no public request with this number."))
    return "service_requests", rows


@page("channels:open311_token", roles=EVERYBODY, budget=1)
@require_safe
@speaking
def token(request: HttpRequest, token: str) -> Document:
    """The number of the request that a token was given for."""
    report = report_by_token(token)
    if report is None:
        raise Refused(404, N_("There is no request with this token."))
    return "service_requests", [{"service_request_id": str(report.case_id), "token": report.token}]


@page("channels:open311_updates", roles=EVERYBODY, budget=2)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@speaking
def updates(request: HttpRequest) -> Document:
    """What happened to public requests; an addition of the sender's when something is sent with a key."""
    now, parameters = timezone.now(), sent(request)
    if request.method == "POST":
        return "service_request_updates", [{"update_id": receive_update(parameters, at=now)}]
    first, most = page_in(parameters)
    span, ids = span_in(parameters, now=now), ids_in(parameters)
    return "service_request_updates", update_rows(span=span, ids=ids, first=first, most=most)
