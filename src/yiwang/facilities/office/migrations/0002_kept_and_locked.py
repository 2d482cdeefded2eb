"""What was signed or said stays, numbers follow one another, and the second lock; see `office.sql`."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    """Runs the module's SQL."""

    dependencies = [("office", "0001_initial")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "office.sql").read_text(), migrations.RunSQL.noop),
    ]
