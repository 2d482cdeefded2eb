"""Tallies of whole months beside those of days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the table; it fills by itself."""

    dependencies = [("stats", "0003_server")]

    operations = [
        migrations.CreateModel(
            name="MonthTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("institution", models.CharField(max_length=30)),
                ("scope", models.CharField(max_length=30)),
                ("day", models.DateField()),
                ("as_of", models.DateField()),
                ("next_breach_on", models.DateField(null=True)),
                ("snapshot", models.TextField()),
                ("server", models.BigIntegerField(default=0)),
                ("tally", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "scope", "day"), name="month_tally_once")
                ],
            },
        ),
    ]
