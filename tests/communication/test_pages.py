"""The pages and operations of communication: the incident manager writes, the contact approves."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import NOW
from vardkase.access.actor import Actor
from vardkase.communication.models import Bulletin, Dispatch
from vardkase.communication.queries import bulletin
from vardkase.decisionlog.models import Entry
from vardkase.events.models import Event
from vardkase.organisation.models import Person
from vardkase.workflow.inform import Written, write

type SignIn = Callable[[Person], Client]

TEXT = {"audience": "media", "milestone": "confirmed", "heading": "Läget", "text": "Vi arbetar."}


@pytest.mark.says("S2-119", "lämnas ut till egna medarbetare och journalister")
def test_a_text_is_written_approved_and_sent_by_the_pages(
    incident: Event, ingrid: Person, mia: Person, signed_in: SignIn
) -> None:
    leads, media = signed_in(ingrid), signed_in(mia)
    at = f"/arenden/{incident.number}/information"
    assert "Ska någon informeras?" in leads.get(f"/arenden/{incident.number}").content.decode()
    assert leads.post(f"{at}/ny", TEXT).status_code == 302
    one = Bulletin.objects.get()
    assert "Väntar på godkännande" in media.get(at).content.decode()
    assert leads.get(f"{at}/{one.pk}/granska").status_code == 403
    version = one.versions.get().pk
    media.post(f"{at}/{one.pk}/granska", {"word": "approve", "expected": version})
    sent = {"sent_at": "2026-11-22T09:00", "channel": "Webbplatsen", "number": "3"}
    leads.post(f"{at}/{one.pk}/lamnad", sent)
    page = media.get(f"{at}/{one.pk}").content.decode()
    assert "Webbplatsen" in page
    assert Dispatch.objects.get().number == 3


def test_the_own_text_asks_why(incident: Event, mia: Person, signed_in: SignIn) -> None:
    media, at = signed_in(mia), f"/arenden/{incident.number}/information"
    media.post(f"{at}/ny", TEXT)
    path = f"{at}/{Bulletin.objects.get().pk}/granska"
    assert "Du har skrivit texten själv" in media.get(path).content.decode()
    assert media.post(path, {"word": "approve"}).status_code == 409


def test_a_prompt_is_put_aside_with_a_reason(
    incident: Event, ingrid: Person, signed_in: SignIn
) -> None:
    leads, at = signed_in(ingrid), f"/arenden/{incident.number}/information"
    path = f"{at}/behovs-inte/confirmed/media"
    assert leads.post(path, {"reason": ""}).status_code == 422
    assert leads.post(path, {"reason": "Ingen har märkt det."}).status_code == 302
    assert "Ingen har märkt det." in leads.get(at).content.decode()
    assert leads.get(f"{at}/behovs-inte/jul/media").status_code == 404


def test_the_paper_holds_the_text_and_the_log_says_who_took_it(
    incident: Event, by_ingrid: Actor, ingrid: Person, signed_in: SignIn
) -> None:
    made = write(incident, Written("staff", "Läget", "Ett.\n\nTvå."), by=by_ingrid, at=NOW)
    answer = signed_in(ingrid).get(f"/arenden/{incident.number}/information/{made.pk}/pdf")
    assert answer.content.startswith(b"%PDF")
    assert incident.title not in answer["Content-Disposition"]
    assert Entry.objects.filter(chain=incident.number, kind="information.printed").count() == 1


def test_another_case_s_text_is_not_here(
    incident: Event, make: Callable[..., Event], by_ingrid: Actor, ingrid: Person,
    signed_in: SignIn,
) -> None:  # fmt: skip
    made = write(incident, Written("staff", "x", "x"), by=by_ingrid, at=NOW)
    other = make("Annat.")
    found = signed_in(ingrid).get(f"/arenden/{other.number}/information/{made.pk}")
    assert found.status_code == 404
    assert bulletin(incident, made.pk, NOW).version.text == "x"
