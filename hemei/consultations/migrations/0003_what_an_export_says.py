from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0002_replies_and_papers_in_english'),
    ]

    operations = [
        migrations.AddField(
            model_name='batch',
            name='told',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
