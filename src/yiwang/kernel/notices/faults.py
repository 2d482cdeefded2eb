"""Why an announcement doesn't move, in sentences that can stand on the page."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Something that can't be done now; `sentence` says why and what to do."""

    sentence: object = ""

    def __str__(self) -> str:
        return str(self.sentence)


class NotYours(Refused):
    """Somebody who may not take this step."""

    sentence = _("That is for the author's unit or its head.")


class SecondPersonNeeded(Refused):
    """Whoever wrote an announcement doesn't approve it."""

    sentence = _("Whoever wrote it can't approve it; please ask the head of the unit or a leader.")


class NotNow(Refused):
    """The announcement stands elsewhere by now: somebody else was quicker, or another tab."""

    sentence = _(
        "It has moved on meanwhile: somebody else, or another tab, was quicker. This is how it stands now."
    )


class ChangedMeanwhile(Refused):
    """A draft was saved from elsewhere while this form lay open."""

    sentence = _(
        "This draft was saved from another window meanwhile. Yours is kept below; saving again replaces it."
    )
