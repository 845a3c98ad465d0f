from django.db import migrations

from hemei.ledger import triggers


def install(apps, editor):
    triggers.install(editor.connection)


def remove(apps, editor):
    triggers.remove(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
