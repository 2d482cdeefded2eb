"""Addresses of the ways in that other programs use."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from yiwang.kernel.channels.open311 import listing, pages


class FormConverter(StringConverter):
    """The format at the end of an address of Open311."""

    regex = "(?:xml|json)"


class CodeConverter(StringConverter):
    """The code of a service, the number of a request, or a token."""

    regex = "[A-Za-z0-9_-]{1,60}"


register_converter(FormConverter, "open311_form")
register_converter(CodeConverter, "open311_code")

app_name = "channels"
mount = "open311/"

urlpatterns = [
    path("discovery.<open311_form:form>", pages.discovery, name="open311_discovery"),
    path("v2/services.<open311_form:form>", pages.services, name="open311_services"),
    path(
        "v2/services/<open311_code:service_code>.<open311_form:form>", pages.service, name="open311_service"
    ),
    path("v2/requests.<open311_form:form>", pages.requests, name="open311_requests"),
    path(
        "v2/requests/<open311_code:service_request_id>.<open311_form:form>",
        pages.request,
        name="open311_request",
    ),
    path("v2/tokens/<open311_code:token>.<open311_form:form>", pages.token, name="open311_token"),
    path("v2/servicerequestupdates.<open311_form:form>", pages.updates, name="open311_updates"),
    path("cases/<int:case_id>/", listing.listing, name="open311_listing"),
]
