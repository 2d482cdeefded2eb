"""How the petition office speaks of its figures: the plain words, and no follow-ups of work at the door."""

from yiwang.kernel.stats.wording import REPORTS, Wording, register_wording

WITHOUT = REPORTS | {"to_ask", "asked", "solved", "response_rate", "solution_rate"}

register_wording(Wording("petitions", without=WITHOUT))
