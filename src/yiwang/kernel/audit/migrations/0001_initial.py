from pathlib import Path

from django.db import migrations, models

from yiwang.kernel.audit.models import Multirange

SCHEMA = Path(__file__).with_name("audit.sql").read_text()
UNDO = """
DROP FUNCTION audit_append, audit_leaf, audit_line;
DROP TABLE audit_entry, audit_head, audit_node;
DROP FUNCTION audit_refuse_change;
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
                    name="Entry",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("actor", models.BigIntegerField(null=True)),
                        ("actor_unit", models.BigIntegerField(null=True)),
                        ("action", models.TextField()),
                        ("subject_kind", models.TextField(default="")),
                        ("subject_id", models.BigIntegerField(null=True)),
                        ("purpose", models.TextField(default="")),
                        ("details", models.JSONField(default=dict)),
                    ],
                    options={"db_table": "audit_entry"},
                ),
                migrations.CreateModel(
                    name="Head",
                    fields=[
                        ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("previous_size", models.BigIntegerField(unique=True)),
                        ("root", models.BinaryField()),
                        ("sealed_at", models.DateTimeField()),
                        ("ids", Multirange()),
                        ("leaves", models.BinaryField()),
                        ("next_id", models.BigIntegerField()),
                        ("awaited", Multirange()),
                    ],
                    options={"db_table": "audit_head"},
                ),
                migrations.CreateModel(
                    name="Node",
                    fields=[
                        ("pk", models.CompositePrimaryKey("level", "index", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("level", models.SmallIntegerField()),
                        ("index", models.BigIntegerField()),
                        ("hash", models.BinaryField()),
                    ],
                    options={"db_table": "audit_node"},
                ),
            ],
        )
    ]
