"""How the petition office speaks of its figures: the plain words, and no follow-ups of work at the door."""

from yiwang.kernel.stats.wording import Wording, register_wording

register_wording(
    Wording("petitions", without=frozenset({"to_ask", "asked", "solved", "response_rate", "solution_rate"}))
)
