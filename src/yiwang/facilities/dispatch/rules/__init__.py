"""The rules of dispatch: who may do a piece of work, what each team costs, who is best. Pure Python.

`suitability` names why a team is refused, `cost` weighs the others, `terms` says how long an offer stands,
`batch` assigns many at once, `routes` plans a day, `plane` knows where things lie.
"""

RULES = "2026-11"
"""The version of these rules that a decision keeps, so that it can be worked out again by the same ones."""
