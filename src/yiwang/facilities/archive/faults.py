"""Why something isn't done with a file unit, in sentences that can stand on the page."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Something that can't be done now; `sentence` says why and what to do."""

    sentence: object = ""

    def __str__(self) -> str:
        return str(self.sentence)


class NotYours(Refused):
    """Somebody who doesn't keep this fonds."""

    sentence = _("The archive is kept by the clerk and the head of its unit.")


class SecondPersonNeeded(Refused):
    """Whoever proposed something doesn't decide it."""

    sentence = _("Whoever proposed it can't decide it; please ask a second person of the unit.")


class IsNumbered(Refused):
    """A file unit that has its number keeps what the number says."""

    sentence = _("It has its number already; year, period and section can't be changed any more.")


class IsHeld(Refused):
    """A hold stops the disposal."""

    sentence = _("A hold stops this; lift it first, with a reason.")


class NotNow(Refused):
    """Somebody else was quicker, or it isn't time."""

    sentence = _("That was done already, or isn't possible any more. This is how it stands now.")


class NothingNumbered(Refused):
    """A package holds what has its number."""

    sentence = _("No file unit of this year and period has a number yet.")


class OneInTheMaking(Refused):
    """One package of a fonds at a time."""

    sentence = _("Another package is being made just now; please wait until it is there.")


class NotSound(Refused):
    """What is faulty isn't handed over."""

    sentence = _("The check found faults; mend them and make a new package.")
