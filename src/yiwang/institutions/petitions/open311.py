"""Petitions by Open311: the content classes are the services, a request is a petition like any other."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, override

from yiwang.institutions.petitions.models import Category
from yiwang.institutions.petitions.policies import NoOffice, office_for
from yiwang.institutions.petitions.rules import PETITION, Signing
from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.access.rules import NOBODY, Standing
from yiwang.kernel.base.text import N_
from yiwang.kernel.casework.actions import Matter, PartyData, register, take
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.casework.sections import Section, register_section
from yiwang.kernel.channels.open311.actions import SOURCE
from yiwang.kernel.channels.open311.listing import may_hide
from yiwang.kernel.channels.open311.offers import (
    Accepted,
    Attribute,
    Refused,
    Service,
    Submission,
    offer,
)

KEY = "petitions"
LONGEST_TITLE = 40


class Petitions:
    """The petition office's side: requests and complaints of one's own, never accusations."""

    key = KEY

    def services(self) -> Sequence[Service]:
        """The content classes in use; one query."""
        return [
            Service(
                code=f"{KEY}-{one.pk}",
                name=f"{one.level2} / {one.level3}",
                description=one.path.replace("/", " / "),
                group=one.level1,
                keywords=(one.level1, one.level2, one.level3),
            )
            for one in Category.objects.filter(is_valid=True)
        ]

    def attributes(self, code: str) -> Sequence[Attribute]:
        """A petition needs nothing beside what Open311 sends anyway."""
        return ()

    def submit(self, submission: Submission, *, service: Service, at: datetime) -> Accepted:
        """Register a petition at the office that takes petitions in."""
        try:
            office = office_for(PETITION, accused_unit_ids=(), on=timezone.localdate(at))
        except NoOffice:
            raise Refused(400, N_("No office takes messages in at the moment.")) from None
        path = Category.objects.values_list("path", flat=True).get(pk=int(service.code.partition("-")[2]))
        signing = Signing.SIGNED if submission.name else Signing.ANONYMOUS
        # The office reads it in the house's language, whichever one the program speaks.
        with override(settings.LANGUAGE_CODE):
            text = _text(submission, service)
        matter = Matter(
            type_key="petition",
            root_unit_id=office.pk,
            title=_title(submission, service),
            text=text,
            channel=Channel.WEB,
            received_at=at,
            purpose="claim",
            category=path,
            place=submission.address or submission.address_id,
            parties=[_party(submission)],
            facts={"signing": signing.value, "electronic_service": False},
            source=SOURCE,
        )
        registered = register(matter, by=NOBODY, at=at)
        return Accepted(registered.case, registered.receipt_code)

    def supplement(self, case_id: int, *, text: str, request_key: str, at: datetime) -> int:
        """Add something to a petition, as its sender would on the receipt's page."""
        standing = Standing.holder_of_receipt(case_id)
        with acting_as(standing):
            try:
                entry = take(
                    case_id, "supplement", by=standing, at=at, data={"text": text}, request_key=request_key
                )
            except (NotAllowedNow, Case.DoesNotExist):
                raise Refused(400, N_("Nothing can be added to this request any more.")) from None
        return entry.number


def _title(sent: Submission, service: Service) -> str:
    first = next((line for line in sent.description.splitlines() if line.strip()), "").strip()
    if not first:
        return service.name
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"


def _text(sent: Submission, service: Service) -> str:
    """What was written, and below it what the office needs to find the place; the link is never opened here."""
    lines = [
        sent.description or gettext("(Nothing was written; the class is %(name)s.)") % {"name": service.name}
    ]
    if sent.lat is not None:
        lines.append(gettext("Position (WGS84): %(lat)s, %(long)s") % {"lat": sent.lat, "long": sent.long})
    if sent.media_url:
        lines.append(
            gettext("Picture, at an address that we haven't looked at: %(url)s") % {"url": sent.media_url}
        )
    return "\n\n".join(lines)


def _party(sent: Submission) -> PartyData:
    return PartyData(name=sent.name, phone=sent.phone, address=sent.email, is_anonymous=not sent.name)


offer(Petitions())
register_section(
    Section("petition", gettext_lazy("What everybody sees"), "channels:open311_listing", may_hide)
)
