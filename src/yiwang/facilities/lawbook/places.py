"""What the lawbook offers: a door on the front of the portal, places for staff, and addresses for citations."""

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ui.places import SIGNED_IN, Place, PublicDoor, offer, register

offer(
    PublicDoor(
        "lawbook",
        _("Laws and regulations"),
        _("Every article in force, and how it read on any day."),
        "lawbook:shelf",
        order=60,
        icon="book-open",
    )
)
register(
    Place(
        "lawbook",
        _("Laws"),
        "lawbook:shelf",
        frozenset({SIGNED_IN}),
        order=90,
        icon="book-open",
        shortcut="l",
    )
)
register(
    Place(
        "lawbook_loads",
        _("Loaded laws"),
        "lawbook:loads",
        frozenset({"administrator"}),
        order=91,
        icon="archive",
    )
)
