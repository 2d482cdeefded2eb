"""The live stream, as an ASGI application; pages are served by `wsgi`, which is several times faster."""

from yiwang.site.live import application

__all__ = ["application"]
