"""How Django finds this module."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The design language as a Django app: templates, tags, static files, catalogue."""

    name = "yiwang.kernel.ui"
    label = "ui"
