"""Where the centre's work is found, and what dispatch and hotline are told of orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.dispatch import subjects
from yiwang.facilities.dispatch.subjects import Described, SubjectKind
from yiwang.facilities.hotline.registry import (
    Outcome,
    PastMatter,
    provide_desk,
    provide_history,
    register_outcome,
)
from yiwang.institutions.community.casetypes.order_2026 import ASSIGNED, KEY, ORDER, UNREACHED
from yiwang.institutions.community.enums import Licence
from yiwang.institutions.community.models import Order, ServiceClass
from yiwang.institutions.community.on_the_way import way_of
from yiwang.institutions.community.policies import CENTRE, STAFF, works_at_centre
from yiwang.institutions.community.queries import OVER, job_of, named, order_of, orders_of_phone, team_with
from yiwang.institutions.community.rules import MOST_WRONG_PINS, pin_of
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import mask_name
from yiwang.kernel.casework.basis import yuan
from yiwang.kernel.casework.dossier import Dossier
from yiwang.kernel.casework.models import Case, Party
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.receipt_faces import Act, ReceiptFace, register_face
from yiwang.kernel.casework.rules.casetype import Stage
from yiwang.kernel.casework.sections import Section, register_section
from yiwang.kernel.orgs.queries import register_function, tree
from yiwang.kernel.ui.forms import FilesField, FilesInput
from yiwang.kernel.ui.places import Place, PublicDoor, offer, register


def _takes_orders(request: HttpRequest) -> bool:
    standing: Standing | None = getattr(request, "standing", None)
    return standing is not None and works_at_centre(standing, on=timezone.localdate())


def may_see_order(standing: Standing, case: Case) -> bool:
    """Whether somebody is shown what was ordered on the case's page: whoever sees the case."""
    return True


register_function(CENTRE, _("Takes and dispatches service orders"))
register(
    Place("order", _("Take an order"), "community:new_order", STAFF, order=14, icon="pencil", shortcut="o", is_for=_takes_orders)
)  # fmt: skip
register(
    Place("call_backs", _("Follow-up calls"), "community:call_backs", STAFF, order=16, icon="phone", shortcut="b", is_for=_takes_orders)
)  # fmt: skip
offer(
    PublicDoor(
        "community",
        _("Help at the door"),
        _(
            "Repairs, cleaning, care and more from firms near you, with the highest price beside each; or call 96519."
        ),
        "community:home",
        order=10,
        icon="wrench",
    )
)
register_section(Section(KEY, _("What was ordered"), "community:order_section", may_see_order))


# ------------------------------------------------------------------------------------------ for dispatch


MOST_PHOTOS = 9


