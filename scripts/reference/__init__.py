"""What writes the generated pages of `docs/reference`: one module for each subject."""
