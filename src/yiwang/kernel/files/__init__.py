"""A content-addressed store: a file is kept once, under its own hash, and served only with permission.

Owns bytes, their hash, type and size.
Does not own whose they are or who may open them.
Nouns: blob, upload, range.
"""

FACES = ("faults", "pages", "storage")
"""`storage` is for those who carry whole dossiers in or out: bytes under their digest, without asking whose they are."""
