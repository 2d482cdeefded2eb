"""The ways in: web, counter, phone, letter, import, Open311. One form, whatever the way.

Owns drafts, attachments on their way in, the import of messages, and the keys and public lists of Open311.
Does not own the case that comes out of it.
Nouns: intake, draft, import, key of a program, report.
"""

FACES = ("messages", "open311")
