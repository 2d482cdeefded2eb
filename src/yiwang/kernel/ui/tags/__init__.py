"""The component tags by family; templates load them all with `{% load ui %}`."""
