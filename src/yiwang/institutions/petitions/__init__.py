"""The petition office (信访): registers what people write, sends it to whoever must act, and brings the answer back.

Owns the petition procedure, the content classes and the supervision mailbox.
Does not own cases, clocks or custody: those are `kernel.casework`.
Nouns: petition, content class, supervision mailbox.
"""
