"""Open311 GeoReport v2: other programs bring matters in and ask where they stand, as XML or JSON.

The house offers what its institutions register with `offers.offer`; it shows a matter by what its case type
says to the public, never by its text, unless whoever brought it asked for that.
"""
