"""Each legal entity is asked once, has duties of its own, and old cases keep old answers."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from tests.api.conftest import Call
from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry, Fresh
from vardkase.decisionlog.queries import body
from vardkase.events.models import Event
from vardkase.incidents.services import SentBefore, SentOtherwise
from vardkase.lib.changes import Refused
from vardkase.obligations.models import Entity, Registration, Ruling, Struck, Submission
from vardkase.obligations.services import change_entity, end_entity, say_of
from vardkase.organisation.models import Person
from vardkase.workflow import known
from vardkase.workflow.acting import NotNow
from vardkase.workflow.duties import own_entity, standings
from vardkase.workflow.level import decide_level
from vardkase.workflow.oblige import Sent, answer, record_sent, rule, strike
from vardkase.workflow.planning import plan
from vardkase.workflow.prefill import report

type In = Callable[[Person], Client]
DAY = timedelta(days=1)


@pytest.fixture
def boss(act: Callable[[Person], Actor], hire: Hire) -> Actor:
    return act(hire("ciso"))


@pytest.fixture
def board(boss: Actor) -> Entity:
    values = {
        "name": "Hälso- och sjukvårdsnämnden",
        "kind": "committee",
        "signers": "Nämndens ordförande",
    }
    return change_entity(Entity(), values, by=Actor.system(timezone.now()), at=timezone.now())


def test_the_kind_of_organisation_gives_the_first_entity(region: object) -> None:
    us = own_entity()
    assert (us.name, us.kind) == ("Region Exempel", "region")
    assert known.of_entity(us, timezone.now())["org.csl_entity"] is True


def test_what_holds_of_an_entity_is_asked_once_and_an_old_case_keeps_the_old_answer(
    incident: Event, board: Entity
) -> None:
    system, at = Actor.system(timezone.now()), timezone.now()
    say_of(board, {"org.county": "stockholm"}, since=at - 400 * DAY, by=system, at=at)
    say_of(board, {"org.county": "skane"}, since=at + DAY, by=system, at=at)
    assert known.facts(incident, board)["org.county"] == "stockholm"
    assert known.of_entity(board, at + 2 * DAY)["org.county"] == "skane"
    say_of(board, {"org.controller": None}, since=at - 400 * DAY, by=system, at=at)
    assert "org.controller" not in known.facts(incident, board)
    with pytest.raises(Refused):
        say_of(board, {"t.personal_data": True}, since=at, by=system, at=at)


def test_a_changed_answer_plans_the_clocks_of_newer_cases_again(incident: Event) -> None:
    at = timezone.now()
    plan(incident, at)
    fresh = Fresh.objects.filter(entry__chain=incident.number)
    fresh.delete()
    system = Actor.system(at)
    say_of(own_entity(), {"org.county": "skane"}, since=at + DAY, by=system, at=at)
    assert not fresh.exists()
    say_of(own_entity(), {"org.county": "skane"}, since=at - 400 * DAY, by=system, at=at)
    assert fresh.exists()


@pytest.mark.says("S1-11", "krav på att incidenter av olika slag ska rapporteras till olika")
def test_each_entity_struck_has_its_own_answers_decision_signer_number_and_report(
    incident: Event, board: Entity, boss: Actor
) -> None:
    at = boss.at
    strike(incident, board, reason="Nämndens journaler.", by=boss, at=at)
    answer(incident, {"t.personal_data": True}, entity=board, by=boss, at=at)
    answer(incident, {"t.personal_data": False}, entity=None, by=boss, at=at)
    said = {
        s.entity.name: s.judgement
        for s in standings(incident, at)
        if s.judgement.regime == "eu-gdpr"
    }
    assert said["Hälso- och sjukvårdsnämnden"].verdict == "undetermined"
    assert said["Region Exempel"].verdict == "not_reportable"
    rule(
        incident, "eu-gdpr", "report", "Journaler.", entity=board, signer="Nämndens ordförande",
        number="HSN 2026-77", by=boss, at=at,
    )  # fmt: skip
    ruling = Ruling.objects.get()
    assert (ruling.obligation.entity, ruling.signer, ruling.number) == (
        board,
        "Nämndens ordförande",
        "HSN 2026-77",
    )
    made = report(incident, "imy", at=at, language="sv", regime="eu-gdpr", entity=board.pk)
    assert made.lines[0].text == "Hälso- och sjukvårdsnämnden"
    assert made.case == incident.number


def test_an_entity_that_is_no_longer_used_is_not_struck(
    incident: Event, board: Entity, boss: Actor
) -> None:
    end_entity(board, ended=True, by=Actor.system(boss.at), at=boss.at)
    board.refresh_from_db()
    with pytest.raises(NotNow, match="no_such_entity"):
        strike(incident, board, by=boss, at=boss.at)


def test_the_pages_add_answer_register_and_end_an_entity(hire: Hire, signed_in: In) -> None:
    client = signed_in(hire("ciso"))
    assert "Region Exempel" in client.get("/juridiska-personer").content.decode()
    new = {"name": "Regionbuss AB", "kind": "company", "number": "556000-0000", "signers": "VD"}
    made = client.post("/juridiska-personer/ny", new)
    row = Entity.objects.get(name="Regionbuss AB")
    assert made.headers["Location"] == f"/juridiska-personer/{row.pk}/galler"
    page = client.get(made.headers["Location"]).content.decode()
    assert "Vilka sektorer verkar ni i?" in page
    assert "(frivilligt)" not in page
    said = {"org.sectors": ["public_transport"], "org.controller": "true", "since": "2026-01-01"}
    assert client.post(f"/juridiska-personer/{row.pk}/galler", said).status_code == 302
    assert known.of_entity(row, timezone.now())["org.sectors"] == ["public_transport"]
    kept = {"regime": "se-nis2-csl", "authority": "Länsstyrelsen", "contact": "Eva, 010-1"}
    assert client.post(f"/juridiska-personer/{row.pk}/registrering", kept).status_code == 302
    shown = client.get(f"/juridiska-personer/{row.pk}").content.decode()
    for words in ("Länsstyrelsen", "Eva, 010-1", "VD", "Kollektivtrafik", "556000-0000"):
        assert words in shown
    place = f"/juridiska-personer/{row.pk}/registrering/{Registration.objects.get().pk}/avsluta"
    assert client.post(place).status_code == 302
    assert client.post(f"/juridiska-personer/{row.pk}/avsluta").status_code == 302
    assert "Regionbuss" not in client.get("/juridiska-personer").content.decode()
    kinds = Entry.objects.filter(chain="room:organisation").values_list("kind", flat=True)
    assert list(kinds).count("entity.changed") == 5


def test_the_organisation_itself_is_answered_for_before_it_has_a_row(
    hire: Hire, signed_in: In
) -> None:
    client = signed_in(hire("ciso"))
    assert client.get("/juridiska-personer/0").status_code == 200
    assert (
        client.post(
            "/juridiska-personer/0/galler", {"org.county": "skane", "since": "2026-01-01"}
        ).status_code
        == 302
    )
    assert known.of_entity(Entity.objects.get(own=True), timezone.now())["org.county"] == "skane"


def test_the_case_says_which_entities_it_strikes_and_why(
    incident: Event, board: Entity, hire: Hire, signed_in: In
) -> None:
    page, client = f"/arenden/{incident.number}/rapportering", signed_in(hire("ciso"))
    said = {"entity": board.pk, "reason": "Nämndens journaler."}
    assert client.post(f"{page}/juridiska-personer", said).status_code == 302
    shown = client.get(page).content.decode()
    assert "Nämndens journaler." in shown
    assert f"/eu-gdpr/beslut?entity={board.pk}" in shown
    assert (
        "Nämndens ordförande"
        in client.get(f"{page}/eu-gdpr/beslut?entity={board.pk}").content.decode()
    )
    assert client.get(f"{page}/eu-gdpr/beslut?entity=999").status_code == 404
    ends = {"reason": "Bara regionens."}
    assert client.post(f"{page}/juridiska-personer/{board.pk}/bort", ends).status_code == 302
    assert Struck.objects.get().ended_because == "Bara regionens."
    assert f"?entity={board.pk}" not in client.get(page).content.decode()


def test_who_may_not_decide_is_told_whom_to_ask(incident: Event, hire: Hire, signed_in: In) -> None:
    hire("ciso")
    page = signed_in(hire("incident_manager")).get(f"/arenden/{incident.number}/rapportering")
    assert "Här beslutar:" in page.content.decode()


def test_the_api_does_the_same(call: Call, incident: Event) -> None:
    new = {"name": "Regionbuss AB", "kind": "company"}
    made = call("POST", "/entities", new, role="ciso").json()
    said = {"facts": {"org.controller": True}, "since": "2026-01-01T00:00:00+01:00"}
    told = call("POST", f"/entities/{made['id']}/facts", said, role="ciso").json()
    assert told["facts"]["org.controller"] is True
    wrong = {"facts": {"org.controller": "kanske"}, "since": "2026-01-01T00:00:00+01:00"}
    assert call("POST", f"/entities/{made['id']}/facts", wrong, role="ciso").status_code == 422
    place = f"/events/{incident.number}/entities"
    rows = call("POST", place, {"entity": made["id"], "reason": "x"}, role="ciso").json()["items"]
    assert rows[0]["name"] == "Regionbuss AB"
    ended = call("POST", f"{place}/{made['id']}/end", {"reason": "Nej."}, role="ciso").json()
    assert ended["items"][0]["ended_because"] == "Nej."
    assert (
        call("POST", f"{place}/{made['id']}/end", {"reason": "x"}, role="ciso").status_code == 409
    )
    listed = call("GET", "/entities", role="ciso").json()["items"]
    assert "Regionbuss AB" in [each["name"] for each in listed]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_what_holds_from_a_year_that_cannot_be_read_back_is_refused(
    board: Entity, hire: Hire, signed_in: In, day: str
) -> None:
    client, at = signed_in(hire("ciso")), f"/juridiska-personer/{board.pk}"
    said = {"since": day, "org.controller": "false"}
    assert client.post(f"{at}/galler", said).status_code == 422
    assert client.get(at).status_code == 200


def test_a_report_to_an_authority_is_approved_by_a_signer_or_says_why_not(
    incident: Event, boss: Actor, hire: Hire, signed_in: In
) -> None:
    us = own_entity()
    us.signers = "Anna Åberg, regiondirektör\nBo Ek"
    us.save()
    law, said = "se-nis2-csl", {"alone_because": "Natt.", "late_reason": "Helg."}

    def send(step: str, **more: str) -> Submission:
        sent = Sent(step, boss.at, "CERT-SE", **said, **more)
        return record_sent(incident, law, sent, by=boss, at=boss.at)

    for signer in ("", "Någon annan"):
        with pytest.raises(NotNow, match="unsigned"):
            send("early_warning", signer=signer)
    assert send("early_warning", signer="Bo Ek").signer == "Bo Ek"
    alone = send("notification", unsigned_because="Ingen svarade kl. 03.")
    assert alone.unsigned_because == "Ingen svarade kl. 03."
    entry = Entry.objects.filter(chain=incident.number, kind="obligation.sent").latest("pk")
    assert body(entry)["facts"]["unsigned"] == "Ingen svarade kl. 03."
    send("inform_recipients")  # what is told those affected is approved by the media contact
    page = f"/arenden/{incident.number}/rapportering"
    client = signed_in(hire("ciso"))
    form = client.get(f"{page}/{law}/final/skickad").content.decode()
    assert "Godkänd och undertecknad av" in form
    shown = client.get(page).content.decode()
    assert "Undertecknas av Bo Ek" in shown
    assert "Ingen undertecknade" in shown


def test_a_mark_stands_for_one_decision_about_one_entity(
    incident: Event, board: Entity, boss: Actor
) -> None:
    """Also where the organisation's own row is first made by the decision."""
    assert not Entity.objects.filter(own=True).exists()
    level = partial(decide_level, incident, 3, "Alla.", by=boss, at=boss.at, once="form")
    level()
    with pytest.raises(SentBefore):
        level()
    strike(incident, board, by=boss, at=boss.at)
    decided = partial(
        rule, incident, "se-nis2-csl", "report", "Vården.", by=boss, at=boss.at, once="key:a"
    )
    decided(number="1")
    with pytest.raises(SentBefore):
        decided(number="1")
    for other in ({"number": "2"}, {"number": "1", "entity": board}):
        with pytest.raises(SentOtherwise):
            decided(**other)
