from django.db import migrations

STALE = """
INSERT INTO decisionlog_fresh (entry_id)
SELECT e.id FROM events_event v
JOIN decisionlog_chain c ON c.key = v.number
JOIN decisionlog_entry e ON e.chain = c.key AND e.place = c.length
LEFT JOIN obligations_planned p ON p.event_id = v.id
WHERE p.entries IS DISTINCT FROM c.length
"""


class Migration(migrations.Migration):
    """What was not planned by yet is so still."""

    dependencies = [("obligations", "0002_entities_and_replies"), ("decisionlog", "0004_fresh")]
    operations = [
        migrations.RunSQL(STALE, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Planned"),
    ]
