"""The append-only log, sealed as a Merkle tree; every read of personal data names its purpose.

Owns entries, sealed heads, proofs and the verifier.
Does not own the journal of a case: it seals it.
Nouns: entry, head, proof.
"""

FACES = ("verification", "labels")
