"""What the facilities are told of the community's words."""

import pytest
from django.utils.translation import override

from yiwang.facilities.dispatch.subjects import licence_names, skill_names
from yiwang.institutions.community.models import ItemVersion

pytestmark = pytest.mark.django_db


def test_skills_are_called_as_the_classes_of_the_catalogue() -> None:
    assert skill_names()["plumbing"] == "水暖维修"
    with override("en"):
        assert skill_names()["plumbing"] == "Plumbing and heating"
    wanted = set(ItemVersion.objects.values_list("skill", flat=True))
    assert wanted - set(skill_names()) == set()


def test_licences_have_names_in_both_languages() -> None:
    wanted = set(ItemVersion.objects.exclude(licence="").values_list("licence", flat=True))
    assert wanted - set(licence_names()) == set()
    with override("en"):
        assert licence_names()["electrician"] == "Electrician's licence"
    assert licence_names()["electrician"] == "电工证"
