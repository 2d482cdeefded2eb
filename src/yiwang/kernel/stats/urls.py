"""Addresses of the statistics."""

from django.urls import path

from yiwang.kernel.stats.pages.cases import cases
from yiwang.kernel.stats.pages.exports import paper, spreadsheet
from yiwang.kernel.stats.pages.month import month

app_name = "stats"
mount = "stats/"

urlpatterns = [
    path("", month, name="month"),
    path("cases/", cases, name="cases"),
    path("report.xlsx", spreadsheet, name="spreadsheet"),
    path("report.pdf", paper, name="paper"),
]
