"""The ways in: web, counter, phone, letter, import. One form, whatever the way.

Owns drafts, attachments on their way in and the import of messages.
Does not own the case that comes out of it.
Nouns: intake, draft, import.
"""
