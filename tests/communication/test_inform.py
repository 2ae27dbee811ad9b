"""Information and communication (s. 13): who is told what and when, approved, sent and kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.assessment.queries import history
from vardkase.communication.models import Bulletin, Dispatch, Verdict, Version
from vardkase.communication.queries import Kept, answered, bulletin
from vardkase.communication.rules import Prompt, prompts, standing
from vardkase.conclusions.sheet import sheet
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.delivery.models import Notice
from vardkase.events.models import Event
from vardkase.organisation.models import Person, Token
from vardkase.policy.parameter import parameter
from vardkase.workflow import handle
from vardkase.workflow.acting import NotNow, Overtaken
from vardkase.workflow.handle import Judged, Task
from vardkase.workflow.inform import Left, Written, asks, judge, record, rewrite, waive, write
from vardkase.workflow.oblige import Sent, answer, record_sent
from vardkase.workflow.prefill import report

type Act = Callable[[Person], Actor]

TO_MEDIA = Written("media", "Störningar på sjukhuset", "Vi arbetar på papper.", "confirmed")
LEFT = Left(NOW, "Webbplatsen", "redaktionerna", 12)


def now(made: Bulletin) -> Kept:
    return bulletin(made.event, made.pk, NOW)


def waiting(case: Event) -> list[Prompt]:
    fresh = Event.objects.select_related("unit").get(pk=case.pk)
    return asks(fresh, sheet(fresh), list(history(fresh)), answered(fresh), NOW)


def last_facts(case: Event) -> dict[str, Any]:
    entry = Entry.objects.filter(chain=case.number).order_by("-place")[0]
    found: dict[str, Any] = body(entry)["facts"]
    return {"kind": entry.kind} | found


@pytest.mark.says("S2-122", "Samarbete ska etableras med ansvariga för mediakontakter")
def test_the_media_contact_is_told_of_a_text_to_outsiders_and_approves_it(
    incident: Event, by_ingrid: Actor, mia: Person, act: Act
) -> None:
    made = write(incident, TO_MEDIA, by=by_ingrid, at=NOW)
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.case) == (mia, "to_approve", incident.number)
    assert now(made).state == "draft"
    judge(now(made), approved=True, by=act(mia), at=NOW)
    assert now(made).state == "approved"
    told = Notice.objects.get(kind="approved")
    assert told.person_id == by_ingrid.person


@pytest.mark.says("S2-119", "lämnas ut till egna medarbetare och journalister")
def test_what_left_is_kept_with_way_time_sender_and_receivers(
    incident: Event, by_ingrid: Actor, mia: Person, act: Act
) -> None:
    made = write(incident, TO_MEDIA, by=by_ingrid, at=NOW)
    judge(now(made), approved=True, by=act(mia), at=NOW)
    record(now(made), LEFT, by=by_ingrid, at=NOW)
    (left,) = now(made).dispatches
    assert (left.channel, left.recipients, left.number) == ("Webbplatsen", "redaktionerna", 12)
    assert (left.sent_at, left.by, left.unapproved_because) == (NOW, by_ingrid.key, "")
    assert last_facts(incident)["kind"] == "information.sent"
    assert verify(incident.number).ok


def test_staff_are_told_without_approval(incident: Event, by_ingrid: Actor, mia: Person) -> None:
    made = write(incident, Written("staff", "Läget", "Skriv på papper."), by=by_ingrid, at=NOW)
    assert now(made).state == "ready"
    assert not Notice.objects.exists()
    record(now(made), LEFT, by=by_ingrid, at=NOW)
    assert now(made).state == "sent"


def test_nobody_approves_his_own_text_but_with_a_reason_in_the_log(
    incident: Event, mia: Person, act: Act
) -> None:
    made = write(incident, TO_MEDIA, by=act(mia), at=NOW)
    with pytest.raises(NotNow, match="own_text"):
        judge(now(made), approved=True, by=act(mia), at=NOW)
    assert not Verdict.objects.exists()
    judge(now(made), approved=True, reason="Ensam i natt, medierna ringer.", by=act(mia), at=NOW)
    assert last_facts(incident)["alone"] == "Ensam i natt, medierna ringer."


def test_a_person_and_the_token_that_he_made_are_one(
    incident: Event, mia: Person, act: Act
) -> None:
    token = Token.objects.create(
        name="skript", role="media_contact", unit=mia.unit, digest="x", by=mia.key,
        created_at=NOW, expires_at=NOW + timedelta(days=1),
    )  # fmt: skip
    program = Actor(token.key, "skript", NOW, act(mia).grants)
    made = write(incident, TO_MEDIA, by=act(mia), at=NOW)
    with pytest.raises(NotNow, match="own_text"):
        judge(now(made), approved=True, by=program, at=NOW)
    back = write(incident, TO_MEDIA, by=program, at=NOW)
    with pytest.raises(NotNow, match="own_text"):
        judge(now(back), approved=True, by=act(mia), at=NOW)


def test_whoever_manages_the_incident_may_not_approve(incident: Event, by_ingrid: Actor) -> None:
    made = write(incident, TO_MEDIA, by=by_ingrid, at=NOW)
    with pytest.raises(PermissionDenied):
        judge(now(made), approved=True, reason="x", by=by_ingrid, at=NOW)


def test_without_a_media_contact_the_next_who_may_approve_is_told(
    incident: Event, by_ingrid: Actor, hire: Hire
) -> None:
    chief = hire("ciso")
    write(incident, TO_MEDIA, by=by_ingrid, at=NOW)
    assert Notice.objects.get().person == chief


def test_a_text_sent_back_says_what_to_change_and_a_new_one_is_approved_anew(
    incident: Event, by_ingrid: Actor, mia: Person, act: Act
) -> None:
    made = write(incident, TO_MEDIA, by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="what_to_change"):
        judge(now(made), approved=False, by=act(mia), at=NOW)
    judge(now(made), approved=False, reason="Nämn inte VPN.", by=act(mia), at=NOW)
    assert now(made).state == "returned"
    rewrite(now(made), "Störningar", "Vi arbetar på papper.", by=by_ingrid, at=NOW)
    judge(now(made), approved=True, by=act(mia), at=NOW)
    rewrite(now(made), "Störningar", "Nu också på Arkivet.", by=by_ingrid, at=NOW)
    assert now(made).state == "draft"
    assert [one.text for one in now(made).versions][-1] == TO_MEDIA.text
    assert Version.objects.count() == 3


def test_what_was_read_is_what_is_approved(
    incident: Event, by_ingrid: Actor, mia: Person, act: Act
) -> None:
    made = write(incident, TO_MEDIA, by=by_ingrid, at=NOW)
    read = now(made)
    rewrite(read, "Annat", "Något helt annat.", by=by_ingrid, at=NOW)
    with pytest.raises(Overtaken):
        judge(read, approved=True, expected=read.version.pk, by=act(mia), at=NOW)


def test_a_text_that_left_unapproved_is_recorded_with_the_reason(
    incident: Event, by_ingrid: Actor
) -> None:
    made = write(incident, TO_MEDIA, by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="not_approved"):
        record(now(made), LEFT, by=by_ingrid, at=NOW)
    assert not Dispatch.objects.exists()
    said = Left(NOW, "Telefon", unapproved_because="Reportern stod i entrén kl. 03.")
    record(now(made), said, by=by_ingrid, at=NOW)
    assert last_facts(incident)["unapproved"] == said.unapproved_because


def test_a_notice_holds_nothing_of_the_text(incident: Event, by_ingrid: Actor, mia: Person) -> None:
    made = write(incident, TO_MEDIA, by=by_ingrid, at=NOW)
    notice = Notice.objects.get()
    assert notice.path == f"/arenden/{incident.number}/information/{made.pk}"
    assert TO_MEDIA.heading not in str(vars(notice))


@pytest.mark.says(
    "S2-120",
    "när incidenten bekräftats, när den är under kontroll, när man beslutat om åtgärder, när den"
    " avslutats och vilka slutsatser man dragit",
)
def test_each_milestone_asks_whether_somebody_should_be_informed(
    incident: Event, by_ingrid: Actor, ingrid: Person
) -> None:
    codes = [row["code"] for row in parameter("communication.milestones").at(NOW).value]
    assert codes == ["confirmed", "under_control", "actions_decided", "closed", "concluded"]
    assert {one.milestone for one in waiting(incident)} == {"confirmed"}
    handle.assign_action(incident, Task("Spärra", "immediate", ingrid), by=by_ingrid, at=NOW)
    handle.declare_under_control(incident, Judged(reason="x", reached_at=NOW), by=by_ingrid, at=NOW)
    reached = {"confirmed", "under_control", "actions_decided"}
    assert {one.milestone for one in waiting(incident)} == reached


def test_a_prompt_is_answered_by_a_text_or_by_why_none_is_needed(
    incident: Event, by_ingrid: Actor
) -> None:
    assert {"media", "staff"} <= {one.audience for one in waiting(incident)}
    write(incident, TO_MEDIA, by=by_ingrid, at=NOW)
    waive(incident, "confirmed", "staff", "Alla vet redan.", by=by_ingrid, at=NOW)
    assert not {"media", "staff"} & {one.audience for one in waiting(incident)}
    assert last_facts(incident) == {
        "kind": "information.waived", "audience": "staff", "milestone": "confirmed",
        "reason": "Alla vet redan.",
    }  # fmt: skip


@pytest.mark.says("S2-121", "rutiner för vilka som ska informeras om vad och när")
def test_the_matrix_says_who_is_told_what_and_when_by_priority_and_category() -> None:
    rows = parameter("communication.matrix").at(NOW).value
    reached = {"confirmed": NOW}

    def to(priority: int, category: str) -> dict[str, Prompt]:
        found = prompts(rows, reached, [], priority=priority, category=category)
        return {one.audience: one for one in found}

    assert {"staff", "media", "users"} <= set(to(1, "malware"))
    assert "data_subjects" in to(3, "compromise_of_information")
    assert "data_subjects" not in to(3, "malware")
    assert to(5, "malware") == {}
    staff = to(1, "malware")["staff"]
    assert staff.due_at == NOW + timedelta(hours=1)
    assert staff.row["sv"].startswith("Vad som har hänt")


def test_the_most_urgent_row_of_an_audience_counts() -> None:
    row = {"milestone": "closed", "audience": "staff", "sv": "x", "en": "x"}
    rows = [row | {"hours": 8}, row | {"hours": 2, "priorities": [1]}]
    (urgent,) = prompts(rows, {"closed": NOW}, [], priority=1, category="")
    (calm,) = prompts(rows, {"closed": NOW}, [], priority=2, category="")
    assert (urgent.row["hours"], calm.row["hours"]) == (2, 8)


@pytest.mark.parametrize(
    ("outside", "approved", "sent", "word"),
    [
        (True, None, False, "draft"),
        (False, None, False, "ready"),
        (True, False, False, "returned"),
        (True, True, False, "approved"),
        (True, None, True, "sent"),
    ],
)
def test_how_a_text_stands(outside: bool, approved: bool | None, sent: bool, word: str) -> None:
    assert standing(outside=outside, approved=approved, sent=sent) == word


@pytest.mark.parametrize(
    ("said", "code"),
    [(Written("kungen", "x", "x"), "unknown_audience"),
     (Written("staff", "x", "x", "jul"), "unknown_milestone")],
)  # fmt: skip
def test_only_what_policy_names_is_stored(
    said: Written, code: str, incident: Event, by_ingrid: Actor
) -> None:
    with pytest.raises(NotNow, match=code):
        write(incident, said, by=by_ingrid, at=NOW)
    assert not Bulletin.objects.exists()


def field(case: Event, id: str) -> str:
    """What PTS's form says under one of its numbers."""
    made = report(case, "pts", at=NOW, language="sv", regime="se-eidas")
    return next(line.text for line in made.lines if line.field.id == id)


