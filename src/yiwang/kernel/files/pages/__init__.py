"""Serving files; permission belongs to the module that calls."""
