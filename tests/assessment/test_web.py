"""Step 2 in the browser: the queue, one event, one confirmation, and two editors."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.assessment.conftest import CONFIRMED, NOTHING, Tell
from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.assessment.models import Assessment, Referral
from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry, Request
from vardkase.decisionlog.queries import body
from vardkase.events.models import Event
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.workflow import four_eyes
from vardkase.workflow.assess import Recipient, assess, merge, refer
from vardkase.workflow.report import send_message

FORM = {"matrix": "22", "reason": "Övertrasserad kvot.", "outcome": "confirmed_incident"}

type Door = Callable[[Person], Client]


@pytest.fixture
def web(karin: Person, signed_in: Door) -> Client:
    return signed_in(karin)


@pytest.fixture
def by(karin: Person) -> Actor:
    return actor_of(karin, NOW)


def at(event: Event, rest: str = "bedom") -> str:
    return f"/handelser/{event.number}/{rest}"


def now(event: Event) -> Event:
    return Event.objects.select_related("unit").get(pk=event.pk)


def page_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# The queue


def test_the_queue_shows_what_waits_with_its_suggestion(web: Client, tell: Tell) -> None:
    event = tell(answers={"harm": ["yes"], "personal_data": ["sensitive"], "intent": ["yes"]})
    page = page_of(web.get("/att-bedoma"))
    assert f"visa={event.number}" in page
    for words in ("Vårdskada?", "Personuppgifter", "Brott misstänks", "Föreslagen prioritet",
                  "Någon kan komma till skada."):  # fmt: skip
        assert words in page
    assert 'class="prio p' in page
    assert "guess" in page


def test_an_empty_queue_says_so(web: Client) -> None:
    assert "Kön är tom" in page_of(web.get("/att-bedoma"))


def test_the_filter_stands_in_the_address_and_survives_a_choice(
    web: Client, tell: Tell, hospital: Unit
) -> None:
    mine = tell("Ett larm.", source="monitoring")
    tell("Ett annat.", source="user")
    page = page_of(web.get(f"/att-bedoma?kalla=monitoring&enhet={hospital.pk}"))
    assert page.count("<li id=") == 1
    assert f"enhet={hospital.pk}&amp;kalla=monitoring&amp;visa={mine.number}" in page
    assert "Ingen händelse väntar här" in page_of(web.get("/att-bedoma?kalla=external"))


@pytest.mark.parametrize(
    "query",
    ["kalla=%00", "enhet=99999999999999999999", "efter=x", "slag=x&ordning=x", "enhet=1%27"],
)
def test_an_odd_address_is_no_fault(web: Client, event: Event, query: str) -> None:
    assert web.get(f"/att-bedoma?{query}").status_code in (200, 302)


@pytest.mark.says("S1-06", "åtgärda uppkomna problem innan situationen förvärras")
def test_what_has_waited_too_long_is_marked(web: Client, event: Event) -> None:
    def reported(hours: int) -> str:
        at = timezone.now() - timedelta(hours=hours)
        Event.objects.filter(pk=event.pk).update(reported_at=at, received_at=at)
        return page_of(web.get("/att-bedoma")).replace("\xa0", " ")

    assert "Har väntat för länge" not in reported(0)
    assert "Äldsta har väntat 3 timmar" in reported(3)
    assert "Har väntat för länge" in reported(3)


def many(unit: Unit, count: int) -> None:
    Event.objects.bulk_create(
        Event(
            number=f"2026-{n:04d}", title=f"Händelse {n}", what="x", unit=unit,
            priority=1 + n % 5, care_harm=n % 7 == 0, received_at=NOW,
            reported_at=NOW - timedelta(minutes=n % 9),
            suggestion={"priority": 3, "reasons": [{"sv": "a", "en": "b"}]},
        )
        for n in range(count)
    )  # fmt: skip


def test_fifty_rows_cost_eight_statements(web: Client, hospital: Unit) -> None:
    many(hospital, 60)
    web.get("/att-bedoma")
    with CaptureQueriesContext(connection) as seen:
        page = page_of(web.get("/att-bedoma"))
    assert page.count("<li id=") == 50
    assert len(seen) <= 8, "\n".join(q["sql"][:300] for q in seen)


def test_the_chosen_event_costs_a_fixed_number_more(web: Client, hospital: Unit) -> None:
    many(hospital, 60)
    with CaptureQueriesContext(connection) as seen:
        web.get("/att-bedoma?visa=2026-0007")
    assert len(seen) <= 23, "\n".join(q["sql"][:300] for q in seen)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(count=st.integers(0, 120), oldest=st.booleans())
def test_pages_of_the_queue_neither_skip_nor_repeat(
    web: Client, hospital: Unit, count: int, oldest: bool
) -> None:
    Event.objects.all().delete()
    many(hospital, count)
    seen, address = list[str](), "/att-bedoma?ordning=aldst" if oldest else "/att-bedoma?"
    while address:
        page = web.get(address).content.decode()
        seen += re.findall(r'<li id="r-([\d-]+)"', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/att-bedoma{more[1].replace('&amp;', '&')}" if more else ""
    assert sorted(seen) == [f"2026-{n:04d}" for n in range(count)]


# One event


@pytest.mark.says(
    "S1-27", "bedöma incidenter utifrån organisationens definierade bedömningskriterier"
)
def test_the_matrix_starts_empty_with_both_axes_named(web: Client, event: Event) -> None:
    page = page_of(web.get(at(event)))
    radios = re.findall(r'<input type="radio" name="matrix"[^>]*>', page)
    assert len(radios) == 16
    assert not [radio for radio in radios if "checked" in radio]
    assert "Påverkan ↓" in page
    assert "Brådska&nbsp;→" in page
    for words in ("Kritisk", "Mycket stor", "Betydande", "Måttlig", "Ingen"):
        assert words in page
    assert (
        "Stor risk för allvarlig vårdskada föreligger alternativt, vårdskada har inträffat" in page
    )


def test_an_event_is_judged_and_one_is_back_in_the_queue(web: Client, event: Event) -> None:
    answer = web.post(at(event), FORM | {"expected": "0", "back": "kalla=user&evil=1"})
    assert (answer.status_code, answer["location"]) == (302, "/att-bedoma?kalla=user")
    assert (now(event).state, now(event).priority) == ("confirmed_incident", 4)
    assert "är bedömd: Bekräftad incident, prioritet 4" in page_of(web.get("/att-bedoma"))


def test_everything_that_can_be_said_is_kept(web: Client, event: Event) -> None:
    said = FORM | {
        "matrix": "33", "kind": "malware/ransomware", "care_harm": "on",
        "criteria": ["impact.high.cost", "urgency.prompt.growth"],
        "effect_integrity": "confirmed", "effect_authenticity": "suspected",
        "override": "3", "override_reason": "Reservrutinen håller.",
    }  # fmt: skip
    assert web.post(at(event), said).status_code == 302
    made = Assessment.objects.get()
    assert (made.impact, made.urgency, made.priority, made.override) == (3, 3, 3, 3)
    assert (made.category, made.example) == ("malware", "ransomware")
    assert made.effects == {"integrity": "confirmed", "authenticity": "suspected"}
    assert [rule["code"] for rule in made.rules] == ["matrix", "care_harm", "override"]


def test_the_first_button_is_harmless(web: Client, event: Event) -> None:
    page = web.get(at(event)).content.decode()
    form = page[page.index('id="decide"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert "outcome" not in first[0]
    answer = web.post(at(event), {"matrix": "44", "reason": ""})
    shown = page_of(answer)
    assert answer.status_code == 200
    assert "Inget är beslutat än" in shown
    assert "Påverkan Kritisk och brådska Mycket stor/katastrof ger prioritet 1." in shown
    assert 'id="id_matrix_44" value="44" checked' in shown
    assert not Assessment.objects.exists()


def test_priority_1_and_2_pass_one_confirmation(web: Client, event: Event) -> None:
    said = FORM | {"matrix": "44", "expected": "0", "criteria": ["impact.critical.cost"]}
    shown = page_of(web.post(at(event), said))
    assert "Besluta: bekräftad incident, prioritet 1" in shown
    assert not Assessment.objects.exists()
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown))
    kept.pop("csrfmiddlewaretoken")
    assert web.post(at(event), kept | {"outcome": ""}).status_code == 200
    assert not Assessment.objects.exists()
    assert web.post(at(event), kept | {"outcome": "confirmed_incident"}).status_code == 302
    assert Assessment.objects.get().criteria == ["impact.critical.cost"]


def test_a_confirmation_counts_only_for_the_priority_it_showed(web: Client, event: Event) -> None:
    answer = web.post(at(event), FORM | {"matrix": "44", "confirm": "2"})
    assert answer.status_code == 200
    assert not Assessment.objects.exists()


def test_not_an_incident_needs_no_confirmation(web: Client, event: Event) -> None:
    assert (
        web.post(at(event), FORM | {"matrix": "44", "outcome": "not_incident"}).status_code == 302
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"matrix": ""}, "Välj en ruta i matrisen"),
        ({"matrix": "99"}, "Välj något av alternativen."),
        ({"reason": "  "}, "Motivera beslutet."),
        ({"reason": "a\x00b"}, "nolltecken"),
        ({"reason": "x" * 20_001}, "Skriv högst 20000 tecken"),
        ({"outcome": "maybe"}, "Välj något av alternativen."),
        ({"kind": "ghosts"}, "Välj något av alternativen."),
        ({"override": "4"}, "Skriv varför du sätter prioriteten för hand."),
        ({"criteria": ["impact.critical.trust"]}, "Höj nivån, ta bort krysset"),
        ({"expected": "-1"}, ""),
    ],
)
def test_a_faulty_form_comes_back_with_itself(
    web: Client, event: Event, wrong: dict[str, Any], sentence: str
) -> None:
    answer = web.post(at(event), FORM | {"reason": "Behåll mig."} | wrong)
    page = page_of(answer).replace("\xa0", " ")
    assert answer.status_code == 422
    assert sentence in page
    assert "Inget är sparat än" in page
    if "reason" not in wrong:
        assert "Behåll mig." in page
    assert not Assessment.objects.exists()


def test_two_editors_lose_nothing(web: Client, event: Event, by: Actor) -> None:
    first = assess(event, CONFIRMED, by=by, at=NOW)
    answer = web.post(at(event), FORM | {"reason": "Min egen bedömning.", "expected": "0"})
    page = page_of(answer)
    assert answer.status_code == 409
    assert f"{by.name} bedömde den här nyss" in page
    assert "Pågående." in page
    assert page.count("Min egen bedömning.") == 2
    assert f'name="expected" value="{first.pk}"' in page
    again = web.post(at(event), FORM | {"expected": str(first.pk)})
    assert again.status_code == 302
    assert Assessment.objects.count() == 2


def test_a_merged_event_says_what_to_do_first(web: Client, event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(state="merged")
    answer = web.post(at(event), FORM)
    assert answer.status_code == 409
    assert "Häv sammanslagningen först" in page_of(answer)


def test_web_and_api_leave_the_same_entry(web: Client, tell: Tell, by: Actor) -> None:
    one, two = tell("a"), tell("a")
    web.post(at(one), FORM | {"kind": "malware/virus", "effect_integrity": "suspected"})
    assess(two, CONFIRMED.__class__(
        outcome="confirmed_incident", impact=2, urgency=2, category="malware", example="virus",
        effects={"integrity": "suspected"}, reason=FORM["reason"],
    ), by=by, at=NOW)  # fmt: skip
    first, second = (Entry.objects.get(chain=e.number, kind="event.assessed") for e in (one, two))
    assert (first.by, body(first)) == (second.by, body(second))


# Who may knock


PAGES = ["bedom", "sla-ihop", "overfor", "fraga", "behoriga"]


@pytest.mark.parametrize("page", PAGES)
def test_what_one_may_not_see_is_not_there(
    event: Event, hire: Hire, archive: Unit, signed_in: Door, page: str
) -> None:
    other = signed_in(hire("assessor", archive))
    assert other.get(at(event, page)).status_code == 404
    assert other.get(f"/handelser/2026-9999/{page}").status_code == 404
    assert other.get(f"/handelser/2026%00/{page}").status_code == 404


def test_who_is_not_delegated_is_refused(
    event: Event, hire: Hire, hospital: Unit, signed_in: Door
) -> None:
    receiver = signed_in(hire("receiver", hospital))
    assert receiver.get("/att-bedoma").status_code == 403
    assert receiver.post(at(event), FORM).status_code == 403
    assert receiver.get(at(event, "overfor")).status_code == 200


def test_a_stranger_is_sent_to_log_in(event: Event, client: Client) -> None:
    assert client.get(at(event)).status_code == 302


# Passing it on


def test_a_report_is_merged_and_the_merge_undone(web: Client, tell: Tell) -> None:
    report, case = tell("Filer krypterade på G."), tell("Filer krypterade på servern G.")
    page = page_of(web.get(at(report, "sla-ihop")))
    assert case.number in page
    assert web.post(at(report, "sla-ihop"), {"into": case.number}).status_code == 302
    assert now(report).state == "merged"
    page = web.get(at(case, "sla-ihop")).content.decode()
    undo = re.search(r'action="([^"]+/hav)"', page)
    assert undo
    assert web.post(undo[1]).status_code == 302
    assert now(report).state == "unassessed"


@pytest.mark.parametrize("into", ["2026-9999", "x\x00", "'", ""])
def test_a_case_that_is_not_there_is_told_at_the_field(
    web: Client, event: Event, into: str
) -> None:
    assert web.post(at(event, "sla-ihop"), {"into": into}).status_code == 422


def test_a_merge_of_others_is_not_undone_from_here(web: Client, tell: Tell, by: Actor) -> None:
    a, b, c = tell("a"), tell("b"), tell("c")
    made = merge(a, b, by=by, at=NOW)
    assert web.post(at(c, f"sla-ihop/{made.pk}/hav")).status_code == 404


def test_an_assessment_is_referred_and_answered(
    web: Client, event: Event, hire: Hire, archive: Unit, signed_in: Door
) -> None:
    ivan = hire("handler", archive)
    due = timezone.localtime(timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    said = {"to": f"person-{ivan.pk}", "question": "Kan det spridas?", "due_at": due}
    assert web.post(at(event, "overfor"), said).status_code == 302
    asked = Referral.objects.get()
    assert asked.due_at > timezone.now() + timedelta(hours=2)
    assert "Kan det spridas?" in page_of(web.get("/att-bedoma/overforda"))
    his = signed_in(ivan)
    assert "Kan det spridas?" in page_of(his.get("/att-bedoma/overforda"))
    answer = at(event, f"overforingar/{asked.pk}")
    assert "Kan det spridas?" in page_of(his.get(answer))
    assert his.post(answer, {"text": "Ja."}).status_code == 302
    assert his.post(answer, {"text": "Nej."}).status_code == 409
    assert "Frågan är redan besvarad" in page_of(his.post(answer, {"text": "Nej."}))
    assert now(event).state == "unassessed"


@pytest.mark.parametrize(
    "wrong",
    [{"to": "person-0"}, {"to": "x"}, {"due_at": "2020-01-01T00:00"}, {"due_at": "x"},
     {"due_at": "9999-12-31T23:59"}, {"question": ""}],
)  # fmt: skip
def test_a_faulty_referral_comes_back(
    web: Client, event: Event, karin: Person, wrong: dict[str, str]
) -> None:
    said = {"to": f"person-{karin.pk}", "question": "?", "due_at": "2027-01-01T00:00"} | wrong
    assert web.post(at(event, "overfor"), said).status_code in (409, 422)


def test_the_list_of_the_referred_marks_what_is_late(
    web: Client, event: Event, by: Actor, karin: Person
) -> None:
    refer(
        event, Recipient(person=karin), question="?", due_at=NOW + timedelta(hours=1), by=by, at=NOW
    )
    Referral.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert "1 är försenad" in page_of(web.get("/att-bedoma/overforda"))


def test_the_reporter_is_asked(web: Client, event: Event) -> None:
    assert web.post(at(event, "fraga"), {"text": "Vilken server?"}).status_code == 302
    assert (now(event).state, event.messages.get().text) == ("waiting", "Vilken server?")
    assert event.number in page_of(web.get("/att-bedoma/overforda"))
    assert web.post(at(event, "fraga"), {"text": " "}).status_code == 422
    send_message(event, "Filserver G.", by=Actor.reporter(NOW, holds=event.number), at=NOW)
    judged = page_of(web.get(at(event, "bedom")))
    assert "Vilken server?" in judged
    assert "Filserver G." in judged, "who judges reads the answer"


# Who may see it, and what it hits


def test_labels_members_and_conflicts(web: Client, event: Event, hire: Hire, archive: Unit) -> None:
    ivan = hire("handler", archive)
    web.post(at(event, "markning"), {"labels": ["patient"]})
    web.post(at(event, "medlemmar"), {"person": ivan.pk})
    assert (now(event).labels, now(event).members) == (["patient"], [ivan.pk])
    page = page_of(web.get(at(event, "behoriga")))
    assert "1 person kan läsa ärendet" in page
    assert ivan.name in page
    web.post(at(event, "medlemmar/bort"), {"person": ivan.pk})
    web.post(at(event, "jav"), {"person": ivan.pk})
    assert (now(event).members, now(event).conflicts) == ([], [ivan.pk])
    web.post(at(event, "jav/bort"), {"person": ivan.pk})
    assert now(event).conflicts == []
    assert web.post(at(event, "medlemmar"), {"person": "x"}).status_code == 302


def test_who_labels_a_case_out_of_his_sight_is_told_so(web: Client, event: Event) -> None:
    answer = web.post(at(event, "markning"), {"labels": ["personnel"]}, follow=True)
    assert "är nu stängt för dig" in page_of(answer)
    assert web.get(at(event)).status_code == 404


def test_a_case_is_handed_to_the_head_of_protective_security(
    web: Client, event: Event, hire: Hire, signed_in: Door
) -> None:
    assert web.post(at(event, "forsegla"), {"text": ""}).status_code == 302
    assert not now(event).sealed
    web.post(at(event, "forsegla"), {"text": "Kan röra försvaret."})
    assert web.get(at(event)).status_code == 404
    assert web.post(at(event, "oppna"), {"text": "x"}).status_code == 403, "as for any number"
    chief = signed_in(hire("security_chief"))
    assert chief.get(at(event)).status_code == 200
    answer = chief.post(at(event, "oppna"), {"text": "Rörde det inte."}, follow=True)
    assert "bekräfta" in page_of(answer)
    assert web.get(at(event)).status_code == 404, "one person does not open it"
    asked, ciso = Request.objects.get(), hire("ciso")
    ciso.set_password("en lång mening om ingenting")
    ciso.save()
    four_eyes.confirm(asked, by=actor_of(ciso, timezone.now()), at=timezone.now())
    assert web.get(at(event)).status_code == 200


@pytest.mark.says(
    "S2-136", "vilka krav organisationen har på konfidentialitet, riktighet och tillgänglighet"
)
def test_an_affected_asset_shows_its_class(web: Client, event: Event, hospital: Unit) -> None:
    Asset.objects.create(
        name="Journalsystemet", kind="system", unit=hospital, integrity=3, essential=True
    )
    web.post(at(event, "tillgangar"), {"asset": "journalsystemet"})
    page = page_of(web.get(at(event)))
    assert "Riktighet 3 Allvarlig" in page
    assert "Samhällsviktig" in page
    web.post(at(event, "tillgangar/bort"), {"asset": "Journalsystemet"})
    assert "Riktighet 3 Allvarlig" not in page_of(web.get(at(event)))
    told = page_of(web.post(at(event, "tillgangar"), {"asset": "x\x00<b>"}, follow=True))
    assert "Det finns ingen tillgång som heter ”x&lt;b&gt;”" in told


def test_the_history_tells_every_judgement(web: Client, event: Event, by: Actor) -> None:
    assess(event, NOTHING, by=by, at=NOW)
    assess(event, CONFIRMED, by=by, at=NOW)
    page = page_of(web.get(at(event)))
    assert "Bedömd 2 gånger tidigare" in page
    assert "Övning." in page
    assert "Påverkan Kritisk och brådska" in page


def test_the_pages_speak_english_too(web: Client, event: Event) -> None:
    web.cookies["django_language"] = "en"
    page = page_of(web.get(at(event)))
    assert "Choose a cell" in page
    assert "Great risk of" not in page
    assert not re.search(r"Påverkan|Brådska|Motivera", page.split("<main")[1])
