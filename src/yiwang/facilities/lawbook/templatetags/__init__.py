"""Template tags of the lawbook."""
