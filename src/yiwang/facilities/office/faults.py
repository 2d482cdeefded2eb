"""Why something isn't done with a document; each says in a sentence what to do instead."""

from django.utils.translation import gettext as _


class OfficeFault(Exception):
    """Something can't be done with this document now; `str()` is the sentence for whoever asked."""

    def __str__(self) -> str:
        return _("This can't be done with the document now.")


class TextMoved(OfficeFault):
    """Somebody changed the text after this page was shown."""

    def __str__(self) -> str:
        return _("The text was changed after you opened it. Read it again; what you had typed is kept below.")


class NotDraftable(OfficeFault):
    """The text is closed: it is under review, signed or released."""

    def __str__(self) -> str:
        return _("The text can't be changed now. Take it back first, or have it returned.")


class Classified(OfficeFault):
    """Somebody tried to bring in or write something marked as a state secret; nothing of it was kept."""

    def __init__(self, mark: str) -> None:
        super().__init__(mark)
        self.mark = mark

    def __str__(self) -> str:
        return _(
            "It bears the mark “%(mark)s”. This house takes only what isn't classified; nothing was kept. "
            "Hand it to the confidential office (机要) on paper (保守国家秘密法)."
        ) % {"mark": self.mark}


class NoNumber(OfficeFault):
    """A number can't be drawn or used as wanted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return self.why


class NotThese(OfficeFault):
    """Readers or departments that were named can't be taken."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return self.why
