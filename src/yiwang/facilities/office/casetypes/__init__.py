"""The two procedures of official documents: issuing one, and handling one that was received."""
