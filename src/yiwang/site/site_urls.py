"""Addresses that belong to no module."""

from django.urls import path

from yiwang.site.pages import home

app_name = "site"

urlpatterns = [path("home/", home.show, name="home")]
