"""Screens of the design language: the pattern page, the language switch, the error pages."""
