"""Chinese full text in PostgreSQL by character bigrams, exact for any substring.

Owns the index and the exact recheck.
Does not own permission: the caller brings the predicate.
Nouns: document, bigram, hit.
"""
