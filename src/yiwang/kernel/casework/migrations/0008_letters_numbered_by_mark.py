"""Letters of different marks under one key are numbered apart: the counters are found anew from the letters."""

from django.db import migrations, models

FOUND_ANEW = """
INSERT INTO casework_lettercounter (unit_id, mark, year, last)
SELECT l.unit_id, substr(said[1], length(u.short_name) + 1), said[2]::int, max(said[3]::int)
FROM casework_letter l JOIN orgs_unit u ON u.id = l.unit_id,
    LATERAL regexp_match(l.number, '^(.+)〔(\\d{4})〕(\\d{1,9})号$') AS said
WHERE starts_with(said[1], u.short_name)
AND length(said[1]) BETWEEN length(u.short_name) + 1 AND length(u.short_name) + 20
GROUP BY 1, 2, 3
"""
"""Letters under a former name of their unit count for nothing: under the new one no number was given yet."""


class Migration(migrations.Migration):
    """Renames the column and fills the table from the letters."""

    dependencies = [("casework", "0007_respondents")]

    operations = [
        migrations.RunSQL("DELETE FROM casework_lettercounter"),
        migrations.RemoveConstraint("lettercounter", "letter_counter_once"),
        migrations.RenameField("lettercounter", "kind", "mark"),
        migrations.AddConstraint(
            "lettercounter",
            models.UniqueConstraint(fields=("unit", "mark", "year"), name="letter_counter_once"),
        ),
        migrations.RunSQL(FOUND_ANEW),
    ]
