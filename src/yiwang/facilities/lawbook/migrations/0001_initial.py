from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

SCHEMA = Path(__file__).with_name("lawbook.sql").read_text()
UNDO = "ALTER TABLE lawbook_passage DROP COLUMN folded;"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('search', '0003_longer_pending_list'),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Load',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('source', models.CharField(max_length=300)),
                ('counts', models.JSONField()),
                ('findings', models.JSONField()),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Work',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('short_title', models.CharField(max_length=200)),
                ('rank', models.CharField(choices=[('constitution', 'CONSTITUTION'), ('law', 'LAW'), ('regulation', 'REGULATION'), ('interpretation', 'INTERPRETATION'), ('rule', 'RULE'), ('local', 'LOCAL'), ('amendment', 'AMENDMENT'), ('other', 'OTHER')], max_length=16)),
                ('field', models.CharField(blank=True, max_length=30)),
                ('is_repealed', models.BooleanField(default=False)),
                ('repealed_on', models.DateField(null=True)),
                ('repealed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lawbook.work')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passed_on', models.DateField(null=True)),
                ('force_on', models.DateField(null=True)),
                ('force_basis', models.CharField(choices=[('stated', 'STATED'), ('published', 'PUBLISHED'), ('headed', 'HEADED'), ('amendment', 'AMENDMENT'), ('told', 'TOLD'), ('assumed', 'ASSUMED'), ('unknown', 'UNKNOWN')], max_length=10)),
                ('in_force', django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ('preliminaries', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('amended_by', models.CharField(blank=True, max_length=200)),
                ('amended_on', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), default=list, size=None)),
                ('repeals', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, size=None)),
                ('repeals_on', models.DateField(null=True)),
                ('source', models.CharField(max_length=300)),
                ('digest', models.CharField(max_length=64)),
                ('articles', models.PositiveIntegerField()),
                ('characters', models.PositiveIntegerField()),
                ('loaded_at', models.DateTimeField()),
                ('work', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='lawbook.work')),
            ],
            options={
                'ordering': ['force_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Name',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('work', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='lawbook.work')),
            ],
            options={
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('part', 'PART'), ('subpart', 'SUBPART'), ('chapter', 'CHAPTER'), ('section', 'SECTION'), ('article', 'ARTICLE'), ('paragraph', 'PARAGRAPH'), ('item', 'ITEM'), ('subitem', 'SUBITEM'), ('clause', 'CLAUSE'), ('heading', 'HEADING'), ('annex', 'ANNEX'), ('text', 'TEXT')], max_length=10)),
                ('depth', models.PositiveSmallIntegerField()),
                ('annex', models.PositiveSmallIntegerField(default=0)),
                ('number', models.PositiveIntegerField(null=True)),
                ('branch', models.PositiveSmallIntegerField(default=0)),
                ('heading', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='lawbook.version')),
            ],
            options={
                'ordering': ['version', 'place'],
                'constraints': [models.UniqueConstraint(fields=('version', 'place'), name='passage_place'), models.UniqueConstraint(condition=models.Q(('kind', 'article')), fields=('version', 'annex', 'number', 'branch'), name='passage_article_once')],
            },
        ),
        migrations.AddIndex(
            model_name='work',
            index=models.Index(fields=['rank', 'short_title'], name='work_rank'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('work', 'passed_on'), name='version_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('work', '='), ('in_force', '&&')], name='version_one_in_force'),
        ),
        migrations.RunSQL(SCHEMA, UNDO),
    ]
