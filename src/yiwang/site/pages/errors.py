"""What people read when a page can't be shown: what happened and what to do, without blame."""

import sys

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.kernel.base.trouble import Trouble, trouble_of


def _page(request: HttpRequest, status: int, heading: str, text: str) -> HttpResponse:
    context = {
        "title": heading,
        "text": text,
        "code": status,
        "way_out_url": "/home/",
        "way_out_words": _("To the start"),
    }
    return render(request, "ui/error.html", context, status=status)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request can't be taken: too much at once, or meant for another site."""
    if isinstance(exception, DisallowedHost):
        return HttpResponseBadRequest("Bad Request", content_type="text/plain")
    return _page(
        request,
        400,
        _("This was more than can be taken at once"),
        _("Please send fewer or smaller files, or a shorter text. What you sent before is kept."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page exists, but isn't for this person."""
    return _page(
        request,
        403,
        _("This page isn't open to you"),
        _("Your post doesn't include it. If you need it for your work, ask your security officer."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing at this address, or nothing that may be known."""
    return _page(
        request,
        404,
        _("Nothing is here"),
        _("The address may be mistyped, or the matter isn't one that you can see."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed on our side; nothing that was confirmed is lost.

    Django calls this while the error is being handled, so that its cause can be told: for want of room or of
    the database the answer is 503, and says that this one thing wasn't saved.
    """
    trouble = trouble_of(sys.exc_info()[1])
    if trouble is not None:
        return _page(request, 503, _("This couldn't be saved just now"), _troubled(trouble))
    return _page(
        request,
        500,
        _("Something went wrong on our side"),
        _(
            "What was confirmed before is kept. Please go back and try once more; if it stays, tell the administrator."
        ),
    )


def _troubled(trouble: Trouble) -> str:
    if trouble is Trouble.NO_ROOM:
        return _(
            "The server's disk is full, so what you just sent was not saved; everything before is kept. Please tell the administrator, and go back to your page: what you typed is still there to be sent again."
        )
    return _(
        "The server can't reach its records at the moment, so what you just sent was not saved; everything before is kept. Please go back and try again in a minute."
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's safety mark is missing or old, usually because of a sign-out or cookies that are off."""
    return _page(
        request,
        403,
        _("The form has expired"),
        _("Please go back, reload the page and send it again. Cookies must be allowed for this site."),
    )
