"""Kinds of units."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What a unit is in the county's tree."""

    COUNTY = "county", _("County")
    OFFICE = "office", _("Office")
    DEPARTMENT = "department", _("Department")
    SECTION = "section", _("Section")
    TOWNSHIP = "township", _("Township")
    VILLAGE = "village", _("Village or community")
    COMPANY = "company", _("Company or association")
