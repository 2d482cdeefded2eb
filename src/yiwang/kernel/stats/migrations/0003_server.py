"""A tally says on which server it was counted: numbers of transactions mean nothing on another one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the server's identity."""

    dependencies = [("stats", "0002_touched")]

    operations = [
        migrations.AddField("daytally", "server", models.BigIntegerField(default=0)),
    ]
