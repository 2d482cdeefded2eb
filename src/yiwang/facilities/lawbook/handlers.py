"""What the lawbook tells casework: where the articles are that case types and letters cite."""

from yiwang.facilities.lawbook.linking import linked, place_of
from yiwang.kernel.casework.lawlinks import provide_laws

provide_laws(place_of, linked)
