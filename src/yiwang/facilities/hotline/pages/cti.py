"""The door at which a telephone system tells what happens."""

import json
from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from yiwang.facilities.hotline.cti import NotUnderstood, Said, is_token, take_in
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.pages import EVERYBODY, page

LONGEST = 16_384


@csrf_exempt
@page("hotline:cti", roles=EVERYBODY, budget=4)
def cti(request: HttpRequest, token: str) -> HttpResponse:
    """Take in `newCall`, `answer` and `hangup`; a blocked caller is to be rejected as busy.

    No mark against forged requests is asked for: the token in the address is the right that counts.
    """
    if request.method != "POST":
        return HttpResponse(
            _("Enter this address at your telephone system as the address of a generic CTI."),
            content_type="text/plain; charset=utf-8",
        )
    if not is_token(token):
        return JsonResponse({"error": "Invalid token, please contact your admin!"}, status=403)
    try:
        said = Said.of(_fields(request))
        with acting_as_system():
            call = take_in(said, at=timezone.now())
    except NotUnderstood as error:
        return JsonResponse({"error": str(error)}, status=422)
    if call is not None and call.is_blocked:
        return JsonResponse({"action": "reject", "reason": "busy"})
    return JsonResponse({})


def _fields(request: HttpRequest) -> Mapping[str, Sequence[str]]:
    """The fields of a form, or of JSON whose values may be lists."""
    if request.content_type != "application/json":
        return {name: request.POST.getlist(name) for name in request.POST}
    try:
        told = json.loads(request.body[: LONGEST + 1])
    except ValueError as error:
        raise NotUnderstood("Invalid JSON!") from error
    if not isinstance(told, dict) or len(request.body) > LONGEST:
        raise NotUnderstood("Invalid JSON!")
    return {
        str(name): [str(each) for each in (value if isinstance(value, list) else [value]) if each is not None]
        for name, value in told.items()
    }