@pytest.fixture
def provider(incident: Event, hire: Hire, act: Act) -> Event:
    """The incident strikes a trust service, so that PTS wants the twelve contents."""
    facts = {"org.trust_service_provider": True, "t.enisa_level": 3}
    answer(incident, facts, by=act(hire("ciso")), at=NOW)
    return incident


@pytest.mark.says(
    "S3-23",
    "Hur du som tillhandahållare har informerat om incidenten till slutanvändare (kunder),"
    " förlitande parter eller allmänhet",
)
def test_the_report_quotes_how_users_and_the_public_were_informed(
    provider: Event, by_ingrid: Actor
) -> None:
    assert field(provider, "informed") == ""
    for audience, way in (("public", "Webbplatsen"), ("staff", "Intranätet")):
        made = write(provider, Written(audience, "x", "x"), by=by_ingrid, at=NOW)
        left = Left(NOW, way, "", 300, unapproved_because="x")
        record(now(made), left, by=by_ingrid, at=NOW)
    assert field(provider, "informed") == "Allmänhet: Webbplatsen (300), 2026-11-22 10:00"


@pytest.mark.says("S3-24", "Om annan myndighet har informerats om incidenten")
def test_the_report_names_the_other_authorities_that_were_informed(
    provider: Event, by_ingrid: Actor, hire: Hire, act: Act
) -> None:
    chief = act(hire("ciso"))
    imy = Sent("imy", NOW, "IMY", alone_because="x", late_reason="x", past_because="x")
    record_sent(provider, "eu-gdpr", imy, by=chief, at=NOW)
    made = write(provider, Written("authorities", "x", "x"), by=by_ingrid, at=NOW)
    left = Left(NOW, "Telefon", "Länsstyrelsen", unapproved_because="x")
    record(now(made), left, by=by_ingrid, at=NOW)
    told = field(provider, "other_authorities")
    assert told == "IMY, 2026-11-22 10:00\nLänsstyrelsen, 2026-11-22 10:00"
