"""Addresses of the design language."""

from django.urls import path

from .pages import language, patterns

app_name = "ui"
mount = ""

urlpatterns = [
    path("patterns/", patterns.patterns, name="patterns"),
    path("patterns/suggest/", patterns.suggest, name="suggest"),
    path("language/<str:code>/", language.switch, name="language"),
]
