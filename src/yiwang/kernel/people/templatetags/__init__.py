"""Words about units in templates."""
