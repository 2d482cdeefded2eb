"""Sending a file to a browser, whole or in part, so that it can do no harm there.

Not a page of its own: a view of the module that owns the file asks its policy and then calls `serve`.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.queries import open_range
from yiwang.kernel.files.rules import SHOWN_INLINE, Range, RangeUnsatisfiable, disposition, range_asked


def serve(request: HttpRequest, blob: Blob, *, filename: str, inline: bool = False) -> HttpResponseBase:
    """Answer with a file: 200, 206 for a range, 304 when the browser has it, 416 outside of it.

    Shown in the browser only if `inline` and of a kind that is harmless there; otherwise downloaded. The
    browser may keep it for the signed-in person only. Raises `Http404` when the file is gone.
    """
    tag = f'"{blob.digest}"'
    if tag in [
        each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")
    ]:
        return _guarded(HttpResponse(status=304), blob, filename=filename, is_inline=inline)
    asked: Range | None = None
    if request.headers.get("If-Range", tag) == tag:
        try:
            asked = range_asked(request.headers.get("Range"), blob.size)
        except RangeUnsatisfiable:
            refused = HttpResponse(status=416)
            refused["Content-Range"] = f"bytes */{blob.size}"
            return _guarded(refused, blob, filename=filename, is_inline=inline)
    part = asked or Range(0, blob.size)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(status=206 if asked else 200)
    else:
        try:
            chunks = open_range(blob, start=part.start, end=part.end)
        except FileNotFoundError as error:
            raise Http404(_("This file is no longer there. Please tell the office.")) from error
        response = StreamingHttpResponse(chunks, status=206 if asked else 200)
    response["Content-Length"] = str(part.end - part.start)
    if asked:
        response["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{blob.size}"
    return _guarded(response, blob, filename=filename, is_inline=inline)


def _guarded(response: HttpResponseBase, blob: Blob, *, filename: str, is_inline: bool) -> HttpResponseBase:
    is_inline = is_inline and blob.media_type in SHOWN_INLINE
    kind = blob.media_type
    response["Content-Type"] = "text/plain; charset=utf-8" if kind == "text/plain" else kind
    response["Content-Disposition"] = disposition(filename, is_inline=is_inline)
    # Chromium's own viewer doesn't open a sandboxed PDF; its scripts run in the viewer, not in the page.
    response["Content-Security-Policy"] = "default-src 'self'" if kind == "application/pdf" else "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{blob.digest}"'
    return response
