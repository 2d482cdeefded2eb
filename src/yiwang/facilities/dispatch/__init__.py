"""Dispatch (调度): finds the nearest suitable team for a piece of work, offers it, and says why.

Owns teams, their positions, pieces of work, offers and the decisions behind them.
Does not own what the work is for: whoever asks for a team names a case or a call of its own.
Nouns: team, offer, decision.
"""

FACES = ("county_map", "faults", "origin", "shown", "subjects")
"""`county_map` draws the county with marks on it; `faults` say why a step isn't taken; `origin` is where the county's plane begins; `shown` words distances as people read them; `subjects` is where an institution says what its work is called and needs."""
