"""How long one waits after wrong passwords, and which duties must stay apart; pure."""

from datetime import timedelta

TRIES_FOR_A_NAME = 5
"""Wrong passwords for one name from one address before the first wait."""

TRIES_FROM_AN_ADDRESS = 50
"""Wrong passwords from one address, whatever the names, before the first wait."""

FORGOTTEN_AFTER = timedelta(minutes=30)
"""Wrong passwords count together until there was none for this long."""

SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)


def wait_after(wrong: int, *, tries: int) -> timedelta:
    """How long to wait after so many wrong passwords: nothing at first, then a minute, two, four, …"""
    if wrong < tries:
        return timedelta(0)
    return min(LONGEST_WAIT, SHORTEST_WAIT * (1 << min(wrong - tries, 10)))


def duty(role: str) -> str:
    """The group of roles that one person may join; the database has the same function (`people_duty`)."""
    return role if role in ("administrator", "security_officer", "auditor") else "cases"
