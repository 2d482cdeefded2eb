"""Institutions, departments, townships and villages: a tree with validity dates.

Owns units, their succession when they are merged or abolished.
Does not own people or posts' rights.
Nouns: unit, institution, succession.
"""
