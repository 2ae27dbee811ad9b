"""A text that left stops the clock of the law that wants those affected told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Call
from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.communication.affected import One, Totals
from vardkase.communication.models import Bulletin
from vardkase.communication.queries import Kept, bulletin
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.events.models import Event
from vardkase.obligations.models import Deadline, Entity, Submission
from vardkase.organisation.models import Person
from vardkase.workflow import affected, oblige
from vardkase.workflow.acting import NotNow
from vardkase.workflow.duties import standings
from vardkase.workflow.inform import Left, Written, record, write
from vardkase.workflow.quoting import personally, quoted
from vardkase.workflow.telling import complete

type Act = Callable[[Person], Actor]
type SignIn = Callable[[Person], Client]

SUBJECTS = "data_subjects"
FACTS = {
    "org.controller": True, "t.personal_data": True, "t.risk_to_individuals": "high",
    "t.art34_3_exception": False,
}  # fmt: skip
RECIPIENTS = {"org.csl_entity": True, "t.service_recipients_adversely_affected": True}
LETTER = Left(NOW, "Brev", "", 2, unapproved_because="Medierna har ringt.")


@pytest.fixture
def breach(incident: Event, hire: Hire, act: Act) -> Event:
    """High risk to people, so that article 34 wants them told."""
    oblige.answer(incident, FACTS | RECIPIENTS, by=act(hire("ciso")), at=NOW)
    return incident


def now(made: Bulletin) -> Kept:
    return bulletin(made.event, made.pk, NOW)


def sent(case: Event, by: Actor, left: Left = LETTER, audience: str = SUBJECTS) -> Bulletin:
    made = write(case, Written(audience, "Era uppgifter", "Detta har hänt."), by=by, at=NOW)
    record(now(made), left, by=by, at=NOW)
    return made


def runs(case: Event, step: str = "subjects") -> bool:
    return Deadline.objects.filter(obligation__event=case, step=step, ended_at=None).exists()


def last_facts(case: Event) -> dict[str, Any]:
    found: dict[str, Any] = body(Entry.objects.filter(chain=case.number).order_by("-place")[0])
    return found["facts"]


@pytest.mark.parametrize(
    ("audience", "regime", "step"),
    [(SUBJECTS, "eu-gdpr", "subjects"),
     ("service_recipients", "se-nis2-csl", "inform_recipients")],
)  # fmt: skip
def test_the_text_that_left_stops_the_law_s_clock_and_is_its_proof(
    breach: Event, by_ingrid: Actor, audience: str, regime: str, step: str
) -> None:
    assert runs(breach, step)
    made = sent(breach, by_ingrid, audience=audience)
    row = Submission.objects.get(obligation__regime=regime)
    assert (row.step, row.channel, row.sent_at) == (step, "Brev", NOW)
    assert (row.content["information"], row.content["number"]) == (made.pk, 2)
    assert row.content["text"] == "Detta har hänt."
    assert not runs(breach, step)
    assert last_facts(breach)["stops"] == [f"{regime} {step}"]
    assert verify(breach.number).ok


def test_a_text_to_others_stops_nothing(breach: Event, by_ingrid: Actor) -> None:
    sent(breach, by_ingrid, audience="media")
    assert not Submission.objects.exists()
    assert runs(breach)


def test_every_entity_that_is_struck_has_told_its_people(
    breach: Event, by_ingrid: Actor, hire: Hire, act: Act
) -> None:
    board = Entity.objects.create(name="Hälsonämnden", kind="committee")
    oblige.strike(breach, board, by=act(hire("ciso")), at=NOW)
    sent(breach, by_ingrid)
    assert Submission.objects.filter(step="subjects").count() == 2
    assert not runs(breach)


def test_while_somebody_is_left_the_clock_goes_on(breach: Event, by_ingrid: Actor) -> None:
    people = [One("Anna"), One("Bo"), One("Ida", "", True, "Skatteverket")]
    affected.enlist(breach, SUBJECTS, people, by=by_ingrid, at=NOW)
    sent(breach, by_ingrid)
    assert runs(breach)
    affected.reach_all(breach, SUBJECTS, "letter", by=by_ingrid, at=NOW)
    assert runs(breach)
    ida = breach.affected.get(protected=True)
    affected.reach(ida, "safe", "sent", by=by_ingrid, at=NOW)
    assert not runs(breach)
    row = Submission.objects.get(step="subjects")
    assert (row.content["affected"], row.content["sent"], row.content["waiting"]) == (3, 3, 0)


def test_a_list_of_some_does_not_stop_the_clock_of_the_many(
    breach: Event, by_ingrid: Actor
) -> None:
    affected.count(breach, SUBJECTS, 5000, by=by_ingrid, at=NOW)
    affected.enlist(breach, SUBJECTS, [One("Anna")], by=by_ingrid, at=NOW)
    affected.reach_all(breach, SUBJECTS, "letter", by=by_ingrid, at=NOW)
    made = sent(breach, by_ingrid)
    assert runs(breach)
    complete(now(made), "Adresserna är okända.", by=by_ingrid, at=NOW)
    assert Submission.objects.get(step="subjects").content["affected"] == 5000
    assert personally(breach, {}, "sv")[0].endswith("av 5000")


def test_a_person_says_why_the_rest_cannot_be_told(breach: Event, by_ingrid: Actor) -> None:
    affected.count(breach, SUBJECTS, 140, by=by_ingrid, at=NOW)
    made = sent(breach, by_ingrid)
    with pytest.raises(NotNow, match="some_left"):
        complete(now(made), by=by_ingrid, at=NOW)
    assert runs(breach)
    complete(now(made), "Kungjort i tidningen, artikel 34.3 c.", by=by_ingrid, at=NOW)
    assert not runs(breach)
    assert last_facts(breach)["untold"] == 138
    with pytest.raises(NotNow, match="no_clock_waits"):
        complete(now(made), "Igen.", by=by_ingrid, at=NOW)


def test_what_has_not_left_tells_nobody(breach: Event, by_ingrid: Actor) -> None:
    made = write(breach, Written(SUBJECTS, "x", "x"), by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="not_sent"):
        complete(now(made), "x", by=by_ingrid, at=NOW)


@pytest.mark.parametrize(
    ("counted", "told", "left"),
    [(Totals(SUBJECTS, 5, reached=1, sent=1, returned=2, waiting=1), [5], 3),
     (Totals(SUBJECTS, 5000, sent=3, beyond=4997), [3], 4997),
     (Totals(SUBJECTS, 5000, sent=3, beyond=4997), [5000], 0),
     (Totals(SUBJECTS, 5, listed=False), [], 5),
     (Totals(SUBJECTS, 5, listed=False), [3, 2], 2),
     (Totals(SUBJECTS, 5, listed=False), [9], 0)],
)  # fmt: skip
def test_how_many_are_known_to_be_left(counted: Totals, told: list[int], left: int) -> None:
    assert counted.untold(told) == left


def test_the_report_does_not_call_those_affected_an_authority(
    breach: Event, by_ingrid: Actor
) -> None:
    sent(breach, by_ingrid)
    other = next(one for one in standings(breach, NOW) if one.judgement.regime == "se-nis2-csl")
    assert "submissions.other_regimes" not in quoted(breach, other, NOW, "sv")


def test_message_and_report_link_each_other(
    breach: Event, by_ingrid: Actor, ingrid: Person, hire: Hire, signed_in: SignIn
) -> None:
    """Before, while somebody is left, and after."""
    affected.count(breach, SUBJECTS, 3, by=by_ingrid, at=NOW)
    made, leads = sent(breach, by_ingrid), signed_in(ingrid)
    text, duties = (f"/arenden/{breach.number}/{at}" for at in ("information", "rapportering"))
    text = f"{text}/{made.pk}"
    waits = leads.get(text).content.decode()
    assert "Fristen löper vidare:" in waits
    assert "1 har inte fått informationen än" in waits
    assert (
        f'href="{text}">Texten är skickad, men inte till alla' in leads.get(duties).content.decode()
    )
    assert leads.post(f"{text}/alla", {"reason": ""}).status_code == 422
    assert leads.post(f"{text}/alla", {"reason": "Avliden."}).status_code == 302
    assert "Texten stoppade fristen:" in leads.get(text).content.decode()
    assert f'href="{text}">Texten som skickades' in leads.get(duties).content.decode()


def test_a_program_is_told_which_clocks_a_text_stopped(breach: Event, call: Call) -> None:
    at = f"/events/{breach.number}"
    said = {"audience": SUBJECTS, "heading": "x", "text": "x"}
    made = call("POST", f"{at}/information", said, role="dpo").json()
    one = f"{at}/information/{made['id']}"
    clock = {"regime": "eu-gdpr", "step": "subjects", "submission": None}
    before = call("GET", f"{one}/law", role="dpo").json()
    assert [row | {"entity": ""} for row in before["waits"]] == [clock | {"entity": ""}]
    assert call("POST", f"{one}/complete", {}, role="dpo").status_code == 409
    left = {"sent_at": "2026-11-22T09:00:00Z", "channel": "Brev", "unapproved_because": "x"}
    assert call("POST", f"{one}/sent", left, role="dpo").status_code == 201
    (stopped,) = call("GET", f"{one}/law", role="dpo").json()["stopped"]
    found = call("GET", f"{at}/obligations", role="dpo").json()["items"]
    (receipt,) = next(row["receipts"] for row in found if row["regime"] == "eu-gdpr")
    assert (receipt["id"], receipt["information"]) == (stopped["submission"], made["id"])
