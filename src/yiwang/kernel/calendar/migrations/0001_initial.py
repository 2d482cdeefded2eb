"""The tables of the working calendar: announcements and their days."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('version', models.PositiveSmallIntegerField()),
                ('status', models.CharField(choices=[('published', 'PUBLISHED'), ('provisional', 'PROVISIONAL')], max_length=16)),
                ('source', models.CharField(max_length=200)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('published_by', models.BigIntegerField(blank=True, null=True)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['year', 'version'],
                'constraints': [models.UniqueConstraint(fields=('year', 'version'), name='calendar_year_version_once'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('year',), name='calendar_year_one_current')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('holiday', 'HOLIDAY'), ('make_up_working', 'MAKE_UP_WORKING')], max_length=16)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=160)),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='calendar.calendaryear')),
            ],
            options={
                'ordering': ['day'],
                'constraints': [models.UniqueConstraint(fields=('year', 'day'), name='calendar_day_once_a_year')],
            },
        ),
    ]
