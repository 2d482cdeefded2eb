"""What a page, a list and an insertion cost at the least in Django: nothing is checked, counted or sealed."""

from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from benchmarks.bare.models import Case, Event, Log

MENU = ("Desk", "Unit", "Watched", "All", "Search", "Figures", "Calendar", "Account")


def nothing(request: HttpRequest) -> HttpResponse:
    """An empty answer."""
    return HttpResponse("nothing")


def row(request: HttpRequest, case_id: int) -> HttpResponse:
    """One row, without a template."""
    case = Case.objects.get(pk=case_id)
    return JsonResponse({"number": case.number, "title": case.title, "state": case.state})


@login_required
def page(request: HttpRequest, case_id: int) -> HttpResponse:
    """A case with its history: two queries and a template with a menu."""
    case = get_object_or_404(Case, pk=case_id)
    return render(request, "bare/page.html", {"case": case, "events": case.events.all(), "menu": MENU})


@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """Fifty cases of a unit in a state, by their last day, and how many there are."""
    cases = Case.objects.filter(unit=request.GET["unit"], state=request.GET["state"])
    rows = cases.order_by("due_on", "pk")[:50]
    return render(request, "bare/list.html", {"cases": rows, "number": cases.count(), "menu": MENU})


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    """A case, its first event and a line of the log, in one transaction."""
    return JsonResponse({"id": _insert(request, actor=None)}, status=201)


@login_required
def insert_signed_in(request: HttpRequest) -> HttpResponse:
    """The same by somebody who is signed in, with the token against forged requests."""
    return JsonResponse({"id": _insert(request, actor=request.user.pk)}, status=201)


@transaction.atomic
def _insert(request: HttpRequest, *, actor: int | None) -> int:
    now = timezone.now()
    case = Case.objects.create(
        number=uuid4().hex,
        title=request.POST["title"],
        text=request.POST["text"],
        unit=2,
        state="registered",
        due_on=now.date(),
        received_at=now,
    )
    Event.objects.create(case=case, number=1, verb="register", at=now, author=actor, words="")
    Log.objects.create(at=now, actor=actor, action="registered", subject_id=case.pk)
    return case.pk
