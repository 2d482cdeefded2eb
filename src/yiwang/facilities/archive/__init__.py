"""The archive: what is over becomes file units with numbers, a catalogue, periods, and a package for the county archives.

Owns fonds, retention schedules, file units, holds, disposal and the transfer package (DA/T 22-2015).
Does not own what is archived: cases and announcements stay where they are, their bytes are referred to by digest.
Nouns: fonds, file unit, package.
"""

FACES = ("package", "actions_packages")
