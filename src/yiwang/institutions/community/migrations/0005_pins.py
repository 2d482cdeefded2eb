"""Misses of the PIN are counted with the order, and a few further PINs are in store."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Orders from before have no further PIN."""

    dependencies = [("community", "0004_unit_in_english")]

    operations = [
        migrations.AddField("order", "pin_number", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("order", "spare_pins", models.BinaryField(default=b"")),
        migrations.AddField("order", "wrong_pins", models.PositiveSmallIntegerField(default=0)),
    ]
