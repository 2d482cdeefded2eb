"""A page of hits and their number come from one pass over the documents."""

from pathlib import Path

from django.db import migrations

ONE_PASS = Path(__file__).with_name("one_pass.sql").read_text()


class Migration(migrations.Migration):
    """Only functions: what is kept stays as it is, and there is nothing to go back to."""

    dependencies = [("search", "0004_joined_windows")]

    operations = [migrations.RunSQL(ONE_PASS, migrations.RunSQL.noop)]
