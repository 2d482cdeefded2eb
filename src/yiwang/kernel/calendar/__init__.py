"""Working days: statutory holidays and make-up working days as versioned data.

Owns the year, published or provisional, and the counting of working days.
Does not own terms: those are declared by case types.
Nouns: year, day, publication.
"""
