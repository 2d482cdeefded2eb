"""Receipt codes: 80 random bits that open one matter's page; only their hash is kept."""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code survives being read out on the telephone."""

LENGTH = 16
"""16 characters of 5 bits are 80 bits."""


def new_code() -> str:
    """A new code, in four groups of four."""
    code = "".join(ALPHABET[byte % 32] for byte in secrets.token_bytes(LENGTH))  # 32 divides 256: all alike
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def plain(code: str) -> str | None:
    """A code as somebody typed it, brought into its plain form; nothing when it can't be one."""
    letters = "".join(c for c in code.upper() if c.isalnum())
    letters = letters.replace("O", "0").replace("I", "1").replace("L", "1")
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return letters


def digest(code: str) -> bytes | None:
    """The hash under which a code is kept; nothing when it can't be a code."""
    letters = plain(code)
    return hashlib.sha256(b"yiwang receipt " + letters.encode()).digest() if letters else None
