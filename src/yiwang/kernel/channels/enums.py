"""What became of a short message."""

from django.db import models
from django.utils.translation import pgettext_lazy


class MessageState(models.TextChoices):
    """Where a short message stands."""

    WAITING = "waiting", pgettext_lazy("state of a message", "On its way")
    SENT = "sent", pgettext_lazy("state of a message", "Taken by the gateway")
    REFUSED = "refused", pgettext_lazy("state of a message", "Refused by the gateway")
    LOST = "lost", pgettext_lazy("state of a message", "Gateway not reached in time")
