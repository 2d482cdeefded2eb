"""The house's own content classes, until a county loads its own list."""

from django.db import migrations

from yiwang.institutions.petitions.categories import own_list


def fill(apps, schema_editor):
    """Enter every class of the list that comes with the house."""
    category = apps.get_model("petitions", "Category")
    category.objects.bulk_create(
        category(path=one.path, level1=one.level1, level2=one.level2, level3=one.level3, position=position)
        for position, one in enumerate(own_list())
    )


class Migration(migrations.Migration):
    """Runs once; a county's own list replaces it by `petitions.actions.import_categories`."""

    dependencies = [("petitions", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
