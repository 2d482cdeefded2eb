"""The screens of the lawbook."""
