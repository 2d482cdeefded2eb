"""Screens of the administrator's desk for units."""
