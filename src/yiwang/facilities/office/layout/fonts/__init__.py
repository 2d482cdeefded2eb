"""Fonts as files: which characters they have, and the part of them that a document needs."""
