"""How the console's page may reach the voice process, and use the microphone."""

from django.http import HttpRequest, HttpResponse

from yiwang.facilities.hotline.voice.settings import voice_port, voice_settings
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.live import live_sources
from yiwang.kernel.base.middleware import POLICY


def voice_origin(request: HttpRequest) -> str:
    """Where the voice process listens for browsers; empty behind a front server, which passes `/voice` on."""
    if installation().public_url:
        return ""
    host, separator, port = request.get_host().rpartition(":")
    name = host if separator and port.isdecimal() else request.get_host()
    return f"{request.scheme}://{name}:{voice_port()}"


def offer_address(request: HttpRequest) -> str:
    """Where the page sends its offer; empty where no trunk is set up and a telephone stands beside the screen."""
    return f"{voice_origin(request)}/voice/offer" if voice_settings() is not None else ""


def with_microphone(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let this page, and no other, use the microphone and reach the voice process."""
    sources = f"{live_sources(request)} {voice_origin(request)}".strip()
    response.headers["Content-Security-Policy"] = f"{POLICY}; connect-src {sources}"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(self), geolocation=()"
    return response
