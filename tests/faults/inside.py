"""`python -m tests.faults.inside DATA JOB`: what a fault test needs from within an instance."""

import json
import sys
from pathlib import Path

from vardkase.config.instance import opened, set_up_django

STORED = """
SELECT (regexp_matches(encode(body, 'escape'), 'mark-[0-9a-f-]+', 'g'))[1] FROM detections_raw
"""


def main(data: Path, job: str) -> None:
    set_up_django(data)
    with opened(data):
        print(json.dumps({"found": found, "stored": stored}[job]()))  # noqa: T201


def found() -> str:
    """An organisation with one program that sends alarms; its token."""
    from django.utils import timezone  # noqa: PLC0415  Django is set up by now

    from vardkase.access.actor import Actor  # noqa: PLC0415
    from vardkase.organisation import tokens  # noqa: PLC0415
    from vardkase.organisation.models import Organisation, Unit  # noqa: PLC0415

    at = timezone.now()
    Organisation.objects.create(name="Region Exempel", kind="region", founded_at=at)
    unit = Unit.objects.create(name="Region Exempel", path="/1/")
    unit.path = f"/{unit.pk}/"
    unit.save()
    return tokens.create(
        tokens.Wanted("x", "integration", unit), by=Actor.system(at), at=at
    )[1]  # fmt: skip


def stored() -> dict[str, object]:
    """The marks of the messages that are stored, each as often as it is, and the sum of counts."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(STORED)
        marks = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT coalesce(sum(count), 0) FROM detections_detection")
        (total,) = cursor.fetchone()
        cursor.execute("SELECT coalesce(sum(count), 0) FROM detections_hourly")
        (hourly,) = cursor.fetchone()
    return {"marks": marks, "counted": int(total), "hourly": int(hourly)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
