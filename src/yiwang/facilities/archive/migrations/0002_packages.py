"""Transfer packages that were made, what the checks found and who took them over; see `packages.sql`."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('period', models.CharField(blank=True, choices=[('Y', 'Permanent'), ('D30', '30 years'), ('D10', '10 years')], max_length=4)),
                ('asked_by', models.BigIntegerField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('made_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('unit_count', models.PositiveIntegerField(default=0)),
                ('file_count', models.PositiveIntegerField(default=0)),
                ('size', models.BigIntegerField(default=0)),
                ('seal', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('findings', models.JSONField(default=list)),
                ('lacking', models.JSONField(default=list)),
                ('received_by', models.CharField(blank=True, max_length=120)),
                ('received_on', models.DateField(null=True)),
                ('receipt_number', models.CharField(blank=True, max_length=60)),
                ('handed_over_by', models.BigIntegerField(null=True)),
                ('handed_over_at', models.DateTimeField(null=True)),
                ('fonds', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='archive.fonds')),
                ('units', models.ManyToManyField(related_name='packages', to='archive.fileunit')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['fonds', '-id'], name='archive_packages_of')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('failed_at__isnull', True), ('made_at__isnull', True)), fields=('fonds',), name='archive_one_package_in_the_making'), models.CheckConstraint(condition=models.Q(('handed_over_at__isnull', True), models.Q(('made_at__isnull', False), ('received_on__isnull', False), models.Q(('received_by', ''), _negated=True)), _connector='OR'), name='archive_handed_over_to_somebody')],
            },
        ),
        migrations.RunSQL((Path(__file__).parent / 'packages.sql').read_text(), migrations.RunSQL.noop),
    ]
