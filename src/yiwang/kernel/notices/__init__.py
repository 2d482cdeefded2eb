"""What the house tells people: news to one person, and announcements to many.

Owns news and the live bell; announcements with their versions, audience, reading and expiry; the lobby's screen.
Does not own the events that cause news, nor the archive into which an announcement goes at the end.
Nouns: notice (to one person), announcement (to an audience), reading.
"""

FACES = ("faults",)
