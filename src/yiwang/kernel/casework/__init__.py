"""Case types, cases, the journal, clocks, custody across units, parties, letters, receipts.

Owns the one door through which a case changes.
Does not own any procedure: institutions declare theirs.
Nouns: case, step, clock.
"""

FACES = (
    "basis",
    "registry",
    "keeping",
    "letters",
    "lawlinks",
    "typeset",
    "receipt_faces",
    "receipts",
    "faults",
    "lists",
    "choices",
    "columns",
    "dossier",
    "forms",
    "guards",
    "records",
    "sections",
)
