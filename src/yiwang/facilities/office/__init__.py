"""Official documents (公文) as every institution works with them: written, signed, numbered, sent, read, answered.

Owns documents with their versions and signatures, their handling in each unit, numbers, circulation, opinions.
Does not own the rules of statutes that a document cites, nor the procedures of institutions.
Nouns: document, handling, circulation.
"""

FACES = ("layout",)
"""`layout` lays an official document out on the page and writes it as PDF, DOCX and OFD; pure but for the fonts."""
