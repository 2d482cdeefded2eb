"""Screens of the working calendar."""
