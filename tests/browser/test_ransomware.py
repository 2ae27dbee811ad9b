"""Issue 4's walk: ransomware at a region on a Friday night, from the alarm to the reports."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.conftest import WIDE, Open
from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.assessment.rules import Judgement
from vardkase.decisionlog.queries import verify
from vardkase.delivery.models import Notice
from vardkase.delivery.services import secret
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.obligations.models import Deadline, Submission
from vardkase.organisation.models import Duty, Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.workflow.assess import assess
from vardkase.workflow.oblige import answer
from vardkase.workflow.planning import plan_changed
from vardkase.workflow.report import report

HOUR = timedelta(hours=1)


@pytest.fixture
def karin(hire: Hire) -> Person:
    """The duty officer on duty."""
    person, at = hire("tib"), timezone.now()
    Duty.objects.create(person=person, since=at - HOUR, until=at + 12 * HOUR)
    return person


@pytest.fixture
def ciso(hire: Hire) -> Person:
    return hire("ciso")


@pytest.fixture
def case(hospital: Unit, karin: Person, ciso: Person) -> Event:
    """Files encrypted; judged an incident of priority 1; care limited for two and a half hours."""
    at = timezone.now() - 2.5 * HOUR
    said = {"personal_data": ["other"], "ongoing": ["worse"], "intent": ["yes"]}
    what = Report(what="Filerna går inte att öppna.", unit=hospital.pk, answers=said)
    event = report(what, by=Actor.reporter(at), at=at).event
    found = Judgement(
        outcome="confirmed_incident", impact=4, urgency=4, category="malware",
        reason="Filerna krypteras.",
    )  # fmt: skip
    assess(event, found, by=actor_of(ciso, at), at=at)
    plan_changed(timezone.now())
    return Event.objects.select_related("unit").get(pk=event.pk)


def regime(page: Page, title: str) -> str:
    return page.get_by_role("region", name=re.compile(title)).first.inner_text()


@pytest.mark.says("S2-095", "RS TiB ska lämnas möjlighet att följa ärendet")
def test_the_night_from_the_alarm_to_the_reports(
    case: Event, karin: Person, ciso: Person, open_page: Open
) -> None:
    notice = Notice.objects.get(person=karin)
    phone = open_page(f"/kvittera/{secret(notice.once)}", javascript=False)
    phone.get_by_role("button", name="Jag har sett det").click()
    assert "Sett" in phone.inner_text("main")
    notice.refresh_from_db()
    assert notice.seen_by == karin.key

    page = open_page(f"/arenden/{case.number}/rapportering", width=WIDE, person=ciso)
    said = {"t.activity_limited_hours": 2.5}
    answer(case, said, by=actor_of(ciso, timezone.now()), at=timezone.now())
    page.reload()
    assert "Ska rapporteras" in regime(page, "cybersäkerhetslagen")
    assert "preliminär" in regime(page, "Personuppgiftsincident")

    page.goto(f"/arenden/{case.number}/rapportering/se-nis2-csl/beslut")
    page.check("[name=outcome][value=report]")
    page.fill("[name=reason]", "Vården är begränsad.")
    page.locator("main form button.primary").first.click()
    assert "Vården är begränsad." in regime(page, "cybersäkerhetslagen")

    page.goto(f"/arenden/{case.number}/rapportering/se-nis2-csl/notification/rapport")
    missing = page.locator(".callout.warn").inner_text()
    page.locator("main form textarea").first.fill("Två utskriftsservrar är isolerade.")
    page.get_by_role("button", name="Spara svaren").click()
    assert "Två utskriftsservrar är isolerade." in page.locator("dl.said").inner_text()
    assert page.locator(".callout.warn").inner_text() != missing

    page.goto(f"/arenden/{case.number}/rapportering/se-nis2-csl/notification/skickad")
    page.fill("[name=alone_because]", "Natt.")
    page.locator("main form button.primary").first.click()
    assert Submission.objects.get().step == "notification"
    month = timezone.now() + timedelta(days=25)  # it goes on: a situation report, then the final
    rows = Deadline.objects.filter(obligation__regime="se-nis2-csl", ended_at=None)
    assert rows.get(step="situation").due_at > month
    over = {"incident.ongoing": False, "incident.ended_at": timezone.now().isoformat()}
    answer(case, over, by=actor_of(ciso, timezone.now()), at=timezone.now())
    assert rows.get(step="final").due_at > month
    assert verify().ok
