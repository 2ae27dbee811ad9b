"""The pages of alarms in a real browser: no faults, readable on a phone, nothing hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.conftest import Look
from tests.conftest import Hire
from tests.detections.sources import TALK
from tests.shared import SHARED
from vardkase.detections.models import Detection
from vardkase.intake.batch import take_in
from vardkase.intake.registry import source

REPLAY = SHARED / "data/detectors/suricata/first-org.replayed.derived.eve.ndjson"


@pytest.fixture
def alarms(db: None) -> None:
    now = timezone.now()
    body = REPLAY.read_bytes()
    for hours in (30, 20, 3, 2, 0):
        take_in(source("suricata"), body, received_at=now - timedelta(hours=hours))
        body = b"\n".join(body.split(b"\n")[::2])
    odd = '{"rule": "\u202efdp.exe <script>alert(1)</script>", "host": "db1", "severity": 5}'
    take_in(TALK, odd.encode() + b'\n{"what": "<b>nothing</b>"}', received_at=now)


def test_the_pages_have_no_faults(alarms: None, hire: Hire, look: Look) -> None:
    chief = hire("security_chief")
    last = Detection.objects.get(source="talk").pk
    busy = Detection.objects.filter(source="suricata").order_by("-count")[0].pk
    look("/larm", "detections", person=chief)
    look("/larm?allvar=5&kalla=talk", "detections-narrowed", person=chief)
    look(f"/larm/{last}", "detection-odd", person=chief)
    look(f"/larm/{busy}", "detection", person=chief)
    look("/larm/at-sidan", "detections-aside", person=chief)
    look("/larm/regler", "detections-rules", person=chief)
    look("/kallor", "sources", person=chief)
