"""What happens to units stands in the log, with what was there before, in the same transaction."""

import pytest
from django.db import transaction

from tests.builders import LONG_AGO, NOON, a_county
from yiwang.kernel.audit.models import Entry
from yiwang.kernel.orgs.actions import change_unit, found_unit, merge_unit

pytestmark = pytest.mark.django_db


def test_founding_renaming_and_merging_are_written_down() -> None:
    county = a_county()
    already = Entry.objects.count()
    made = found_unit(
        code="new", name="新乡", kind="township", valid_from_on=LONG_AGO, by_account_id=7, at=NOON
    )
    change_unit(made, name="新镇", by_account_id=7, at=NOON)
    merge_unit(made, into=county.unit("heping"), on=NOON.date(), by_account_id=7, at=NOON)
    written = list(Entry.objects.order_by("id")[already:])
    assert [(e.action, e.actor, e.subject_kind, e.subject_id, e.at) for e in written] == [
        (action, 7, "unit", made.pk, NOON) for action in ("unit.founded", "unit.changed", "unit.merged")
    ]
    assert written[1].details == {"changes": [["name", "新乡", "新镇"]]}
    assert written[2].details["successor_id"] == county.unit("heping").pk


def test_what_was_undone_is_not_written_down() -> None:
    county = a_county()
    already = Entry.objects.count()
    with transaction.atomic():
        change_unit(county.unit("water"), name="水利局", by_account_id=7, at=NOON)
        transaction.set_rollback(True)
    assert Entry.objects.count() == already