class StartForm(forms.Form):
    """What the team is asked at the door."""

    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("The resident reads it from the page of their receipt."),
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class FinishForm(forms.Form):
    """What the team says when it is done; the price comes in yuan and is kept in fen."""

    price = forms.DecimalField(label=_("Price in yuan"), min_value=0, decimal_places=2, max_digits=9)
    materials = forms.CharField(label=_("Material"), required=False, max_length=500)
    words = forms.CharField(
        label=_("What was done"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    photos = FilesField(
        label=_("Photos of the work"),
        help_text=_("The resident sees them on the page of their receipt."),
        required=False,
        widget=FilesInput(attrs={"accept": "image/*"}),
    )

    def clean_photos(self) -> list[Any]:
        """Not more than can be looked at."""
        photos: list[Any] = self.cleaned_data["photos"]
        if len(photos) > MOST_PHOTOS:
            raise forms.ValidationError(gettext("At most %(most)s photos.") % {"most": MOST_PHOTOS})
        return photos

    def clean(self) -> dict[str, object]:
        """Give the price in fen beside the one in yuan."""
        data = super().clean() or {}
        if data.get("price") is not None:
            data["price_fen"] = int(data["price"] * 100)
            data["price"] = str(data["price"])
        return data


def describe(standing: Standing, ids: Sequence[int]) -> Mapping[int, Described]:
    """Orders as the board shows them: title and page, never the person."""
    seen = Case.objects.filter(visible(standing), pk__in=ids).only("number", "title")
    return {
        case.pk: Described(f"{case.number} {case.title}", url=reverse("casework:case", args=[case.pk]))
        for case in seen
    }


def describe_to_team(standing: Standing, ids: Sequence[int]) -> Mapping[int, Described]:
    """Orders as a team that took them on must know them: where, whom to ring, what was said.

    Dispatch asks only for the work of the team itself, so the case's own policy (which a worker's post
    doesn't pass) is not asked again.
    """
    with acting_as_system():
        cases = {case.pk: case for case in Case.objects.filter(pk__in=ids, type_key=KEY)}
        parties = {party.case_id: party for party in Party.objects.filter(case_id__in=cases)}
        orders = set(Order.objects.filter(pk__in=cases).values_list("pk", flat=True))
    return {
        pk: Described(
            f"{case.number} {case.title}",
            place=_door(case, parties[pk].address if pk in parties else ""),
            contact=mask_name(parties[pk].name) if pk in parties else "",
            phone=parties[pk].phone if pk in parties else "",
            words=case.text,
        )
        for pk, case in cases.items()
        if pk in orders
    }


def _door(case: Case, address: str) -> str:
    """Where to go: the community and the address in it, which people often begin with the community themselves."""
    community = tree().name(case.place_unit_id, language=get_language() or "") if case.place_unit_id else ""
    return address if address.startswith(community) else f"{community} {address}".strip()


def is_over(ids: Sequence[int]) -> set[int]:
    """The orders to which nobody is to come any more."""
    with acting_as_system():
        return set(Case.objects.filter(pk__in=ids, state__in=OVER).values_list("pk", flat=True))


def skills() -> dict[str, str]:
    """What skills are called: as the classes of the catalogue that need them."""
    return {one.key: named(one) for one in ServiceClass.objects.order_by()}


def licences() -> dict[str, str]:
    """What the kinds of licences are called."""
    return {key: str(label) for key, label in Licence.choices}


subjects.provide_skill_names(skills)
subjects.provide_licence_names(licences)
subjects.register(
    SubjectKind(KEY, describe, describe_to_team, start_form=StartForm, finish_form=FinishForm, ended=is_over)
)


# ------------------------------------------------------------------------------------------- for the hotline


def history(number: str, standing: Standing, limit: int) -> list[PastMatter]:
    """Earlier orders of whoever calls."""
    return [
        PastMatter(
            case.received_at,
            case.number,
            case.title,
            str(_state(case)),
            reverse("casework:case", args=[case.pk]),
        )
        for case in orders_of_phone(number, standing=standing, limit=limit)
    ]


def _state(case: Case) -> object:
    return _(ORDER.state(case.state).label)


provide_history("community", history)
provide_desk(KEY, lambda case_id: reverse("community:call_back", args=[case_id]))
register_outcome(
    Outcome(
        "order",
        _("Service order"),
        "community:new_order",
        icon="pencil",
        order=10,
        may_choose=lambda standing: works_at_centre(standing, on=timezone.localdate()),
    )
)


# --------------------------------------------------------------------------------------------- the receipt


def _departed_at(dossier: Dossier) -> datetime | None:
    """When the team that has it now set out, if it said so."""
    for entry in reversed(dossier.entries):
        if entry.verb in ("depart", "accept"):
            return entry.at if entry.verb == "depart" else None
    return None


def _on_the_receipt(dossier: Dossier, code: str) -> dict[str, object]:
    """What the resident sees of the order: window, price, team; the PIN once somebody is on the way."""
    order = order_of(dossier.case.pk)
    job = job_of(dossier.case.pk)
    is_coming = dossier.case.state == ASSIGNED
    return {
        "order": order,
        "item_name": named(order.version),
        "price": yuan(order.price_fen),
        "ceiling": yuan(order.ceiling_fen),
        "paid": yuan(order.paid_fen) if order.paid_fen is not None else "",
        "team": team_with(job),
        "way": way_of(job, at=timezone.now()) if is_coming else None,
        "pin": pin_of(code, secret=settings.SECRET_KEY, number=order.pin_number) if is_coming else "",
        "departed_at": _departed_at(dossier) if is_coming else None,
        "is_locked": is_coming and order.wrong_pins >= MOST_WRONG_PINS,
    }


register_face(
    ReceiptFace(
        KEY,
        stages={
            Stage.WAITING: _("Looking for a team"),
            Stage.WORKING: _("Team on its way or at work"),
            Stage.ANSWERED: _("Work done"),
        },
        template="community/receipt_part.html",
        context=_on_the_receipt,
        acts=(
            Act(
                "call_back",
                _("Was it done?"),
                _("Thank you. That answers our call."),
                is_open=True,
                send=_("Send my answer"),
                left_out={"outcome": [UNREACHED]},
            ),
            Act(
                "dispute", _("I am not content"), _("Received. The centre decides within five working days.")
            ),
            Act("new_pin", _("Make a new PIN"), _("There is a new PIN; the old one opens nothing any more.")),
            Act("cancel", _("Cancel the order"), _("The order is cancelled.")),
        ),
        given={"call_back": {"way": "message"}},
    )
)
