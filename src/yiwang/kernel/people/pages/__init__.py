"""Screens of signing in, of one's own account, and of the administrator's and the security officer's desks."""
