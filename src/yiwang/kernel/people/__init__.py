"""Accounts, posts and the delegation of a post for a time.

Owns who works where, in which role, from when to when, and how they sign in.
Does not own what a role may do.
Nouns: account, post, delegation.
"""
