"""Choices of the service centre that no procedure declares."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Licence(models.TextChoices):
    """What a team must hold for some kinds of work."""

    ELECTRICIAN = "electrician", _("Electrician's licence")
    GAS_FITTER = "gas_fitter", _("Gas fitter's licence")
    REFRIGERATION = "refrigeration", _("Refrigeration licence")
    WORK_AT_HEIGHT = "work_at_height", _("Licence for work at height")
    LOCKSMITH = "locksmith", _("Locksmith registered with the police")
    SEWAGE_TRANSPORT = "sewage_transport", _("Sewage transport permit")
    HEALTH_CARD = "health_card", _("Health card")
    CARE_WORKER = "care_worker", _("Care worker's certificate")
    LACTATION = "lactation", _("Lactation consultant's certificate")
    NURSE = "nurse", _("Nurse's licence")
    MEDICAL = "medical", _("Medical practitioner's licence")
    ROAD_TRANSPORT = "road_transport", _("Road transport permit")
    DANGEROUS_GOODS = "dangerous_goods", _("Dangerous goods permit")
    PEST_CONTROL = "pest_control", _("Pest control certificate")
    WATERPROOFING = "waterproofing", _("Waterproofing qualification")
    TEACHER = "teacher", _("Teacher's certificate")
    FUNERAL = "funeral", _("Funeral service permit")
    ROAD_RESCUE = "road_rescue", _("Road rescue permit")
    DRIVER = "driver", _("Driving licence")
    RECYCLING = "recycling", _("Recycling registration")
    RUBBLE_TRANSPORT = "rubble_transport", _("Rubble transport permit")
