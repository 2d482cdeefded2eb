"""Begin with the years of the committed file."""

from django.db import migrations

from yiwang.kernel.calendar import seed


def begin(apps, schema_editor):
    Year = apps.get_model("calendar", "CalendarYear")
    Day = apps.get_model("calendar", "CalendarDay")
    for entry in seed.read():
        year = Year.objects.create(
            year=entry.year, version=1, status=entry.status.value, source=entry.source
        )
        Day.objects.bulk_create(
            Day(year=year, day=day, kind=found.kind.value, name_zh=found.name_zh, name_en=found.name_en)
            for day, found in sorted(entry.days.items())
        )


class Migration(migrations.Migration):
    dependencies = [("calendar", "0002_keep_what_was_announced")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
