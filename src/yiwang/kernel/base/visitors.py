"""Where a request came from, in a form that may be kept: never the address itself."""

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def source_of(request: HttpRequest) -> str:
    """A short mark of the sender's address, keyed so that nobody can work the address out.

    Behind a server of our own in front (one on this machine), the address is the last one it noted.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    noted = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
    if noted and _is_here(address):
        address = noted
    return hmac.digest(settings.SECRET_KEY.encode(), f"source {address}".encode(), "sha256").hex()[:32]


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return not address
