"""The public institutions themselves, each in a room of its own."""
