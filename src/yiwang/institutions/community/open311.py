"""Orders by Open311: the items of the catalogue are the services, a request is an order like any other."""

import math
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from yiwang.facilities.dispatch.origin import origin
from yiwang.facilities.dispatch.rules.plane import Point, metres, to_plane
from yiwang.institutions.community.actions import NewOrder, order
from yiwang.institutions.community.casetypes.order_2026 import KEY as TYPE_KEY
from yiwang.institutions.community.models import ItemVersion
from yiwang.institutions.community.policies import NoCentre
from yiwang.institutions.community.queries import (
    is_offered_at,
    localities,
    named,
    offered,
    serves,
    unit_named,
    version_offered,
)
from yiwang.institutions.community.rules import bookable_days, windows
from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import N_
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.casework.sections import Section, register_section
from yiwang.kernel.channels.open311.actions import SOURCE
from yiwang.kernel.channels.open311.listing import may_hide
from yiwang.kernel.channels.open311.offers import (
    Accepted,
    Attribute,
    Datatype,
    Refused,
    Service,
    Submission,
    offer,
)
from yiwang.kernel.orgs.queries import unit_name

KEY = "community"
PLACE, BEGIN = "place", "window_from"
FARTHEST = 100_000.0
"""Metres from the county's origin; beyond that somebody has sent another county's place."""


class Orders:
    """The service centre's side. An order that comes so is verified by the centre before anybody goes out."""

    key = KEY

    def services(self) -> Sequence[Service]:
        """What is offered today; one query."""
        return [
            Service(
                code=f"{KEY}-{one.item.code}",
                name=named(one),
                description=_price(one),
                group=named(one.item.service_class),
                keywords=(one.name, one.name_en),
                is_private=True,
            )
            for one in offered(on=timezone.localdate())
        ]

    def attributes(self, code: str) -> Sequence[Attribute]:
        """In which place, and from when; one query."""
        places = tuple(
            (str(unit.pk), unit_name(unit)) for unit, _place in localities(on=timezone.localdate())
        )
        return (
            Attribute(
                PLACE,
                Datatype.SINGLE,
                gettext("In which village or community"),
                hint=gettext("Needed without lat and long."),
                values=places,
            ),
            Attribute(
                BEGIN,
                Datatype.DATETIME,
                gettext("From when the team may come"),
                is_required=True,
                hint=gettext("The beginning of two hours within the hours of the service."),
            ),
        )

    def submit(self, submission: Submission, *, service: Service, at: datetime) -> Accepted:
        """Take the order in, unverified; the PIN for the door stands on the receipt's page."""
        if not submission.name or not submission.phone:
            raise Refused(400, N_("Please send a name and a phone, so that we can ask back."))
        on = timezone.localdate(at)
        version = version_offered(service.code.partition("-")[2], on=on)
        if version is None:
            raise Refused(404, N_("This service isn't offered any more."))
        begins_at, ends_at = _window(submission, version, at=at)
        place_unit_id, (x, y) = _place(submission, at=at)
        if not is_offered_at(version, place_unit_id):
            raise Refused(400, N_("This service isn't offered in that place."))
        if not serves(version, place_unit_id, on=timezone.localdate(begins_at)):
            raise Refused(400, N_("No team serves that place with this service at the moment."))
        new = NewOrder(
            version=version,
            place_unit_id=place_unit_id,
            x=x,
            y=y,
            address=submission.address or submission.address_id,
            window_from_at=begins_at,
            window_until_at=ends_at,
            name=submission.name,
            phone=submission.phone,
            text=submission.description,
            source=SOURCE,
        )
        try:
            ordered = order(new, at=at)
        except NoCentre:
            raise Refused(400, N_("No service centre takes orders in at the moment.")) from None
        return Accepted(ordered.case, ordered.receipt_code)

    def supplement(self, case_id: int, *, text: str, request_key: str, at: datetime) -> int:
        """Add something to an order, as its resident would on the receipt's page."""
        standing = Standing.holder_of_receipt(case_id)
        with acting_as(standing):
            try:
                entry = take(
                    case_id, "supplement", by=standing, at=at, data={"text": text}, request_key=request_key
                )
            except (NotAllowedNow, Case.DoesNotExist):
                raise Refused(400, N_("Nothing can be added to this request any more.")) from None
        return entry.number


def _price(one: ItemVersion) -> str:
    values = {
        "price": f"{one.price_fen / 100:.2f}",
        "ceiling": f"{one.ceiling_fen / 100:.2f}",
        "unit": unit_named(one),
    }
    return gettext("%(price)s yuan for each %(unit)s, at most %(ceiling)s") % values


def _window(sent: Submission, version: ItemVersion, *, at: datetime) -> tuple[datetime, datetime]:
    """The two hours that begin when the sender says; raises `Refused` (400)."""
    begins_at = datetime.fromisoformat(sent.attributes[BEGIN][0].replace(" ", "+"))
    on = timezone.localdate(begins_at)
    if on in bookable_days(timezone.localdate(at)):
        for window in windows(on, from_hour=version.from_hour, until_hour=version.until_hour, after=at):
            if window[0] == begins_at:
                return window
    raise Refused(400, N_("window_from isn't the beginning of a time that can be booked."))


def _place(sent: Submission, *, at: datetime) -> tuple[int, Point]:
    """The locality and the point on the plane: the nearest to the position, else the one named."""
    known = {unit.pk: (place.x, place.y) for unit, place in localities(on=timezone.localdate(at))}
    named_id = int(sent.attributes.get(PLACE, ("0",))[0])
    if sent.lat is not None and sent.long is not None and known:
        here = to_plane(sent.lat, sent.long, origin=origin())
        if math.hypot(*here) <= FARTHEST:
            nearest = min(known, key=lambda unit_id: metres(known[unit_id], here))
            return (named_id if named_id in known else nearest), here
    if named_id in known:
        return named_id, known[named_id]
    raise Refused(400, N_("Say in which place it is, or send lat and long."))


offer(Orders())
register_section(Section(TYPE_KEY, gettext_lazy("What everybody sees"), "channels:open311_listing", may_hide))
