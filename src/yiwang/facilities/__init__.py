"""Shared capabilities that an institution may use; empty until the second institution moves in."""
