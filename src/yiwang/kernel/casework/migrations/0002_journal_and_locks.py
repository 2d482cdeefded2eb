"""The journal's seal, the frozen letters and the second lock; see `casework.sql`."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    """Runs the module's SQL; the journal's trigger calls `audit_append` of the audit module."""

    dependencies = [("casework", "0001_initial")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "casework.sql").read_text(), migrations.RunSQL.noop),
    ]
