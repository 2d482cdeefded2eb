"""The procedures of the service centre."""
