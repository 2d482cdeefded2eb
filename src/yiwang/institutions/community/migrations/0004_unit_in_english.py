"""What an item is counted by, in English too."""

from django.db import migrations, models

from yiwang.institutions.community.catalogue import ItemLine, own_lines, parsed


def fill(apps, schema_editor):
    """Give the items of the house's own catalogue their English unit; others keep none until somebody says it."""
    versions = apps.get_model("community", "ItemVersion")
    words = {
        (found.name, found.unit_word): found.unit_word_en
        for _line, found in parsed(own_lines())
        if isinstance(found, ItemLine)
    }
    known = list(versions.objects.all())
    for version in known:
        version.unit_word_en = words.get((version.name, version.unit_word), "")
    versions.objects.bulk_update(known, ["unit_word_en"], batch_size=500)


class Migration(migrations.Migration):
    """Adds the English unit."""

    dependencies = [("community", "0003_companies")]

    operations = [
        migrations.AddField(
            "itemversion", "unit_word_en", models.CharField(max_length=30, blank=True, default=""), preserve_default=False
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
