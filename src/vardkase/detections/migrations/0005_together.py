"""Messages of one group in one batch in one row; room for counts to change in place."""

import django.contrib.postgres.fields
from django.db import migrations, models

TOGETHER = """
ALTER TABLE detections_raw DROP COLUMN occurred, ADD COLUMN sizes integer[];
ALTER TABLE detections_hourly SET (fillfactor = 60);
"""
APART = """
ALTER TABLE detections_raw DROP COLUMN sizes,
  ADD COLUMN occurred timestamptz NOT NULL DEFAULT now();
ALTER TABLE detections_hourly RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("detections", "0004_mute_counts")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="raw", name="occurred"),
                migrations.AddField(
                    model_name="raw",
                    name="sizes",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), null=True, size=None
                    ),
                ),
            ],
            database_operations=[migrations.RunSQL(TOGETHER, APART)],
        )
    ]
