"""Drafts without the database: their keys, how long they are kept, and what is shown once."""

import hashlib
import secrets
from datetime import timedelta

KEPT_FOR = timedelta(days=7)
"""How long a draft waits for whoever began it."""

SHOWN_FOR = timedelta(minutes=30)
"""How long the words shown once can be read again, should the page not have arrived."""

MOST_FILES = 9
"""How many files go with a message."""

MOST_BYTES = 10 * 1024 * 1024
"""How large each of them may be."""


def new_key() -> str:
    """A random key of 256 bits for a cookie."""
    return secrets.token_hex(32)


def key_digest(key: str) -> bytes:
    """The hash under which a key's draft is kept."""
    return hashlib.sha256(b"yiwang draft " + key.encode()).digest()


def seal(words: str, *, key: str) -> bytes:
    """Words of at most 32 bytes so that only the key's holder can read them; one seal a key, never two.

    A key is used for a single draft, so the stream below is used once, as it must be.
    """
    plain = words.encode()
    if len(plain) > 32:
        raise ValueError("only 32 bytes can be sealed")
    return bytes(a ^ b for a, b in zip(plain, _stream(key), strict=False))


def unseal(sealed: bytes, *, key: str) -> str:
    """The words that were sealed with the key."""
    return bytes(a ^ b for a, b in zip(sealed, _stream(key), strict=False)).decode(errors="replace")


def _stream(key: str) -> bytes:
    return hashlib.sha256(b"yiwang shown once " + key.encode()).digest()
