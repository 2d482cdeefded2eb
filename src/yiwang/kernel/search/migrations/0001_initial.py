from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

SCHEMA = Path(__file__).with_name("search.sql").read_text()
UNDO = """
DROP TABLE search_document;
DROP FUNCTION search_find, search_count, search_put, search_text, search_question, search_patterns, search_words,
    search_tokens, search_windows, search_normalise;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.RunSQL(
            SCHEMA,
            UNDO,
            state_operations=[
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        ("pk", models.CompositePrimaryKey("kind", "object_id", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("kind", models.TextField()),
                        ("object_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("institution_id", models.BigIntegerField(null=True)),
                        ("is_restricted", models.BooleanField(default=False)),
                        ("unit_ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                        ("excluded_units", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                        ("excluded_accounts", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                        ("text", models.TextField()),
                    ],
                    options={"db_table": "search_document"},
                ),
            ],
        )
    ]
