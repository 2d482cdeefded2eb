"""Passwords for one use: made by the machine, told once, easy to read out over a telephone."""

import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and figures that look alike."""

GROUPS, SIZE = 4, 4


def one_time_password() -> str:
    """Sixteen characters in groups of four: about 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(SIZE)) for _ in range(GROUPS))
