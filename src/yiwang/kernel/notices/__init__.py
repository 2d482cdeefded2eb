"""What the house tells people: a notice to a member of the staff or to the person who brought a matter.

Owns notices, their reading and the live bell.
Does not own the events that cause them.
Nouns: notice, audience, reading.
"""
