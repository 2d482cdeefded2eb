"""Why something isn't done with a job or an offer: each with a sentence for whoever asked."""

from collections.abc import Callable


class Refused(Exception):
    """The step is not taken; the text is a sentence for the person who tried.

    `keep` writes what must be known although the step was undone (a wrong PIN): `settle` does it after the undoing.
    """

    def __init__(self, words: str = "", *, keep: Callable[[], None] | None = None) -> None:
        super().__init__(words)
        self._keep = keep

    def settle(self) -> None:
        """Write what must be kept; call it outside the transaction that was undone."""
        if self._keep is not None:
            self._keep()


class NotYours(Refused):
    """The step is open, but not for this person."""


class TooLate(Refused):
    """The offer was answered, ran out or was withdrawn before."""


class NotNow(Refused):
    """The job isn't in a state in which this can be done."""
