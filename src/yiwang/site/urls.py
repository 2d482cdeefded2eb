"""Addresses: each module's `urls.py` says where it is mounted; none is listed here."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from yiwang.kernel.base.resolving import BySegment


def _discovered() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.urls"
        if config.name.startswith("yiwang.") and config.name != "yiwang.site" and find_spec(name):
            found.append(path(import_module(name).mount, include(name)))
    return found


urlpatterns = [BySegment([*_discovered(), path("", include("yiwang.site.site_urls"))])]

handler400 = "yiwang.site.pages.errors.refused"
handler403 = "yiwang.site.pages.errors.forbidden"
handler404 = "yiwang.site.pages.errors.not_found"
handler500 = "yiwang.site.pages.errors.broken"
