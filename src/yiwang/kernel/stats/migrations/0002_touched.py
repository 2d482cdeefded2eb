"""What tells that a day's tally is out of date; see `touched.sql`."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    """Runs the module's SQL."""

    dependencies = [("stats", "0001_initial"), ("casework", "0002_journal_and_locks")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "touched.sql").read_text(), migrations.RunSQL.noop),
    ]
