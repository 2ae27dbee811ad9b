"""The fictitious region: a year made by the verbs themselves, so that it is true to them."""

from django.utils import timezone

from vardkase.decisionlog.queries import verify
from vardkase.detections.models import Detection, Mute
from vardkase.events.models import Event, Raised
from vardkase.intake.demo.later import lay_sample
from vardkase.obligations.models import Deadline, Submission
from vardkase.organisation.models import Grant, Unit
from vardkase.policy.parameter import parameter
from vardkase.vulnerabilities.models import Check
from vardkase.workflow.planning import plan
from vardkase.workflow.sample.reporting import SETTLED


def test_the_sample_lies_beside_an_organisation_that_is_there(region: Unit) -> None:
    assert lay_sample.call() == 60
    assert Unit.objects.get(parent=None) == region
    has_every_state_and_every_role_and_a_whole_log()
    shows_what_the_rules_do()


def has_every_state_and_every_role_and_a_whole_log() -> None:
    now, year = timezone.now(), list(Event.objects.exclude(reporter_kind="machine"))
    assert len(year) >= 60
    assert set(Event.objects.values_list("state", flat=True)) == set(Event.State.values)
    roles = set(parameter("access.matrix").at(now).value["roles"])
    held = set(Grant.objects.values_list("role", flat=True))
    assert roles - held <= {"integration", "anonymous", "system"}
    assert verify().ok
    old = [event for event in year if now - event.received_at > SETTLED]
    for event in old:
        plan(event, now)
    late = Deadline.objects.filter(ended_at=None, due_at__lt=now, obligation__event__in=old)
    assert {(row.obligation.event.number, row.obligation.regime) for row in late} == set()
    assert Submission.objects.filter(step="final").exists()


def shows_what_the_rules_do() -> None:
    """Alarms from several sources: raised, joined, watched, muted; nothing lost."""
    assert Detection.objects.count() == 9
    assert set(Raised.objects.values_list("rule", flat=True)) == {
        "essential", "first", "watched", "many", "critical"
    }  # fmt: skip
    assert set(Check.objects.values_list("source__kind", flat=True)) == {
        "cert_se", "outsourced", "media"
    }  # fmt: skip
    quiet = Mute.objects.select_related("detection").get(ended_at=None)
    assert quiet.meanwhile == 5
    raised = Event.objects.filter(reporter_kind="machine")
    assert set(raised.values_list("kind", flat=True)) == {"incident", "vulnerability"}
    assert verify().ok
