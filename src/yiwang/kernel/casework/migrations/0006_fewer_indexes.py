"""Indexes that nobody asks by, or that another one begins with, are no longer written with every row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Takes seconds at a million cases; one index is built anew."""

    dependencies = [
        ('casework', '0005_second_lock'),
        ('orgs', '0002_companies'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='journalentry',
            name='journal_request_once',
        ),
        migrations.AlterField(
            model_name='case',
            name='holder_unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AlterField(
            model_name='case',
            name='number',
            field=models.CharField(max_length=40),
        ),
        migrations.AlterField(
            model_name='case',
            name='place_unit',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AlterField(
            model_name='case',
            name='repeat_of',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='case',
            name='root_unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AlterField(
            model_name='clockrecord',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='clock_records', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='clockrecord',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AlterField(
            model_name='custodyrecord',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='custody', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='custodyrecord',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AlterField(
            model_name='journalentry',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='to_unit',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AlterField(
            model_name='lettercounter',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AlterField(
            model_name='party',
            name='unit',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('repeat_of__isnull', False)), fields=['repeat_of'], name='case_repeats'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('number',), name='case_number_once'),
        ),
        migrations.AddConstraint(
            model_name='journalentry',
            constraint=models.UniqueConstraint(condition=models.Q(('request_key__isnull', False)), fields=('case', 'request_key'), name='journal_request_once'),
        ),
    ]
