"""Tasks: where each came from, written once; see `tasks.sql`."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0007_respondents'),
        ('office', '0002_kept_and_locked'),
        ('orgs', '0002_companies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_by', models.BigIntegerField()),
                ('holder_account_id', models.BigIntegerField(null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='office_task', to='casework.case')),
                ('from_case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks_from_it', to='casework.case')),
                ('handling', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='office.handling')),
                ('holder_unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit')),
                ('opinion', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='office.opinion')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['given_by'], name='office_task_given_by'), models.Index(fields=['holder_account_id'], name='office_task_of_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('opinion__isnull', False)), fields=('opinion', 'holder_unit', 'holder_account_id'), name='office_task_given_once', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL((Path(__file__).parent / 'tasks.sql').read_text(), migrations.RunSQL.noop),
    ]
