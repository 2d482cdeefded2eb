"""Addresses of the notices."""

from django.urls import path

from yiwang.kernel.notices.pages import news

app_name = "notices"
mount = "notices/"

urlpatterns = [path("", news.show, name="news")]
