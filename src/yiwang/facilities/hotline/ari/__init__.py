"""The third driver of the hotline: a telephone system that speaks the Asterisk REST Interface (ARI).

Owns the way to Asterisk: its events, its requests, and which channels belong to which call.
Does not own calls, agents or the queue: the port of the hotline stands between.
Nouns: channel, bridge, request.
"""
