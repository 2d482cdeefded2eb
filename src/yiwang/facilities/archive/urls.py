"""Addresses of the archive."""

from django.urls import path

from yiwang.facilities.archive.pages import catalogue, keeping, packages, units

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
    path("packages/", packages.show, name="packages"),
    path("packages/<int:package_id>/", packages.package, name="package"),
    path("packages/<int:package_id>/file/", packages.package_file, name="package_file"),
    path("checks/", keeping.checks, name="checks"),
]
