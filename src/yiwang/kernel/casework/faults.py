"""Why a step isn't taken: each with what the person needs to know."""

from yiwang.kernel.casework.rules.data import Fault


class NotPermitted(Exception):
    """The step is open, but not for this person."""


class StalePage(Exception):
    """Somebody moved the case after the page was shown; `length` is the journal's length now."""

    def __init__(self, length: int) -> None:
        super().__init__(f"the journal has {length} entries now")
        self.length = length


class GuardFailed(Exception):
    """A rule of the procedure forbids the step now; `fault` says why in a sentence."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault
