"""Call events are append-only, and a driver is told of every command."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("hotline.sql").read_text()
UNDO = """
DROP TRIGGER hotline_tell_driver ON hotline_command;
DROP FUNCTION hotline_tell_driver();
DROP TRIGGER hotline_call_kept ON hotline_call;
DROP TRIGGER hotline_version_kept ON hotline_articleversion;
DROP TRIGGER hotline_version_frozen ON hotline_articleversion;
DROP TRIGGER hotline_event_kept ON hotline_callevent;
DROP TRIGGER hotline_event_frozen ON hotline_callevent;
DROP FUNCTION hotline_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("hotline", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
