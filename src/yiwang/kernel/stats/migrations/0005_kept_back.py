"""Tallies also of the cases that somebody is kept from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the column and throws the tallies away: they are counted anew when they are asked for."""

    dependencies = [("stats", "0004_month_tally")]

    operations = [
        migrations.RunSQL("DELETE FROM stats_daytally; DELETE FROM stats_monthtally", migrations.RunSQL.noop),
        migrations.AddField("daytally", "kept_back", models.JSONField(default=dict)),
        migrations.AddField("monthtally", "kept_back", models.JSONField(default=dict)),
    ]
