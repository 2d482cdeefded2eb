"""Shared capabilities that an institution may use; they know none of them."""
