"""Issue 4's other walk: a trust service at level 3, its fault in another's service, to the end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.conftest import WIDE, Look, Open
from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.assessment.rules import Judgement
from vardkase.assets.models import Asset
from vardkase.decisionlog.queries import verify
from vardkase.events.models import AssetLink, Event
from vardkase.events.rules import Report
from vardkase.obligations.models import Deadline, Submission
from vardkase.obligations.services import add_need, add_role, change_entity, say_of
from vardkase.organisation.models import Organisation, Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.suppliers.models import Supplier
from vardkase.workflow.assess import assess
from vardkase.workflow.duties import own_entity
from vardkase.workflow.planning import plan_changed
from vardkase.workflow.report import report

HOUR = timedelta(hours=1)
LONG_AGO = datetime(2019, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def ciso(hire: Hire) -> Person:
    return hire("ciso")


@pytest.fixture
def cases(hospital: Unit, ciso: Person) -> tuple[Event, Event]:
    """Today's case and one of 2019, at a provider whose service hangs on a supplier's."""
    Organisation.objects.update(kind="trust_service_provider", name="Signera AB")
    at, system = timezone.now(), Actor.system(timezone.now())
    values = {
        "name": "Signera AB", "kind": "trust_service_provider", "number": "556000-0000",
        "contact": "Eva Jour, 010-1", "signers": "VD",
    }  # fmt: skip
    us = change_entity(own_entity(), values, by=system, at=at)
    say_of(us, {"org.qualified_tsp": False}, since=LONG_AGO, by=system, at=at)
    signing, switch = (
        Asset.objects.create(name=name, kind="service", unit=hospital)
        for name in ("Underskriftstjänsten", "Identitetsväxeln")
    )
    add_role({"entity": us, "service": signing, "role": "provider"}, by=system, at=at)
    add_need(signing, switch, by=system, at=at)
    Supplier.objects.create(name="Växelbolaget")
    today, old = (opened(hospital, ciso, switch, at - HOUR) for _ in range(2))
    Event.objects.filter(pk=old.pk).update(reported_at=LONG_AGO, received_at=LONG_AGO)
    plan_changed(at)
    return today, old


def opened(unit: Unit, ciso: Person, hit: Asset, at: datetime) -> Event:
    said = {"personal_data": ["no"], "ongoing": ["no"], "intent": ["no"]}
    what = Report(what="Kunderna kan inte skriva under.", unit=unit.pk, answers=said)
    event = report(what, by=Actor.reporter(at), at=at).event
    found = Judgement(
        outcome="confirmed_incident", impact=3, urgency=3, category="technical_failure",
        reason="Underskriften är nere.",
    )  # fmt: skip
    assess(event, found, by=actor_of(ciso, at), at=at)
    AssetLink.objects.create(event=event, asset=hit, at=at, by=ciso.key)
    return event


def press(page: Page) -> None:
    page.locator("main form button.primary").first.click()


@pytest.mark.says("S3-07", "även om felet ligger i en annan tjänst")
@pytest.mark.says("S3-25", "När flera aktörer ska incidentrapportera samma händelse")
def test_a_level_three_incident_whose_fault_lay_in_anothers_service(
    cases: tuple[Event, Event], ciso: Person, open_page: Open, look: Look
) -> None:
    case, old = cases
    home = f"/arenden/{case.number}/rapportering"
    page = open_page(home, width=WIDE, person=ciso)
    assert "Kanske Underskriftstjänsten: den hänger på Identitetsväxeln." in page.inner_text("main")
    assert "minst 3" in page.inner_text("main")

    # What is asked is answered on the page, and every law is judged anew.
    page.get_by_role("link", name="Besluta nivån enligt Enisa").first.click()
    assert page.is_checked("[name=level][value='3']")
    page.fill("[name=reason]", "Underskriften är nere för alla.")
    press(page)
    shown = page.inner_text("main")
    assert "Incident i betrodd tjänst" in shown
    assert "Underrättelse till PTS" in shown
    assert "cybersäkerhetslagen" in shown

    # In 2019 there was article 19, and no cybersäkerhetslag.
    page.goto(f"/arenden/{old.number}/rapportering")
    past = page.inner_text("main")
    assert "Incidentrapport till PTS" in past
    assert "Underrättelse till PTS" not in past
    assert "Betydande incident enligt cybersäkerhetslagen" not in past

    # Others have reported it too; that changes nothing for us.
    page.goto(f"{home}/andras-rapporter")
    page.fill("[name=actor]", "Växelbolaget AB")
    page.fill("[name=reference]", "FRA 26-1")
    page.select_option("[name=supplier]", label="Växelbolaget")
    press(page)
    assert "Växelbolaget AB, FRA 26-1" in page.inner_text("main")

    for law in ("se-eidas", "se-nis2-csl"):
        page.goto(f"{home}/{law}/beslut")
        assert page.input_value("[name=signer]") == "VD"
        page.check("[name=outcome][value=report]")
        page.fill("[name=reason]", "Nivå 3: underskriften var nere för alla.")
        page.fill("[name=number]", "SIG 2026-7")
        press(page)
        assert "SIG 2026-7" in page.inner_text("main")

    # Document 002's twelve contents, in its order; one in our own words.
    page.goto(f"{home}/se-eidas/pts/rapport/lessons")
    page.fill("[name=text]", "En egen reservväg för inloggning.")
    press(page)
    texts = page.locator("dl.said dt").all_inner_texts()
    numbers = sorted(int(text.split(".")[0]) for text in texts)
    assert numbers == list(range(1, 13))
    told = page.inner_text("dl.said")
    for words in ("Signera AB", "Eva Jour", "En egen reservväg", "Växelbolaget AB", case.number):
        assert words in told

    page.goto(f"{home}/se-eidas/pts/skickad")
    page.fill("[name=reference]", "PTS-2026-44")
    page.fill("[name=alone_because]", "Jour.")
    press(page)
    content = Submission.objects.get().content
    assert [row["number"] for row in content["fields"]] == list(range(1, 13))
    page.locator("summary", has_text="1 skickad").first.click()
    assert "PTS-2026-44" in page.inner_text("main")
    page.get_by_role("link", name="Skriv in svaret").first.click()
    page.fill("[name=text]", "Mottaget. Komplettera med grundorsak.")
    press(page)
    assert "Komplettera med grundorsak." in page.locator("main").text_content()

    # Both NIS2 steps within 24 hours; the final report a month after the notification.
    rows = Deadline.objects.filter(obligation__regime="se-nis2-csl", ended_at=None)
    due = {row.step: row.due_at for row in rows}
    assert due["early_warning"] == due["notification"]
    for step in ("early_warning", "notification"):
        page.goto(f"{home}/se-nis2-csl/{step}/skickad")
        page.fill("[name=alone_because]", "Jour.")
        press(page)
    final = rows.get(step="final").due_at
    assert final is not None
    assert final > timezone.now() + timedelta(days=27)
    page.goto(f"{home}/se-nis2-csl/final/rapport")
    assert page.locator("dl.said dt").count() > 5
    page.goto(f"{home}/se-nis2-csl/final/skickad")
    page.fill("[name=alone_because]", "Slutrapporten är klar.")
    press(page)
    assert not rows.filter(step="final").exists()
    assert verify().ok

    seen = {
        "duties": home,
        "report": f"{home}/se-eidas/pts/rapport",
        "entity": f"/juridiska-personer/{own_entity().pk}",
        "services": "/tjanster",
    }
    for name, address in seen.items():
        look(address, f"trust-{name}", person=ciso)
