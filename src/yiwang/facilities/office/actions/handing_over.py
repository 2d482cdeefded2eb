"""When a leader travels: one act gives all posts to somebody for a time, with everything that waits."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.facilities.office.actions.acts import key_of
from yiwang.facilities.office.events import DocumentWaits
from yiwang.facilities.office.faults import NotThese
from yiwang.facilities.office.models import Handling, Reading
from yiwang.facilities.office.policies import OFFICE_ROLES
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.casework.models import Case
from yiwang.kernel.people.actions import delegate
from yiwang.kernel.people.models import Account, Delegation
from yiwang.kernel.people.queries import posts_that_count


@transaction.atomic
def hand_over(
    to_account_id: int, *, from_on: date, until_on: date, reason: str, by: Standing, at: datetime
) -> list[Delegation]:
    """Delegate every post in which one handles documents; what waits to be read, handled or signed goes along.

    `until_on` is the day one is back. The deputy acts in the other's name: each signature and mark of reading
    says for whom. Raises `NotThese` with what is wrong.
    """
    own = Account.objects.get(pk=by.account_id or 0)
    to = Account.objects.filter(pk=to_account_id, is_active=True).first()
    if to is None:
        raise NotThese(_("There is no such person."))
    posts = list(posts_that_count(on=from_on).filter(account=own, role__in=sorted(OFFICE_ROLES)))
    if not posts:
        raise NotThese(_("You hold no post that can be handed over."))
    made = []
    try:
        for post in posts:
            made.append(
                delegate(post, to=to, from_on=from_on, until_on=until_on, reason=reason, by=own, at=at)
            )
    except ValidationError as error:
        raise NotThese(" ".join(error.messages)) from error
    if from_on <= at.date():
        with acting_as_system():
            for handling_id in waiting_for(own.pk):
                key = key_of("handed_over", handling_id, to.pk, made[0].pk)
                publish(DocumentWaits(handling_id, (to.pk,), "handed_over", key, at))
    return made


def waiting_for(account_id: int) -> list[int]:
    """The handlings that wait for somebody: unread ones, and those they handle. The caller asks as the house."""
    unread = Reading.objects.filter(
        account_id=account_id, read_at=None, cancelled_at=None, sent_at__isnull=False
    ).values_list("handling_id", flat=True)
    open_cases = Case.objects.filter(ended_at=None).values("pk")
    handled = Handling.objects.filter(handler_id=account_id, case_id__in=open_cases).values_list(
        "pk", flat=True
    )
    return sorted({*unread, *handled})
