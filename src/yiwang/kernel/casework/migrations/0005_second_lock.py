"""The second lock keeps stand-ins away, and the application role takes nothing out of a dossier."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    """Runs `second_lock.sql`; the setting it reads is made by `kernel.access.locks`."""

    dependencies = [("casework", "0004_desk_indexes")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "second_lock.sql").read_text(), migrations.RunSQL.noop),
    ]
