"""Room in a page for all its groups to change at once, and for those of a batch still open: a
group that finds none is entered anew in every index."""

from django.db import migrations

ROOM = """
ALTER TABLE detections_detection SET (fillfactor = 40);
ALTER TABLE detections_hourly SET (fillfactor = 40);
"""
BEFORE = """
ALTER TABLE detections_detection SET (fillfactor = 75);
ALTER TABLE detections_hourly SET (fillfactor = 60);
"""


class Migration(migrations.Migration):
    dependencies = [("detections", "0006_waiting")]
    operations = [migrations.RunSQL(ROOM, BEFORE)]
