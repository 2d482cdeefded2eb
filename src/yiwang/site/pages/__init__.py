"""Pages that belong to no module: the way home and the sentences for what went wrong."""
