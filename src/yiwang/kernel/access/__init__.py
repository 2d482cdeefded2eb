"""Who may do and see what: one rule is at once a predicate for one object and a filter for a list.

Owns the standing of the person who asks, page permissions and the second lock in the database.
Does not own the rules of a module: those are its `policies`.
Nouns: standing, rule, lock.
"""

FACES = ("locks",)
