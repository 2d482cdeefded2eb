"""The indexes of the nearest teams, and decisions that stay; see `dispatch.sql`."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    """Runs the module's SQL."""

    dependencies = [("dispatch", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (Path(__file__).parent / "dispatch.sql").read_text(),
            "DROP INDEX dispatch_team_nearest, dispatch_team_near;"
            " DROP FUNCTION dispatch_decision_stays() CASCADE",
        ),
    ]
