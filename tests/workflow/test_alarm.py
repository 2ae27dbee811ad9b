"""Grave incidents wake somebody, and the next in line until one has seen it (S2-094)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import NOW, Hire

from vardkase.access.actor import Actor
from vardkase.assessment.rules import Judgement
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import verify
from vardkase.delivery.models import Notice, Sending
from vardkase.delivery.services import secret
from vardkase.delivery.transports import NO_MAIL
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Duty, Person, Unit
from vardkase.workflow.acting import NotNow
from vardkase.workflow.alarm import hand_over, pass_on
from vardkase.workflow.assess import assess
from vardkase.workflow.report import report

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(hospital: Unit) -> Event:
    what = Report(what="Journalsystemet svarar inte.", unit=hospital.pk)
    return report(what, by=Actor.reporter(NOW), at=NOW).event


@pytest.fixture
def karin(hire: Hire) -> Person:
    """The duty officer on duty."""
    person = hire("tib")
    Duty.objects.create(person=person, since=NOW - 60 * MINUTE, until=NOW + 600 * MINUTE)
    return person


def judge(case: Event, impact: int, urgency: int, by: Actor) -> None:
    judgement = Judgement(
        outcome="confirmed_incident", impact=impact, urgency=urgency, category="technical_failure",
        reason="Ingen kommer åt journalerna.",
    )  # fmt: skip
    assess(case, judgement, by=by, at=NOW)


@pytest.mark.says(
    "S2-094",
    "Incidenter som klassificeras som 1 och 2 enligt incidentprioriteringsmatrisen"
    " ska rapporteras till",
)
@pytest.mark.parametrize(("impact", "urgency", "told"), [(4, 4, 1), (3, 4, 1), (1, 1, 0)])
def test_priority_1_and_2_tell_the_duty_officer_by_themselves(
    case: Event, karin: Person, hire: Hire, act: Callable[[Person], Actor],
    impact: int, urgency: int, told: int,
) -> None:  # fmt: skip
    judge(case, impact, urgency, act(hire("assessor")))
    assert Notice.objects.filter(case=case.number, person=karin).count() == told
    entry = Entry.objects.filter(chain=case.number).latest("place")
    assert entry.kind == "event.assessed"


def test_the_same_gravity_again_tells_nobody_again_but_worse_does(
    case: Event, karin: Person, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    by = act(hire("assessor"))
    judge(case, 3, 4, by)
    judge(case, 3, 4, by)
    assert Notice.objects.count() == 1
    judge(case, 4, 4, by)
    assert Notice.objects.count() == 2


def test_the_next_in_line_is_told_when_nobody_has_seen_it_in_time(
    case: Event, karin: Person, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    following, chief = hire("tib"), hire("ciso")
    judge(case, 4, 4, act(hire("assessor")))
    assert pass_on(NOW + 9 * MINUTE) == 0
    assert pass_on(NOW + 10 * MINUTE) == 1
    assert pass_on(NOW + 11 * MINUTE) == 0
    assert pass_on(NOW + 21 * MINUTE) == 1
    told = list(Notice.objects.order_by("pk").values_list("person", flat=True))
    assert told == [karin.pk, following.pk, chief.pk]
    assert pass_on(NOW + 40 * MINUTE) == 0  # nobody is left: the page says so
    assert Entry.objects.filter(chain=case.number, kind="alarm.passed_on").count() == 3
    assert verify().ok


@pytest.mark.says("S2-095", "RS TiB ska lämnas möjlighet att följa ärendet")
def test_the_link_says_seen_without_a_login_and_tells_nothing_of_the_case(
    case: Event, karin: Person, hire: Hire, act: Callable[[Person], Actor], client: Client
) -> None:
    judge(case, 4, 4, act(hire("assessor")))
    notice = Notice.objects.get()
    page = client.get(f"/kvittera/{secret(notice.once)}")
    assert page.status_code == 200
    assert "Journalsystemet" not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert client.post(f"/kvittera/{secret(notice.once)}").status_code == 302
    assert pass_on(NOW + 30 * MINUTE) == 0
    entry = Entry.objects.filter(chain=case.number).latest("place")
    assert (entry.kind, entry.by) == ("alarm.acknowledged", karin.key)
    assert client.get("/kvittera/gissat").status_code == 404


@pytest.mark.says("S2-096", "RS TiB kan överlämna ärendet till annan person")
def test_the_duty_officer_hands_over_and_the_other_is_told(
    case: Event, karin: Person, hire: Hire, act: Callable[[Person], Actor],
    signed_in: Callable[[Person], Client],
) -> None:  # fmt: skip
    other = hire("tib")
    judge(case, 4, 4, act(hire("assessor")))
    answer = signed_in(karin).post(
        f"/arenden/{case.number}/larm/lamna-over", {"person": other.username, "reason": "Sjuk"}
    )
    assert answer.status_code == 302
    assert Notice.objects.filter(person=other).count() == 1
    assert Notice.objects.get(person=karin).seen_at is not None
    page = signed_in(other).get(f"/arenden/{case.number}/larm").content.decode()
    assert karin.name in page
    assert other.name in page


@pytest.mark.parametrize(
    ("tries", "told"), [(1, "misslyckades 1 gång"), (4, "misslyckades 4 gånger")]
)
def test_the_page_says_in_the_readers_language_why_a_message_was_not_sent(
    case: Event, karin: Person, hire: Hire, act: Callable[[Person], Actor],
    signed_in: Callable[[Person], Client], tries: int, told: str,
) -> None:  # fmt: skip
    judge(case, 4, 4, act(hire("assessor")))
    one = Notice.objects.filter(case=case.number).earliest("pk")
    Sending.objects.create(notice=one, due_at=NOW, tries=tries, fault=NO_MAIL)
    page = signed_in(karin).get(f"/arenden/{case.number}/larm").content.decode()
    assert f"{told}: larm kan inte skickas med e-post; be driften" in page
    assert "VARDKASE" not in page


def test_nobody_is_told_of_a_case_that_is_closed_to_him(
    case: Event, karin: Person, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    Event.objects.filter(pk=case.pk).update(labels=["patient"])
    case.refresh_from_db()
    cleared = hire("ciso", labels=["patient"])
    judge(case, 4, 4, act(hire("assessor", labels=["patient"])))
    (notice,) = Notice.objects.all()
    assert notice.person == cleared
    assert notice.discreet


def test_a_case_that_is_no_incident_any_more_wakes_nobody(
    case: Event, karin: Person, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    hire("tib")
    judge(case, 4, 4, act(hire("assessor")))
    Event.objects.filter(pk=case.pk).update(state="not_incident")
    assert pass_on(NOW + 30 * MINUTE) == 0


def test_handing_over_to_somebody_who_cannot_open_the_case_is_refused(
    case: Event, karin: Person, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    with pytest.raises(NotNow):
        hand_over(case, hire("reporter"), reason="", by=act(karin), at=NOW)
