"""Taking orders and keeping the catalogue."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from yiwang.institutions.community.casetypes.order_2026 import KEY
from yiwang.institutions.community.catalogue import BadLine, ClassLine, ItemLine, parsed
from yiwang.institutions.community.models import ItemVersion, Locality, Order, ServiceClass, ServiceItem
from yiwang.institutions.community.policies import centre
from yiwang.institutions.community.queries import phone_key
from yiwang.institutions.community.rules import DIGEST_BYTES, MORE_PINS, pin_digest, pin_of, total
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.rules import NOBODY, SYSTEM, Standing
from yiwang.kernel.casework.actions import Matter, PartyData, Registered, register, take
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.casework.models import Case
from yiwang.kernel.channels.actions import hand_in, lock
from yiwang.kernel.channels.queries import Held
from yiwang.kernel.orgs.models import Unit


@dataclass(frozen=True)
class NewOrder:
    """What somebody orders, whatever the way it came: by the web, a call, at the counter, by Open311."""

    version: ItemVersion
    place_unit_id: int
    x: float
    y: float
    address: str
    window_from_at: datetime
    window_until_at: datetime
    name: str
    phone: str
    quantity: int = 1
    text: str = ""
    channel: str = Channel.WEB
    call_id: int | None = None
    preferred_team_ids: Sequence[int] = ()
    unwanted_team_ids: Sequence[int] = ()
    source: str = ""
    source_key: str | None = None


@dataclass(frozen=True)
class Ordered:
    """The order's case, its receipt's code and the PIN for the door; both are empty when it was there before."""

    case: Case
    receipt_code: str
    pin: str

    @property
    def is_new(self) -> bool:
        """Whether it was ordered by this sending."""
        return bool(self.receipt_code)


def order(new: NewOrder, *, by: Standing = NOBODY, at: datetime, how: str = "") -> Ordered:
    """Take an order in; with `how` it is verified in the same transaction (a code that came back, say).

    Sent twice under one `source_key` it is one order. Raises `policies.NoCentre` and what `register` raises.
    """
    # The lock is turned before the transaction: in one that failed it couldn't be turned back.
    with acting_as_system():
        return _order_once(new, by=by, at=at, how=how)


def _order_once(new: NewOrder, *, by: Standing, at: datetime, how: str) -> Ordered:
    try:
        with transaction.atomic():
            registered = register(_matter(new, at=at), by=by, at=at)
            ordered = _keep(new, registered)
            if how:
                verify(ordered.case.pk, how=how, at=at)
    except IntegrityError:
        known = Case.objects.filter(source=new.source, source_key=new.source_key).first()
        if known is None or new.source_key is None:
            raise
        return Ordered(known, "", "")
    return ordered


def _matter(new: NewOrder, *, at: datetime) -> Matter:
    version = new.version
    return Matter(
        type_key=KEY,
        root_unit_id=centre(on=timezone.localdate(at)).pk,
        title=f"{version.name} × {new.quantity}{version.unit_word}",
        text=new.text,
        channel=new.channel,
        received_at=at,
        category=f"{version.item.service_class.name}/{version.name}"[:80],
        place_unit_id=new.place_unit_id,
        parties=(PartyData(name=new.name, phone=new.phone, address=new.address),),
        facts={"item": version.item.code, "version": version.number},
        source=new.source,
        source_key=new.source_key,
    )


def _keep(new: NewOrder, registered: Registered) -> Ordered:
    pin = pin_of(registered.receipt_code, secret=settings.SECRET_KEY)
    case = registered.case
    spare = [
        pin_digest(
            case.pk,
            pin_of(registered.receipt_code, secret=settings.SECRET_KEY, number=number),
            secret=settings.SECRET_KEY,
        )
        for number in range(1, MORE_PINS + 1)
    ]
    Order.objects.create(
        case=case,
        version=new.version,
        quantity=new.quantity,
        x=new.x,
        y=new.y,
        window_from_at=new.window_from_at,
        window_until_at=new.window_until_at,
        price_fen=total(new.version.price_fen, new.quantity),
        ceiling_fen=total(new.version.ceiling_fen, new.quantity),
        pin_digest=pin_digest(case.pk, pin, secret=settings.SECRET_KEY),
        spare_pins=b"".join(spare),
        call_id=new.call_id,
        phone_key=phone_key(new.phone),
        preferred_team_ids=list(new.preferred_team_ids),
        unwanted_team_ids=list(new.unwanted_team_ids),
    )
    return Ordered(case, registered.receipt_code, pin)


def verify(case_id: int, *, how: str, at: datetime, by: Standing = SYSTEM) -> None:
    """Confirm an order; a team is asked for in the same transaction. Raises what `casework.take` raises."""
    with acting_as_system():
        begins_at = Order.objects.values_list("window_from_at", flat=True).get(pk=case_id)
    service_on = max(timezone.localdate(begins_at), timezone.localdate(at))
    with acting_as(by):
        take(case_id, "verify", by=by, at=at, data={"how": how, "service_on": service_on.isoformat()})


@transaction.atomic
def submit(held: Held, new: NewOrder, *, how: str, at: datetime) -> Ordered:
    """Make a finished booking an order, once. Raises `channels.actions.AlreadyHandedIn`."""
    draft = lock(held.draft.pk)
    ordered = order(new, at=at, how=how)
    hand_in(held, draft=draft, case_id=ordered.case.pk, shown_once=ordered.receipt_code, at=at)
    return ordered


def is_right_pin(order: Order, pin: str) -> bool:
    """Whether it is the PIN of the order."""
    given = pin_digest(order.pk, pin.strip(), secret=settings.SECRET_KEY)
    return hmac.compare_digest(given, bytes(order.pin_digest))


def renew_pin(case_id: int, *, is_by_centre: bool) -> None:
    """The next PIN takes the place of the present one; the centre's doing also forgives the misses.

    The caller is within the transaction of the step that asked for it, whose guard has seen that one is left.
    """
    order = Order.objects.select_for_update().get(pk=case_id)
    spare = bytes(order.spare_pins)
    order.pin_digest, order.spare_pins = spare[:DIGEST_BYTES], spare[DIGEST_BYTES:]
    order.pin_number += 1
    if is_by_centre:
        order.wrong_pins = 0
    order.save(update_fields=["pin_digest", "spare_pins", "pin_number", "wrong_pins"])


def count_wrong_pin(case_id: int) -> None:
    """One more PIN that wasn't the resident's."""
    with acting_as_system():
        Order.objects.filter(pk=case_id).update(wrong_pins=F("wrong_pins") + 1)


# ---------------------------------------------------------------------------------------- the catalogue


@dataclass
class ImportedCatalogue:
    """What became of the lines of a catalogue."""

    read: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    refused: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)


CHANGEABLE = (
    "name", "name_en", "unit_word", "unit_word_en", "price_fen", "ceiling_fen", "minutes", "skill", "licence", "from_hour", "until_hour",
)  # fmt: skip


@transaction.atomic
def import_catalogue(lines: Iterable[str], *, at: datetime) -> ImportedCatalogue:
    """Load a catalogue: new items are entered, changed ones get a new version; what isn't in it stays offered.

    An item is known by its class and its Chinese name.
    """
    summary = ImportedCatalogue()
    on = timezone.localdate(at)
    classes = {one.key: one for one in ServiceClass.objects.all()}
    known = {
        (version.item.service_class.key, version.name): version
        for version in ItemVersion.objects.filter(valid_until_on__isnull=True).select_related(
            "item__service_class"
        )
    }
    for number, line in parsed(lines):
        if isinstance(line, BadLine):
            summary.read += 1
            summary.refused += 1
            summary.errors.append({"line": number, "reason": str(line)})
        elif isinstance(line, ClassLine):
            classes[line.key] = _class(line, classes)
        else:
            summary.read += 1
            before = known.get((line.class_key, line.name))
            values = {key: value for key, value in asdict(line).items() if key != "class_key"}
            if before is not None and not line.unit_word_en and line.unit_word == before.unit_word:
                values["unit_word_en"] = before.unit_word_en
            if before is None:
                known[line.class_key, line.name] = _enter(classes[line.class_key], line, values, on=on, at=at)
                summary.new += 1
            elif any(getattr(before, key) != value for key, value in values.items()):
                known[line.class_key, line.name] = revise(before, values, on=on, at=at, by=None)
                summary.changed += 1
            else:
                summary.known += 1
    return summary


def _class(line: ClassLine, classes: dict[str, ServiceClass]) -> ServiceClass:
    values = {"name": line.name, "name_en": line.name_en}
    known = classes.get(line.key)
    position = known.position if known else len(classes)
    return ServiceClass.objects.update_or_create(
        key=line.key, defaults=values, create_defaults={**values, "position": position}
    )[0]


def _enter(
    one: ServiceClass, line: ItemLine, values: dict[str, Any], *, on: date, at: datetime
) -> ItemVersion:
    position = one.items.count()
    item = ServiceItem.objects.create(
        code=f"{one.position + 1:02}{position + 1:02}", service_class=one, position=position
    )
    return ItemVersion.objects.create(item=item, number=1, valid_from_on=on, changed_at=at, **values)


@transaction.atomic
def revise(
    before: ItemVersion, changes: dict[str, Any], *, on: date, at: datetime, by: int | None
) -> ItemVersion:
    """Offer an item otherwise from a day on: the version until then ends, a new one begins. Orders keep theirs.

    Raises `ItemVersion.DoesNotExist` when somebody else has revised it meanwhile.
    """
    current = ItemVersion.objects.select_for_update().get(pk=before.pk, valid_until_on__isnull=True)
    starts_on = max(on, current.valid_from_on)
    current.valid_until_on = starts_on
    current.save(update_fields=["valid_until_on"])
    values = {key: getattr(current, key) for key in (*CHANGEABLE, "areas", "note")}
    return ItemVersion.objects.create(
        item_id=current.item_id,
        number=current.number + 1,
        valid_from_on=starts_on,
        changed_by=by,
        changed_at=at,
        **{**values, **changes},
    )


@transaction.atomic
def withdraw_item(version: ItemVersion, *, on: date) -> None:
    """Offer an item no longer from a day on; its orders stay."""
    current = ItemVersion.objects.select_for_update().get(pk=version.pk, valid_until_on__isnull=True)
    current.valid_until_on = max(on, current.valid_from_on)
    current.save(update_fields=["valid_until_on"])


def place_locality(unit: Unit, *, x: float, y: float) -> Locality:
    """Say where a community or village lies on the county's plane."""
    return Locality.objects.update_or_create(unit=unit, defaults={"x": x, "y": y})[0]
