"""Alarms, ways of being reached and reporting in a real browser: no faults, readable at night."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from tests.browser.conftest import Look
from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.assessment.rules import Judgement
from vardkase.delivery.models import Channel, Notice
from vardkase.delivery.services import add_channel, secret
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Duty, Person, Team, Unit
from vardkase.organisation.queries import actor_of
from vardkase.workflow import alarm, oblige
from vardkase.workflow.assess import assess
from vardkase.workflow.report import report

LATE = "Helgen före sågs inte larmet, och ingen annan hade tillgång till ärendet. "


@pytest.fixture
def chief(hire: Hire, hospital: Unit) -> Person:
    return hire("ciso")


@pytest.fixture
def officer(hire: Hire, region: Unit) -> Person:
    """On duty, reached by mail and telephone; the telephone failed last."""
    person, now = hire("tib"), timezone.now()
    Duty.objects.create(person=person, since=now - timedelta(days=2), until=now + timedelta(days=1))
    by = actor_of(person, now)
    add_channel(person, "email", "karin@region.example", by=by, at=now)
    quiet = (time(22), time(6))
    sms = add_channel(person, "sms", "+46701740605", quiet=quiet, by=by, at=now)
    Channel.objects.filter(person=person).update(worked_at=now)
    Channel.objects.filter(pk=sms.pk).update(
        failed_at=now, fault="The operator answered 503: nobody there; tried again in ten minutes."
    )
    return person


@pytest.fixture
def case(hospital: Unit, hire: Hire, officer: Person, chief: Person) -> Event:
    """Grave, told of, passed on; one law's report decided and sent, others waiting."""
    now = timezone.now()
    then = now - timedelta(hours=30)
    what = Report(what="Journalsystemet svarar inte; " * 4, unit=hospital.pk)
    found = report(what, by=Actor.reporter(then), at=then).event
    judged = Judgement(
        outcome="confirmed_incident", impact=4, urgency=4, category="malware", reason="Pågår."
    )
    assess(found, judged, by=actor_of(chief, then), at=then)
    alarm.pass_on(then + timedelta(hours=1))
    by = actor_of(chief, now)
    oblige.answer(found, {"t.personal_data": True}, by=by, at=now)
    oblige.rule(found, "eu-gdpr", "report", "Risk för patienterna.", by=by, at=now)
    sent = oblige.Sent(
        "imy", now, "Integritetsskyddsmyndigheten", reference="IMY-2026-1",
        alone_because="Natt.", late_reason=LATE * 3, past_because="Ombudet är på resa.",
    )  # fmt: skip
    oblige.record_sent(found, "eu-gdpr", sent, by=by, at=now)
    return Event.objects.get(pk=found.pk)


def test_the_link_of_a_notice_has_no_faults(case: Event, look: Look) -> None:
    """Nobody is logged in: whoever holds the link sees number, time and three things to press."""
    waiting = Notice.objects.filter(case=case.number, seen_at=None).earliest("pk")
    look(f"/kvittera/{secret(waiting.once)}", "acknowledge")
    alarm.acknowledge(waiting, at=timezone.now())
    look(f"/kvittera/{secret(waiting.once)}", "acknowledge-seen")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/arenden/{}/larm", "case-alarm"),
        ("/arenden/{}/larm/lamna-over", "alarm-hand-over"),
        ("/arenden/{}/rapportering", "case-duties"),
        ("/arenden/{}/rapportering/eu-gdpr/beslut", "duty-decide"),
        ("/arenden/{}/rapportering/eu-gdpr/imy/skickad", "duty-sent"),
        ("/arenden/{}/rapportering/eu-gdpr/imy/rapport", "duty-report"),
    ],
)
def test_a_page_of_the_case_has_no_faults(
    path: str, name: str, case: Event, chief: Person, look: Look
) -> None:
    look(path.format(case.number), name, person=chief)


def test_the_ways_of_being_reached_have_no_faults(
    officer: Person, chief: Person, region: Unit, look: Look
) -> None:
    team = Team.objects.create(name="Säkerhet", unit=region)
    hook = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#incident"
    now = timezone.now()
    add_channel(team, "slack", hook, by=actor_of(chief, now), at=now)
    look("/konto/meddelanden", "own-channels", person=officer)
    look("/konto/meddelanden", "own-channels-none", person=chief)
    look(f"/grupper/{team.pk}/meddelanden", "team-channels", person=chief)
