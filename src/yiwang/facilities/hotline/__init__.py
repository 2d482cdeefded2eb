"""The hotline (热线): calls, the agents who take them, the queue between them, and what is kept of a call.

Owns calls and their events, agents, call-backs, recordings' whereabouts and the knowledge base.
Does not own what a call becomes: an order or a petition is a case of its institution.
Nouns: call, agent, call-back.
"""

FACES = ("port", "registry")
