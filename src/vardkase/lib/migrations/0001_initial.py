from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("window", models.BigIntegerField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={"verbose_name": "rate"},
        ),
        migrations.RunSQL(
            """
            ALTER TABLE lib_rate SET UNLOGGED;
            CREATE UNLOGGED TABLE cache (
              cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX cache_expires ON cache (expires);
            """,
            "DROP TABLE cache",
        ),
    ]
