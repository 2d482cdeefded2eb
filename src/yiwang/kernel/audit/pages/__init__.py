"""Screens of the auditor."""
