"""Reports that go up: their marks of adoption, written once; see `reports.sql`."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0007_respondents'),
        ('office', '0003_tasks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_number', models.IntegerField()),
                ('level', models.CharField(max_length=20)),
                ('bulletin', models.CharField(blank=True, max_length=60)),
                ('issue', models.CharField(blank=True, max_length=20)),
                ('words', models.TextField(blank=True)),
                ('unit_id', models.BigIntegerField()),
                ('account_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='office_adoptions', to='casework.case')),
            ],
            options={
                'ordering': ['case_id', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('case', 'entry_number'), name='office_adopted_once_a_step')],
            },
        ),
        migrations.RunSQL((Path(__file__).parent / 'reports.sql').read_text(), migrations.RunSQL.noop),
    ]
