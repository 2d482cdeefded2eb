"""Why something isn't done with a job or an offer: each with a sentence for whoever asked."""


class Refused(Exception):
    """The step is not taken; the text is a sentence for the person who tried."""


class NotYours(Refused):
    """The step is open, but not for this person."""


class TooLate(Refused):
    """The offer was answered, ran out or was withdrawn before."""


class NotNow(Refused):
    """The job isn't in a state in which this can be done."""
