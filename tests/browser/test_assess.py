"""An assessor at work in a real browser: five keys, Enter that alarms nobody, and the looks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SHOTS, WIDE, Look, Open, faults
from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.assessment.models import Assessment
from vardkase.assessment.rules import Judgement
from vardkase.assets.models import Asset
from vardkase.events import hits
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.workflow.assess import Recipient, assess, refer
from vardkase.workflow.report import report

REPORTS: list[dict[str, object]] = [
    {"what": "Alla filer på G: heter nu .lockd och vi kan inte öppna dem. En ruta säger att vi ska"
             " betala. Vi skriver på papper nu.", "system": "Filserver G:",
     "answers": {"harm": ["yes"], "work": ["fallback"], "affected": ["availability"],
                 "ongoing": ["worse"], "intent": ["yes"]}},
    {"what": "Journaler öppna för fel enhet.", "system": "Journalsystemet",
     "answers": {"affected": ["confidentiality"], "personal_data": ["sensitive"]}},
    {"what": "USB-minne borttappat på tåget.", "kind": "paper_or_media", "answers": {}},
    {"what": "Filer krypterade på G:, säger vaktmästaren.", "source": "support"},
]  # fmt: skip


@pytest.fixture
def karin(hire: Hire, hospital: Unit) -> Person:
    return hire("assessor", hospital, labels=["patient"])


@pytest.fixture
def by(karin: Person) -> Actor:
    return actor_of(karin, timezone.now())


@pytest.fixture
def events(hospital: Unit) -> list[Event]:
    at = timezone.now()
    made = []
    for n, row in enumerate(REPORTS):
        sent = Report(**{"unit": hospital.pk, **row})  # type: ignore[arg-type]
        event = report(sent, by=Actor.reporter(at), at=at).event
        Event.objects.filter(pk=event.pk).update(reported_at=at - timedelta(minutes=7 + 60 * n))
        made.append(event)
    return made


def test_five_keys_judge_an_event(events: list[Event], karin: Person, open_page: Open) -> None:
    page = open_page("/att-bedoma", width=WIDE, person=karin)
    page.keyboard.press("j")
    expect(page.locator("#case-h")).to_have_text(
        "Alla filer på G: heter nu .lockd och vi kan inte öppna dem."
    )
    page.keyboard.press("p")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#id_matrix_33")).to_be_checked()
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bekräfta beslutet")
    assert not Assessment.objects.exists()
    page.keyboard.press("Enter")
    assert not Assessment.objects.exists()
    page.keyboard.press("b")
    expect(page.get_by_role("status").first).to_contain_text("är bedömd: Bekräftad incident")
    made = Assessment.objects.get()
    assert (made.impact, made.urgency, made.priority) == (3, 3, 1)
    assert made.reason.startswith("Enligt rapporten, inte verifierat: Någon kan komma till skada.")


@pytest.mark.parametrize("javascript", [True, False])
def test_enter_never_alarms(
    events: list[Event], karin: Person, open_page: Open, javascript: bool
) -> None:
    page = open_page(
        f"/handelser/{events[0].number}/bedom", width=WIDE, person=karin, javascript=javascript
    )
    page.locator("#id_matrix_44").check()
    page.locator("#id_matrix_44").press("Enter")
    expect(page.get_by_text("Inget är beslutat än")).to_be_visible()
    assert not Assessment.objects.exists()


def test_an_event_is_judged_on_a_phone_without_javascript(
    events: list[Event], karin: Person, open_page: Open
) -> None:
    page = open_page("/att-bedoma", width=PHONE, person=karin, javascript=False)
    page.get_by_role("link", name="USB-minne").click()
    page.locator("#id_matrix_22").check()
    page.get_by_label("Motivera beslutet").fill("Tomt minne.")
    page.get_by_role("button", name="Möjlig incident").click()
    expect(page.get_by_text("Möjlig incident, prioritet 4")).to_be_visible()


def test_single_keys_can_be_switched_off_and_the_list_tells_them(
    events: list[Event], karin: Person, open_page: Open
) -> None:
    page = open_page(f"/handelser/{events[0].number}/bedom", width=WIDE, person=karin)
    page.keyboard.press("?")
    keys = page.locator("#keys-list")
    expect(keys).to_contain_text("Till matrisen, sedan piltangenterna")
    expect(keys).to_contain_text("Bekräfta incident")
    page.get_by_label("Stäng av kortkommandon").check()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.wait_for_timeout(200)
    assert page.url.endswith("/bedom")
    assert not Assessment.objects.exists()


def test_two_editors_meet(events: list[Event], karin: Person, by: Actor, open_page: Open) -> None:
    page = open_page(f"/handelser/{events[2].number}/bedom", width=WIDE, person=karin)
    theirs = Judgement(outcome="not_incident", reason="Minnet är hittat.")
    assess(events[2], theirs, by=by, at=timezone.now())
    page.locator("#id_matrix_22").check()
    page.get_by_label("Motivera beslutet").fill("Minnet är borta.")
    page.get_by_role("button", name="Bekräfta incident").click()
    expect(page.get_by_role("alert")).to_contain_text("bedömde den här nyss")
    expect(page.get_by_role("alert")).to_contain_text("Minnet är hittat.")
    expect(page.get_by_label("Motivera beslutet")).to_have_value("Minnet är borta.")
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / "assess-conflict-1440-light.png", full_page=True)
    assert faults(page) == []
    page.get_by_role("button", name="Bekräfta incident").click()
    expect(page.get_by_text("Bekräftad incident, prioritet 4")).to_be_visible()


# How it looks


def opened(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")


def test_the_queue_looks_right(events: list[Event], karin: Person, look: Look) -> None:
    look("/att-bedoma", "queue", person=karin)
    look(f"/att-bedoma?visa={events[0].number}", "queue-chosen", person=karin)


def test_an_empty_queue_looks_right(karin: Person, look: Look) -> None:
    look("/att-bedoma", "queue-empty", person=karin)


def test_the_assessment_looks_right(
    events: list[Event], karin: Person, by: Actor, hospital: Unit, look: Look
) -> None:
    at = timezone.now()
    server = Asset.objects.create(
        name="Filserver G:", kind="system", unit=hospital, confidentiality=3, integrity=2,
        availability=4, essential=True,
    )  # fmt: skip
    hits.link(events[0], server, by=by, at=at)
    judged = Judgement(
        outcome="possible_incident", impact=3, urgency=4, care_harm=True, category="malware",
        example="ransomware", reason="Kryptering pågår.", criteria=("impact.high.cost",),
        effects={"availability": "confirmed"},
    )  # fmt: skip
    assess(events[0], judged, by=by, at=at)
    path = f"/handelser/{events[0].number}/bedom"
    look(path, "assess", person=karin)
    look(path, "assess-open", person=karin, act=opened)


def test_what_is_wrong_and_what_must_be_confirmed_look_right(
    events: list[Event], karin: Person, look: Look
) -> None:
    path = f"/handelser/{events[0].number}/bedom"

    def press(name: str, *cells: str) -> Callable[[Page], None]:
        def act(page: Page) -> None:
            for cell in cells:
                page.locator(f"#id_matrix_{cell}").check()
            page.get_by_role("button", name=name).click()

        return act

    look(path, "assess-faulty", person=karin, act=press("Bekräfta incident"))
    look(path, "assess-draft", person=karin, act=press("Visa prioriteten", "44"))
    look(path, "assess-confirm", person=karin, act=press("Bekräfta incident", "44"))


def test_the_other_ways_look_right(
    events: list[Event], karin: Person, by: Actor, look: Look
) -> None:
    due = timezone.now() + timedelta(hours=2)
    refer(
        events[1], Recipient(person=karin), question="Vem kan ha läst?", due_at=due, by=by,
        at=timezone.now(),
    )  # fmt: skip
    asked = events[1].referrals.get()
    for page in ("sla-ihop", "overfor", "fraga", "behoriga"):
        look(f"/handelser/{events[0].number}/{page}", f"assess-{page}", person=karin)
    look("/att-bedoma/overforda", "referred", person=karin)
    look(f"/handelser/{events[1].number}/overforingar/{asked.pk}", "referral", person=karin)
