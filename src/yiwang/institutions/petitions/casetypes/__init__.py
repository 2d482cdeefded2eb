"""The procedures of the petition office, one readable file each, beside the law they implement."""
