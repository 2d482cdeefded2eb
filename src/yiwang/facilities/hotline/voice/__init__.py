"""The embedded telephony: a trunk on one side, the agents' browsers on the other, both held by this process.

Owns the media and the signalling of calls that run through `yiwang voice`, and their recordings until stored.
Does not own what a call is or becomes: it tells `hotline.actions.hear` and obeys the commands given there.
Nouns: leg, bridge, floor.
"""
