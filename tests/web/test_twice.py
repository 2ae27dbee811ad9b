"""A form sent twice, or again with the browser's back button, changes nothing more (F33)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor, Grant
from vardkase.assessment.models import Assessment
from vardkase.assessment.rules import Judgement
from vardkase.conclusions.rules import CLOSING
from vardkase.decisionlog.models import Entry
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.incidents.models import Action, Incident, Milestone, Part, Situation
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.assess import assess
from vardkase.workflow.report import report

CISO = Actor("p1", "Chef", NOW, (Grant("ciso", "/"),))
JUDGED = Judgement(
    outcome="confirmed_incident", impact=2, urgency=2, category="malware", reason="x"
)
REACHED = {"reason": "Stilla.", "reached_at": "2026-11-22T07:00"}
REVIEW = {"cause_kind": "fault", "cause": "x", "course": "x", "lessons": "x"}
BETTER = {"a0-title": "Byt VPN", "a0-kind": "preventive", "a0-owner": "{login}"}
MARKED: dict[str, dict[str, str]] = {  # forms that carry the mark of their sending
    "anteckning": {"text": "Ringde."},
    "beslut": {"text": "Stäng.", "role": "ciso"},
    "laget": {"text": "Nere."},
    "samband": {"threat": "Utpressare"},
    "atgarder/ny": {"title": "Koppla bort", "kind": "immediate", "owner": "{login}"},
    "atgarder/{action}/gang": {"state": "done", "note": "Klart."},
    "under-kontroll": REACHED,
    "aterstalld": REACHED,
    "slutsatser": REVIEW | BETTER,
}
STANDING: dict[str, dict[str, str]] = {  # refused the second time, since it stands already
    "roller": {"person": "{login}", "part": "scribe"},
    "roller/{part}/lamna": {},
    "atgarder/{action}/lamna-over": {"owner": "{login}", "due_at": "2026-12-24T15:00"},
    "inte-under-kontroll": {"text": "Spred sig."},
    "avsluta": {f"why_{code}": "Övning." for code in CLOSING},
}
ONCE = "0123456789abcdef0123456789abcdef"

type Names = dict[str, Any]


@pytest.fixture
def case(hospital: Unit) -> Event:
    sent = Report(what="Filer krypterade.", unit=hospital.pk)
    event = report(sent, by=Actor.reporter(NOW), at=NOW).event
    assess(event, JUDGED, by=CISO, at=NOW)
    return Event.objects.get(pk=event.pk)


@pytest.fixture
def names(case: Event, hire: Hire, hospital: Unit) -> Names:
    """What the addresses and forms name: a colleague, an action, a part, a milestone."""
    hugo, incident = hire("handler", hospital), Incident.objects.get()
    made: dict[str, Any] = {"incident": incident, "at": NOW, "by": "p1"}
    action = Action.objects.create(title="x", kind="recovery", owner=hire("ciso"), **made)
    part = Part.objects.create(person=hugo, part="expert", **made)
    return {"login": hugo.username, "action": action.pk, "part": part.pk}


@pytest.fixture
def web(hire: Hire, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(hire("ciso"))


def entries(case: Event) -> int:
    return Entry.objects.filter(chain=case.number).count()


def send(web: Client, case: Event, names: Names, page: str, form: dict[str, str]) -> Any:
    filled = {name: value.format(**names) for name, value in form.items()}
    return web.post(f"/arenden/{case.number}/{page.format(**names)}", filled)


@pytest.mark.parametrize("page", MARKED)
def test_a_form_sent_twice_is_taken_once_and_leads_to_the_same_place(
    web: Client, case: Event, names: Names, page: str
) -> None:
    form = MARKED[page] | {"once": ONCE}
    first = send(web, case, names, page, form)
    written = entries(case)
    again = send(web, case, names, page, form)
    assert (first.status_code, again.status_code) == (302, 302)
    assert again["location"] == first["location"]
    assert entries(case) == written


@pytest.mark.parametrize("page", ["anteckning", "laget", "samband", "slutsatser"])
def test_a_form_gone_back_to_and_changed_is_taken_as_what_it_now_says(
    web: Client, case: Event, names: Names, page: str
) -> None:
    form = {k: v for k, v in MARKED[page].items() if not k.startswith("a0")} | {"once": ONCE}
    send(web, case, names, page, form)
    written = entries(case)
    changed = next(name for name in form if name in ("text", "threat", "lessons"))
    assert send(web, case, names, page, form | {changed: "Något annat."}).status_code == 302
    assert entries(case) == written + 1


@pytest.mark.parametrize("page", STANDING)
def test_what_stands_already_is_said_and_not_done_again(
    web: Client, case: Event, names: Names, page: str
) -> None:
    if page == "inte-under-kontroll":
        Milestone.objects.create(
            incident=Incident.objects.get(), kind="under_control", reached=True, reached_at=NOW,
            reason="x", at=NOW, by="p1",
        )  # fmt: skip
    assert send(web, case, names, page, STANDING[page]).status_code == 302
    written = entries(case)
    again = send(web, case, names, page, STANDING[page])
    assert again.status_code in (302, 409)
    assert entries(case) == written
    told = again if again.status_code == 409 else web.get(again["location"])
    assert any(mark in told.content.decode() for mark in ('role="alert"', "callout warn"))


def test_an_old_form_of_the_situation_shows_both_versions_and_loses_neither(
    web: Client, case: Event, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    other = signed_in(hire("incident_manager"))
    address = f"/arenden/{case.number}/laget"
    mine = {"text": "Min bild.", "expected": "0", "once": ONCE}
    assert other.post(address, {"text": "Hans bild.", "expected": "0"}).status_code == 302
    answer = web.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Min bild." in page
    assert "Hans bild." in page
    seen = answer.context["form"]["expected"].value()
    assert web.post(address, mine | {"expected": seen}).status_code == 302
    assert list(Situation.objects.values_list("text", flat=True)) == ["Hans bild.", "Min bild."]


def test_an_assessment_sent_twice_is_judged_once(web: Client, hospital: Unit) -> None:
    sent = Report(what="Något annat.", unit=hospital.pk)
    event = report(sent, by=Actor.reporter(NOW), at=NOW).event
    form = {"matrix": "22", "kind": "malware", "outcome": "confirmed_incident", "reason": "x"}
    form |= {"expected": "0"}
    address = f"/handelser/{event.number}/bedom"
    assert web.post(address, form).status_code == 302
    assert web.post(address, form).status_code == 409
    assert Assessment.objects.filter(event=event).count() == 1


def pages(web: Client, case: Event, names: Names) -> Iterator[str]:
    for page in MARKED:
        if page not in ("anteckning", "atgarder/{action}/gang"):  # drawn on other pages
            yield web.get(f"/arenden/{case.number}/{page.format(**names)}").content.decode()
    yield web.get(f"/arenden/{case.number}").content.decode()
    yield web.get(f"/arenden/{case.number}/atgarder/{names['action']}").content.decode()


def test_every_form_carries_a_mark_and_no_browser_keeps_the_page(
    web: Client, case: Event, names: Names
) -> None:
    """What the back button shows is asked for again, so an old form is not met by surprise."""
    for html in pages(web, case, names):
        assert 'name="once" value="' in html
    assert "no-store" in web.get(f"/arenden/{case.number}/laget")["cache-control"]
