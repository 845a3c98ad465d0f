from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("decisions", "0004_a_stated_receipt")]

    operations = [migrations.RenameField(model_name="costplan", old_name="figures", new_name="asked")]
