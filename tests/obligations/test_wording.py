"""The preparer words a report's fields: versions, secrecy, what follows later, what has changed."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.api.conftest import Call
from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.api.shapes import FieldOut, StepReportOut
from vardkase.decisionlog.models import Request
from vardkase.delivery.models import Notice
from vardkase.events import circle
from vardkase.events.models import Event
from vardkase.obligations.models import Entity, Submission, Wording
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of
from vardkase.workflow.acting import NotNow
from vardkase.workflow.four_eyes import able, confirm, do
from vardkase.workflow.oblige import answer
from vardkase.workflow.prefill import Line, Report, report
from vardkase.workflow.wording import Words, terms_of

type In = Callable[[Person], Client]
STEP = "se-nis2-csl/early_warning"


@pytest.fixture
def page(incident: Event) -> str:
    return f"/arenden/{incident.number}/rapportering/{STEP}"


def field(case: Event, id: str) -> Line:
    made = report(case, "early_warning", at=timezone.now(), language="sv", regime="se-nis2-csl")
    return next(line for line in made.lines if line.field.id == id)


def test_every_field_can_be_worded_and_each_version_stays(
    page: str, incident: Event, hire: Hire, signed_in: In, act: Callable[[Person], Actor]
) -> None:
    client, ciso = signed_in(hire("ciso")), act(hire("ciso"))
    made = report(incident, "early_warning", at=ciso.at, language="sv", regime="se-nis2-csl")
    for line in made.lines:
        assert client.get(f"{page}/rapport/{line.field.id}").status_code == 200
    assert client.get(f"{page}/rapport/finns-inte").status_code == 404
    for text in ("Först.", "Sedan."):
        said = {"text": text, "secrecy": "OSL 18:8"}
        assert (
            client.post(f"{page}/rapport/cross_border", said)
            .headers["Location"]
            .endswith("/rapport")
        )
    line = field(incident, "cross_border")
    assert (line.text, line.secrecy, line.later, line.reworded) == (
        "Sedan.",
        "OSL 18:8",
        False,
        True,
    )
    assert [row.text for row in Wording.objects.all()] == ["Först.", "Sedan."]
    shown = client.get(f"{page}/rapport/cross_border").content.decode()
    assert "Först." in shown
    answer(incident, {"incident.cross_border": True}, by=ciso, at=ciso.at)
    assert field(incident, "cross_border").moved
    assert "Ärendet har ändrats sedan dess" in client.get(f"{page}/rapport").content.decode()
    client.post(f"{page}/rapport/cross_border", {"text": "Ja", "later": "on", "secrecy": "x"})
    line = field(incident, "cross_border")
    assert (line.reworded, line.text, line.later, line.secrecy) == (False, "Ja", True, "x")


def test_secrecy_is_lifted_by_two_persons_who_read_the_same_words(
    page: str, incident: Event, hire: Hire, signed_in: In
) -> None:
    preparer, chief = hire("assessor"), hire("ciso")
    one, path = signed_in(preparer), f"{page}/rapport/timeline"
    Person.objects.filter(pk=chief.pk).update(password="chosen")
    asked = one.post(path, {"text": "Kl. 22 slutade VPN att svara.", "secrecy": ""})
    assert asked.headers["Location"].startswith("/att-bekrafta/")
    line = field(incident, "timeline")
    assert (line.secrecy, line.reworded) == ("OSL 18:8 b", False)
    chief.refresh_from_db()
    two = signed_in(chief)
    shown = two.get(asked.headers["Location"]).content.decode()
    assert "Sekretess som försvinner</dt><dd>OSL 18:8 b" in shown
    assert "Kl. 22 slutade VPN att svara." in shown
    confirm(Request.objects.get(), by=actor_of(chief, timezone.now()), at=timezone.now())
    line = field(incident, "timeline")
    assert (line.secrecy, line.lifted, line.reworded) == ("", "OSL 18:8 b", True)
    assert "Två personer har tagit bort sekretessen" in two.get(f"{page}/rapport").content.decode()
    again = one.post(path, {"text": "Nya ord som ingen annan har läst.", "secrecy": ""})
    assert again.headers["Location"].startswith("/att-bekrafta/")
    assert field(incident, "timeline").text == "Kl. 22 slutade VPN att svara."


def test_a_program_does_not_lift_secrecy_and_leaves_it_unsaid(call: Call, incident: Event) -> None:
    url = f"/events/{incident.number}/obligations/{STEP.replace('/', '/steps/')}/fields/timeline"
    assert call("POST", url, {"text": "x", "secrecy": ""}, role="ciso").status_code == 409
    made = call("POST", url, {"text": "x"}, role="ciso").json()
    assert made["secrecy"] == "OSL 18:8 b"


def test_what_was_sent_is_compared_with_what_would_be_sent_now(
    page: str, incident: Event, hire: Hire, signed_in: In
) -> None:
    client = signed_in(hire("ciso"))
    client.post(f"{page}/rapport/cross_border", {"text": "Nej, bara här."})
    sent = {"sent_at": "2026-11-22T10:00", "recipient": "CERT-SE", "alone_because": "Natt."}
    assert client.post(f"{page}/skickad", sent).status_code == 302
    client.post(f"{page}/rapport/cross_border", {"text": "Även Norge."})
    shown = client.get(f"{page}/rapport").content.decode()
    assert "<del>Nej, bara här.</del>" in shown
    assert "Även Norge." in shown


def test_the_api_words_a_field_and_keeps_what_was_sent(call: Call, incident: Event) -> None:
    url = f"/events/{incident.number}/obligations/{STEP.replace('/', '/steps/')}"
    said = {"text": "Även Norge.", "secrecy": "OSL 18:8"}
    made = call("POST", f"{url}/fields/cross_border", said, role="ciso").json()
    assert (made["text"], made["own_words"]) == ("Även Norge.", True)
    assert call("POST", f"{url}/fields/nothing", said, role="ciso").status_code == 409
    sent = {
        "sent_at": "2026-11-22T09:00:00Z", "recipient": "CERT-SE", "alone_because": "Natt.",
        "late_reason": "Helg.",
    }  # fmt: skip
    assert call("POST", url, sent, role="ciso").status_code == 201
    texts = {row["id"]: row["text"] for row in Submission.objects.get().content["fields"]}
    assert texts["cross_border"] == "Även Norge."


def test_a_report_as_json_fits_its_published_schema(call: Call, incident: Event) -> None:
    """Every field of the schema is given, and no field of a line but those that it names."""
    url = f"/events/{incident.number}/obligations/early_warning/report.json"
    told = call("GET", url, role="ciso").json()
    found = StepReportOut.model_validate(told)
    assert len(found.fields) == len(told["fields"]) > 5
    assert set(told["fields"][0]) == set(FieldOut.model_fields)
    published = call("GET", "/openapi.json", role="ciso").json()["components"]["schemas"]
    assert published["StepReportOut"]["properties"].keys() >= {"schema", "log_head", "fields"}


def test_secret_words_of_a_sealed_case_show_to_nobody_whom_it_is_sealed_from(
    page: str, incident: Event, hire: Hire, signed_in: In, act: Callable[[Person], Actor]
) -> None:
    """Neither by a notice, nor on the page of the request; and nobody is its second by that."""
    chief, other, ciso = hire("security_chief"), hire("security_chief"), hire("ciso")
    Person.objects.filter(pk__in=[other.pk, ciso.pk]).update(password="chosen")
    circle.seal(incident, reason="x", by=act(chief), at=act(chief).at)
    asked = signed_in(chief).post(f"{page}/rapport/timeline", {"text": "Hemligt.", "secrecy": ""})
    assert able(Request.objects.get(), timezone.now()) == {other.pk}
    assert not Notice.objects.filter(person=ciso).exists()
    ciso.refresh_from_db()
    assert signed_in(ciso).get(asked.headers["Location"]).status_code == 404


def test_words_that_changed_since_they_were_read_keep_their_secrecy(
    incident: Event, hire: Hire
) -> None:
    """The second person says yes to what he reads; with the case's own words that may move."""
    preparer, chief, at = hire("assessor"), hire("ciso"), timezone.now()
    Person.objects.filter(pk=chief.pk).update(password="chosen")
    by, second = actor_of(preparer, at), actor_of(chief, at)
    answer(incident, {"incident.timeline.summary": "Ofarligt."}, by=by, at=at)
    made = report(incident, "early_warning", at=at, language="sv", regime="se-nis2-csl")
    line = field(incident, "timeline")
    asked = do("report.worded", terms_of(incident, made, line, Words(None, False)), by=by, at=at)
    answer(incident, {"incident.timeline.summary": "Lösenordet är hemligt."}, by=by, at=at)
    with pytest.raises(NotNow, match="reworded"):
        confirm(asked, by=second, at=at)
    assert field(incident, "timeline").secrecy == "OSL 18:8 b"


def test_lifted_secrecy_is_back_when_the_case_changes_under_words_not_our_own(
    page: str, incident: Event, hire: Hire
) -> None:
    by = actor_of(hire("ciso"), timezone.now())
    answer(incident, {"t.sector_effect": "Två timmar."}, by=by, at=by.at)
    assert field(incident, "sector_effect").secrecy
    made = report(incident, "early_warning", at=by.at, language="sv", regime="se-nis2-csl")
    line = next(one for one in made.lines if one.field.id == "sector_effect")
    Wording.objects.create(
        event=incident, entity=own(made), regime="se-nis2-csl", step="early_warning",
        field="sector_effect", own_words=False, later=False, drawn=line.drawn, at=by.at, by=by.key,
    )  # fmt: skip
    assert field(incident, "sector_effect").secrecy == ""
    answer(incident, {"t.sector_effect": "Fyra timmar."}, by=by, at=by.at)
    assert field(incident, "sector_effect").secrecy == "OSL 18:8 b"


def own(made: Report) -> Entity:
    found = made.standing.entity
    if found.pk is None:
        found.save()
    return found
