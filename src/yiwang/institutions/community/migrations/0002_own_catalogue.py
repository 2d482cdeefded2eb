"""The house's own catalogue, until a county loads another."""

from dataclasses import asdict
from datetime import UTC, date, datetime

from django.db import migrations

from yiwang.institutions.community.catalogue import BadLine, ClassLine, own_lines, parsed

FROM_ON = date(2026, 1, 1)


def fill(apps, schema_editor):
    """Enter every class and item of the catalogue that comes with the house, in version 1."""
    classes, items = apps.get_model("community", "ServiceClass"), apps.get_model("community", "ServiceItem")
    versions = apps.get_model("community", "ItemVersion")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    known = {field.name for field in versions._meta.get_fields()}
    entered, current, number = [], None, 0
    for _line, found in parsed(own_lines()):
        if isinstance(found, BadLine):
            raise found
        if isinstance(found, ClassLine):
            position = 0 if current is None else current.position + 1
            current = classes.objects.create(
                key=found.key, name=found.name, name_en=found.name_en, position=position
            )
            number = 0
            continue
        item = items.objects.create(
            code=f"{current.position + 1:02}{number + 1:02}", service_class=current, position=number
        )
        number += 1
        values = {key: value for key, value in asdict(found).items() if key in known}
        entered.append(versions(item=item, number=1, valid_from_on=FROM_ON, changed_at=at, **values))
    versions.objects.bulk_create(entered)


class Migration(migrations.Migration):
    """Runs once; the centre's head and `yiwang import catalogue` change it from then on."""

    dependencies = [("community", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
