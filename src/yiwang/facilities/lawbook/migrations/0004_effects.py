from django.db import migrations

# A new heading is nothing that becomes of an article.
WITHOUT_HEADINGS = "UPDATE lawbook_articlechange SET effects = array_remove(effects, 'heading')"


class Migration(migrations.Migration):

    dependencies = [('lawbook', '0003_windows_in_the_row')]

    operations = [
        migrations.RenameField('articlechange', 'verbs', 'effects'),
        migrations.RunSQL(WITHOUT_HEADINGS, migrations.RunSQL.noop),
    ]
