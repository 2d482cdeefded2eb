"""Addresses of the working calendar."""

from django.urls import path

from yiwang.kernel.calendar.pages.count import count
from yiwang.kernel.calendar.pages.year import year

app_name = "calendar"
mount = "calendar/"

urlpatterns = [
    path("", year, name="year"),
    path("count/", count, name="count"),
]
