"""Django's own backend for PostgreSQL, which asks less often whether a kept connection still stands."""
