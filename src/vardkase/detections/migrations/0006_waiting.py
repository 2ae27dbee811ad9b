"""Since when a group waits for the rules, when they last looked, and words to search in."""

import django.contrib.postgres.indexes
import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Upper

FILL = """
UPDATE detections_detection SET
  pending_since = CASE WHEN pending THEN received_at END,
  looked_at = CASE WHEN NOT pending THEN received_at END,
  words = concat_ws(E'\\n', title, rule, source_host, target_host, "user")
"""


class Migration(migrations.Migration):
    dependencies = [("detections", "0005_together")]
    operations = [
        migrations.AddField(
            model_name="detection",
            name="pending_since",
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True),
        ),
        migrations.AddField(
            model_name="detection",
            name="looked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="detection", name="words", field=models.TextField(blank=True, default="")
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="detection", name="detection_pending"),
        migrations.RemoveField(model_name="detection", name="pending"),
        migrations.AddIndex(
            model_name="detection",
            index=models.Index(
                condition=models.Q(("asset__isnull", False)),
                fields=["hour", "id"],
                name="detections_at_assets",
            ),
        ),
        migrations.AddIndex(
            model_name="detection",
            index=models.Index(
                condition=models.Q(("pending_since__isnull", False)),
                fields=["pending_since", "id"],
                name="detections_that_wait",
            ),
        ),
        migrations.AddIndex(
            model_name="detection",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(Upper("words"), name="gin_trgm_ops"),
                name="detection_words_part",
            ),
        ),
    ]
