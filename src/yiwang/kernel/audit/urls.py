"""Addresses of the audit log."""

from django.urls import path

from yiwang.kernel.audit.pages.log import log

app_name = "audit"
mount = "audit/"

urlpatterns = [path("", log, name="log")]
