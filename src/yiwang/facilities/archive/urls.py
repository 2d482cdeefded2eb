"""Addresses of the archive."""

from django.urls import path

from yiwang.facilities.archive.pages import catalogue, keeping, units

app_name = "archive"
mount = "archive/"

urlpatterns = [
    path("", units.show, name="list"),
    path("units/<int:file_unit_id>/", units.unit, name="unit"),
    path("units/<int:file_unit_id>/parts/<int:place>/", units.part_file, name="part_file"),
    path("catalogue/", catalogue.show, name="catalogue"),
    path("catalogue/paper/", catalogue.paper, name="catalogue_pdf"),
    path("catalogue/sheet/", catalogue.sheet, name="catalogue_file"),
    path("schedule/", keeping.schedule, name="schedule"),
    path("disposal/", keeping.disposal, name="disposal"),
    path("transfers/", keeping.transfers, name="transfers"),
    path("checks/", keeping.checks, name="checks"),
]
