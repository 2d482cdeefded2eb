"""Documents issued by several units: each is asked for its signature over the same text."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0007_respondents'),
        ('office', '0004_reports'),
        ('orgs', '0002_companies'),
    ]

    operations = [
        migrations.AddField(
            model_name='countersign',
            name='is_joint',
            field=models.BooleanField(default=False),
        ),
        migrations.RemoveConstraint(model_name='countersign', name='office_countersigned_once'),
        migrations.AddConstraint(
            model_name='countersign',
            constraint=models.UniqueConstraint(fields=('handling', 'version', 'unit', 'is_joint'), name='office_countersigned_once'),
        ),
        migrations.RemoveConstraint(model_name='signature', name='office_version_signed_once'),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('version', 'kind', 'unit_id'), name='office_version_signed_once'),
        ),
    ]
