from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).with_name("windows.sql").read_text()
UNDO = """
DROP TRIGGER lawbook_passage_windows_missing ON lawbook_passage;
DROP TRIGGER lawbook_passage_windows_changed ON lawbook_passage;
DROP FUNCTION lawbook_passage_windows;
ALTER TABLE lawbook_passage DROP COLUMN tokens;
CREATE INDEX lawbook_passage_tokens ON lawbook_passage USING gin (search_tokens(folded))
    WITH (fastupdate = on, gin_pending_list_limit = 4096);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('lawbook', '0002_article_changes'),
        ('search', '0004_joined_windows'),
    ]

    operations = [migrations.RunSQL(SCHEMA, UNDO)]
