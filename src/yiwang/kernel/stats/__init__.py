"""Indicators with published formulas; every figure opens its rows.

Owns indicators, the daily summary and the month's page.
Does not own the work it counts.
Nouns: indicator, summary, month.
"""

FACES = ("wording",)
