"""The data protection officer's material, its receipt, his opinion, and his hand on what leaves."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.communication.models import Opinion, Package, Receipt
from vardkase.decisionlog.queries import verify
from vardkase.delivery.models import Notice
from vardkase.delivery.services import secret
from vardkase.events.models import Event
from vardkase.obligations.models import Submission
from vardkase.organisation.models import Person
from vardkase.policy.parameter import parameter
from vardkase.workflow import dpo
from vardkase.workflow.acting import NotNow
from vardkase.workflow.oblige import Sent, answer, record_sent
from vardkase.workflow.prefill import digest

type Act = Callable[[Person], Actor]

SUBJECTS = 271828  # no clock and no token on a page holds it by chance
TO_IMY = Sent("imy", NOW, "IMY", alone_because="x", late_reason="x")


@pytest.fixture
def david(hire: Hire) -> Person:
    return hire("dpo")


@pytest.fixture
def breach(incident: Event, hire: Hire, act: Act) -> Event:
    """The incident touches personal data of so many."""
    facts = {"t.personal_data": True, "t.data_subjects_count": SUBJECTS}
    answer(incident, facts, by=act(hire("ciso")), at=NOW)
    return incident


@pytest.fixture
def handed(breach: Event, david: Person, by_ingrid: Actor) -> Package:
    return dpo.hand_over(breach, by=by_ingrid, at=NOW)


@pytest.mark.says("S2-100", "skyndsamt överlämnas direkt till personuppgiftsombudet")
def test_one_click_hands_facts_categories_numbers_and_measures_to_the_officer(
    breach: Event, handed: Package, david: Person
) -> None:
    fields = {row["id"]: row["text"] for row in handed.content["fields"]}
    assert {"discovered", "groups", "kinds", "number", "measures", "consequences"} <= set(fields)
    assert fields["number"] == str(SUBJECTS)
    assert handed.digest == digest(handed.content)
    assert Notice.objects.get(kind="package").person == david
    step = Submission.objects.get(obligation__event=breach)
    assert (step.step, step.digest) == ("dpo", handed.digest)
    assert verify(breach.number).ok


def test_the_receipt_says_who_had_it_when(
    breach: Event, handed: Package, david: Person, act: Act
) -> None:
    assert Receipt.objects.get().received_at is None
    dpo.receive(breach, by=act(david), at=NOW)
    assert Receipt.objects.get().received_at == NOW
    assert Notice.objects.get(kind="package").seen_at == NOW
    with pytest.raises(NotNow, match="nothing_to_receive"):
        dpo.receive(breach, by=act(david), at=NOW)


def test_one_tap_on_the_notice_is_a_receipt(handed: Package, david: Person) -> None:
    notice = Notice.objects.get(kind="package")
    link = f"/kvittera/{secret(notice.once)}"
    assert str(SUBJECTS) not in Client().get(link).content.decode()
    Client().post(link)
    assert Receipt.objects.get().received_at


def test_whom_the_officer_has_named_gets_it_too_and_nobody_else(
    breach: Event, david: Person, by_ingrid: Actor, hire: Hire
) -> None:
    named = hire("dpo")
    made = dpo.hand_over(breach, by=by_ingrid, at=NOW)
    assert {row.person for row in made.receipts.all()} == {david, named}


def test_without_an_officer_it_says_so(breach: Event, by_ingrid: Actor) -> None:
    with pytest.raises(NotNow, match="no_officer"):
        dpo.hand_over(breach, by=by_ingrid, at=NOW)
    assert not Package.objects.exists()


def test_his_own_opinion_is_kept_and_is_his_alone(
    breach: Event, david: Person, by_ingrid: Actor, act: Act
) -> None:
    dpo.opine(breach, "Anmäl. Hög risk för två personer.", by=act(david), at=NOW)
    assert Opinion.objects.get().by == david.key
    with pytest.raises(PermissionDenied):
        dpo.opine(breach, "x", by=by_ingrid, at=NOW)


@pytest.mark.says(
    "S2-099",
    "via personuppgiftsombudet (dataskyddsombudet 5 ) eller den eller de som denne har utsett",
)
def test_a_notification_goes_by_the_officer_or_the_log_says_why_not(
    breach: Event, david: Person, hire: Hire, act: Act
) -> None:
    assert parameter("regimes.eu-gdpr").at(NOW).value["sign_off"]["send"] == "dpo"
    with pytest.raises(NotNow, match="goes_past"):
        record_sent(breach, "eu-gdpr", TO_IMY, by=act(hire("ciso")), at=NOW)
    assert not Submission.objects.exists()
    record_sent(breach, "eu-gdpr", TO_IMY, by=act(david), at=NOW)
    assert Submission.objects.get().by == david.key


def test_the_pages_hand_over_receive_and_opine(
    breach: Event, david: Person, ingrid: Person, signed_in: Callable[[Person], Client]
) -> None:
    manager, officer = signed_in(ingrid), signed_in(david)
    at = f"/arenden/{breach.number}/dataskyddsombud"
    assert manager.post(f"{at}/underlag").status_code == 302
    assert "inte mottaget än" in manager.get(at).content.decode()
    assert "Jag har tagit emot det" in officer.get(at).content.decode()
    officer.post(f"{at}/mottaget")
    officer.post(f"{at}/bedomning", {"text": "Bör anmälas."})
    page = manager.get(at).content.decode()
    assert "Bör anmälas." in page
    assert "inte mottaget än" not in page
    assert manager.post(f"{at}/bedomning", {"text": "x"}).status_code == 403
    sends = f"/arenden/{breach.number}/rapportering/eu-gdpr/imy/skickad"
    assert "Varför inte genom" not in officer.get(sends).content.decode()
