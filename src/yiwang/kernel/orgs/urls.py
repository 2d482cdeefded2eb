"""Addresses of units."""

from django.urls import path

from yiwang.kernel.orgs.pages.new_unit import new_unit
from yiwang.kernel.orgs.pages.unit import unit
from yiwang.kernel.orgs.pages.units import units

app_name = "orgs"
mount = "units/"

urlpatterns = [
    path("", units, name="units"),
    path("new/", new_unit, name="new_unit"),
    path("<int:unit_id>/", unit, name="unit"),
]
