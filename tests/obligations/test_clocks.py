"""Every law's question asked of the case, every clock planned, moved and reminded of."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.assessment.rules import Judgement
from vardkase.decisionlog.models import Entry, Fresh
from vardkase.decisionlog.queries import verify
from vardkase.delivery.models import Notice
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.obligations.models import Answer, Deadline, Entity, Obligation, Ruling, Submission
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.queries import actor_of
from vardkase.policy.facts import BadFacts
from vardkase.policy.parameter import SWEDEN
from vardkase.workflow import known
from vardkase.workflow.acting import NotNow
from vardkase.workflow.assess import assess
from vardkase.workflow.duties import ask, own_entity, standings
from vardkase.workflow.oblige import Sent, answer, record_reply, record_sent, rule, strike
from vardkase.workflow.planning import judged, plan, plan_changed
from vardkase.workflow.reminding import remind
from vardkase.workflow.report import report

FRIDAY = datetime(2026, 10, 23, 22, 40, tzinfo=SWEDEN)  # summer time ends on the Sunday
HOUR = timedelta(hours=1)


@pytest.fixture
def ciso(hire: Hire) -> Person:
    return hire("ciso")


@pytest.fixture
def by(ciso: Person) -> Actor:
    return actor_of(ciso, FRIDAY)


@pytest.fixture
def case(hospital: Unit, by: Actor) -> Event:
    """Ransomware, reported on Friday evening and judged an incident at once."""
    what = Report(
        what="Filerna går inte att öppna.", unit=hospital.pk,
        answers={"personal_data": ["other"], "ongoing": ["worse"]},
    )  # fmt: skip
    event = report(what, by=Actor.reporter(FRIDAY), at=FRIDAY).event
    judged = Judgement(
        outcome="confirmed_incident", impact=4, urgency=4, category="malware",
        reason="Filerna krypteras.",
    )  # fmt: skip
    assess(event, judged, by=by, at=FRIDAY)
    return Event.objects.select_related("unit").get(pk=event.pk)


def due(case: Event, regime: str, step: str) -> datetime | None:
    row = Deadline.objects.filter(obligation__event=case, ended_at=None)
    found = row.filter(obligation__regime=regime, step=step).first()
    return found.due_at if found else None


@pytest.mark.says("S2-097", "göras inom de tidsramar som lag eller förordning kräver")
def test_the_clocks_of_a_friday_night_run_through_the_change_of_the_hour(case: Event) -> None:
    assert plan_changed(FRIDAY) > 0
    assert due(case, "se-nis2-csl", "early_warning") == FRIDAY + 24 * HOUR
    monday = datetime(2026, 10, 26, 21, 40, tzinfo=SWEDEN)
    assert due(case, "se-nis2-csl", "notification") == monday
    assert due(case, "eu-gdpr", "imy") == monday
    assert plan_changed(FRIDAY) == 0
    assert Obligation.objects.filter(event=case, regime="se-nis1").count() == 0
    assert verify().ok


def test_answers_decide_and_the_old_deadline_stays_in_the_log(case: Event, by: Actor) -> None:
    plan(case, FRIDAY)
    said = {"t.activity_limited_hours": 2.5, "known_at": "2026-10-23T20:00+02:00"}
    answer(case, said, by=by, at=FRIDAY + HOUR)
    (first,) = [s for s in standings(case, FRIDAY) if s.judgement.regime == "se-nis2-csl"]
    assert first.judgement.verdict == "reportable"
    assert "care-1h" in first.judgement.hits
    rows = Deadline.objects.filter(obligation__regime="se-nis2-csl", step="early_warning")
    assert [row.ended_at is None for row in rows.order_by("pk")] == [False, True]
    entry = Entry.objects.filter(chain=case.number).latest("place")
    assert "2026-10-24T22:40:00+02:00 -> 2026-10-24T20:00:00+02:00" in entry.payload.content


@pytest.mark.parametrize("said", [{"t.personal_data": "kanske"}, {"finns.inte": True}])
def test_an_answer_that_does_not_fit_is_refused(
    case: Event, by: Actor, said: dict[str, object]
) -> None:
    with pytest.raises(BadFacts):
        answer(case, said, by=by, at=FRIDAY)


@pytest.mark.says("S1-13", "hur rapporteringspliktiga incidenter rapporteras till rätt myndighet")
def test_no_is_kept_as_carefully_as_yes(case: Event, by: Actor) -> None:
    plan(case, FRIDAY)
    assert due(case, "eu-gdpr", "imy")
    rule(case, "eu-gdpr", "no_report", "Krypterad disk, nyckeln är kvar.", by=by, at=FRIDAY)
    assert due(case, "eu-gdpr", "imy") is None
    ruling = Ruling.objects.get()
    assert (ruling.reason, ruling.by) == ("Krypterad disk, nyckeln är kvar.", by.key)
    later = FRIDAY + HOUR
    rule(case, "eu-gdpr", "report", "Nyckeln låg på samma disk.", by=by, at=later)
    assert due(case, "eu-gdpr", "imy") == datetime(2026, 10, 26, 21, 40, tzinfo=SWEDEN)
    assert Ruling.objects.count() == 2


def test_what_is_decided_of_one_law_is_what_another_asks_about(case: Event, by: Actor) -> None:
    """MCFFS 2026:8 (not checked): a care provider's report under lex Maria is reason enough."""
    rule(case, "se-lex-maria", "report", "Allvarlig.", by=by, at=FRIDAY)
    assert "care-lexmaria" in judged(case, own_entity(), "se-nis2-csl", FRIDAY).hits
    rule(case, "se-lex-maria", "no_report", "Inte allvarlig.", by=by, at=FRIDAY)
    rule(case, "se-lex-maria", "report", "IVO.", of_authority=True, by=by, at=FRIDAY)
    said = {one.judgement.regime: one.judgement for one in standings(case, FRIDAY)}["se-nis2-csl"]
    assert "care-lexmaria" not in (*said.hits, *said.unknown)


@pytest.mark.says(
    "S3-05",
    "Myndigheten kan komma att göra en självständig bedömning av om incidenten är"
    " rapporteringspliktig",
)
def test_the_authoritys_own_view_stands_beside_ours(case: Event, by: Actor) -> None:
    rule(case, "se-nis2-csl", "report", "Vården begränsad.", by=by, at=FRIDAY)
    view = {"of_authority": True, "by": by, "at": FRIDAY}
    rule(case, "se-nis2-csl", "no_report", "Ej betydande.", **view)  # type: ignore[arg-type]
    (one,) = [s for s in standings(case, FRIDAY) if s.judgement.regime == "se-nis2-csl"]
    assert one.ruling
    assert one.view
    assert one.runs


def test_what_was_sent_stops_its_clock_and_starts_the_next(
    case: Event, by: Actor, hire: Hire
) -> None:
    plan(case, FRIDAY)
    answer(case, {"t.serious_disruption": True}, by=by, at=FRIDAY)
    key = hire("handler").key
    sent = Sent("notification", FRIDAY + HOUR, "CERT-SE", prepared_by=key, content={"a": "å"})
    made = record_sent(case, "se-nis2-csl", sent, by=by, at=FRIDAY + 2 * HOUR)
    assert due(case, "se-nis2-csl", "notification") is None
    assert due(case, "se-nis2-csl", "situation") == datetime(2026, 11, 23, 23, 40, tzinfo=SWEDEN)
    assert len(made.digest) == 64
    record_reply(made, "Mottaget.", reference="CERT-1", by=by, at=FRIDAY + 3 * HOUR)
    made.refresh_from_db()
    assert made.known_as == "CERT-1"


def test_a_report_that_is_updated_counts_from_its_latest_others_from_their_first(
    case: Event, by: Actor
) -> None:
    """(EU) 2022/2554 art. 19.4 c (from memory); SFS 2025:1506 2 kap. 8 §."""
    told = {"org.dora_entity": True, "classified_at": FRIDAY.isoformat(), "incident.ongoing": False}
    answer(case, told, by=by, at=FRIDAY)
    for hours in (1, 48):
        for regime, step in (("eu-dora", "intermediate"), ("se-nis2-csl", "notification")):
            sent = Sent(step, FRIDAY + hours * HOUR, "FI", alone_because="Natt.", content={})
            record_sent(case, regime, sent, by=by, at=FRIDAY + 48 * HOUR)
    said = {one.judgement.regime: one.judgement for one in standings(case, FRIDAY + 48 * HOUR)}
    final = next(c.due for c in said["eu-dora"].clocks if c.step.id == "final")
    assert final == datetime(2026, 11, 25, 22, 40, tzinfo=SWEDEN)
    answer(case, {"org.dora_entity": False, "t.serious_disruption": True}, by=by, at=FRIDAY)
    assert due(case, "se-nis2-csl", "final") == datetime(2026, 11, 23, 23, 40, tzinfo=SWEDEN)


def test_each_answer_of_the_authority_is_a_row_and_the_last_counts(case: Event, by: Actor) -> None:
    sent = Sent("early_warning", FRIDAY, "CERT-SE", reference="A1", alone_because="Natt.")
    made = record_sent(case, "se-nis2-csl", sent, by=by, at=FRIDAY)
    record_reply(made, "Mottaget.", by=by, at=FRIDAY + HOUR)
    record_reply(made, "Komplettera.", reference="CERT-2", by=by, at=FRIDAY + 2 * HOUR)
    made = Submission.objects.get()
    assert made.reference == "A1"
    assert made.known_as == "CERT-2"
    assert [reply.text for reply in made.replies.all()] == ["Mottaget.", "Komplettera."]


def test_nobody_prepares_a_report(case: Event, by: Actor) -> None:
    sent = Sent("early_warning", FRIDAY, "CERT-SE", prepared_by="p999999")
    with pytest.raises(NotNow, match="nobody"):
        record_sent(case, "se-nis2-csl", sent, by=by, at=FRIDAY)


def test_an_answer_that_the_catalogue_has_outgrown_does_not_count_and_is_told_of(
    case: Event, by: Actor
) -> None:
    for name, value in (("t.personal_data", "?"), ("finns.inte", True)):
        Answer.objects.create(event=case, name=name, value=value, at=FRIDAY, by="p1")
    plan(case, FRIDAY)
    us = own_entity()
    assert known.facts(case, us)["t.personal_data"] is True  # as the report says
    told = " ".join(words.sv for words in known.told(case, us)[1])
    assert "t.personal_data" in told
    assert "finns.inte" in told


def test_what_the_kind_of_organisation_means_is_not_copied_to_its_row(
    case: Event, by: Actor
) -> None:
    plan(case, FRIDAY)
    us = Entity.objects.get(own=True)
    assert not us.facts.exists()
    assert known.facts(case, us)["org.csl_entity"] is True


def test_one_who_prepares_and_sends_alone_says_why(case: Event, by: Actor, hire: Hire) -> None:
    plan(case, FRIDAY)
    alone = Sent("early_warning", FRIDAY, "CERT-SE")
    with pytest.raises(NotNow, match="alone"):
        record_sent(case, "se-nis2-csl", alone, by=by, at=FRIDAY)
    late = Sent("early_warning", FRIDAY + 30 * HOUR, "CERT-SE", prepared_by=hire("handler").key)
    with pytest.raises(NotNow, match="late_reason"):
        record_sent(case, "se-nis2-csl", late, by=by, at=FRIDAY + 30 * HOUR)


@pytest.mark.says("S1-11", "krav på att incidenter av olika slag ska rapporteras till olika")
def test_another_entity_has_duties_of_its_own(case: Event, by: Actor) -> None:
    company = Entity.objects.create(name="Regionbuss AB", kind="company")
    strike(case, company, reason="Bolagets system hänger på regionens.", by=by, at=FRIDAY)
    found = {s.entity.name for s in standings(case, FRIDAY) if s.judgement.regime == "eu-gdpr"}
    assert found == {"Region Exempel", "Regionbuss AB"}
    rule(case, "eu-gdpr", "no_report", "Inga uppgifter.", entity=company, by=by, at=FRIDAY)
    assert Ruling.objects.get().obligation.entity == company


def test_what_is_asked_is_what_can_change_something(case: Event) -> None:
    asked = ask(standings(case, FRIDAY))
    assert "t.risk_to_individuals" in asked
    assert "known_at" not in asked
    assert "incident.priority" not in asked


def test_reminders_come_at_each_share_once_and_lateness_is_written_down(
    case: Event, ciso: Person
) -> None:
    plan(case, FRIDAY)
    told = Notice.objects.filter(once__startswith="clock:", deadline=FRIDAY + 24 * HOUR)
    assert remind(FRIDAY + 30 * timedelta(minutes=1)) == 0
    moments = [12, 12, 18, 22, 24, 24, 30]
    counts = []
    for hours in moments:
        remind(FRIDAY + hours * HOUR)
        counts.append(told.values("once").count())
    assert counts[0] == counts[1] > 0
    assert counts[1] < counts[2] < counts[3] < counts[4] == counts[5] == counts[6]
    late = Entry.objects.filter(chain=case.number, kind="obligation.late")
    before = late.count()
    remind(FRIDAY + 31 * HOUR)
    assert late.count() == before > 0
    assert told.filter(kind="late").exists()
    assert verify().ok


def test_a_clock_that_jumps_gives_one_reminder_of_the_latest(case: Event, ciso: Person) -> None:
    plan(case, FRIDAY)
    remind(FRIDAY + 90 * 24 * HOUR)
    for row in Deadline.objects.filter(ended_at=None, mode="by"):
        notices = Notice.objects.filter(once__startswith=f"clock:{case.number}:{row.due_at}:")
        assert notices.filter(person=ciso).count() == 1, row
    assert remind(FRIDAY + 91 * 24 * HOUR) == 0


def test_a_clock_planned_again_to_the_same_time_reminds_of_no_share_twice(
    case: Event, ciso: Person
) -> None:
    plan(case, FRIDAY)
    remind(FRIDAY + 13 * HOUR)
    told = Notice.objects.count()
    Deadline.objects.filter(ended_at=None).update(recipient="Någon annan")
    assert plan(case, FRIDAY + 14 * HOUR) > 0
    remind(FRIDAY + 14 * HOUR)
    assert Notice.objects.count() == told > 0


def test_what_is_to_be_done_at_once_is_told_of_though_another_step_was_before(
    case: Event, ciso: Person
) -> None:
    plan(case, FRIDAY)
    remind(FRIDAY + 13 * HOUR)
    told, later = Notice.objects.count(), FRIDAY + 14 * HOUR
    row = Deadline.objects.filter(ended_at=None, mode="asap", certain=True, told=3).latest("pk")
    Deadline.objects.create(
        obligation=row.obligation, step="another", mode="asap", starts_at=row.starts_at, at=later,
        remind_at=row.starts_at,
    )  # fmt: skip
    remind(later)
    assert Notice.objects.count() > told


def test_a_case_that_cannot_be_planned_keeps_no_other_waiting(
    case: Event, by: Actor, hospital: Unit
) -> None:
    sick = report(Report(what="x", unit=hospital.pk), by=Actor.reporter(FRIDAY), at=FRIDAY).event
    Event.objects.filter(pk=sick.pk).update(state="confirmed_incident")
    never = datetime(9999, 12, 31, 23, tzinfo=UTC)  # no clock can be counted from it
    Event.objects.filter(pk=sick.pk).update(reported_at=never, received_at=never)
    sick.refresh_from_db()
    with pytest.raises(OverflowError):
        plan(sick, FRIDAY)
    assert plan_changed(FRIDAY) > 0
    assert due(case, "eu-gdpr", "imy")
    assert Fresh.objects.filter(entry__chain=sick.number).exists()  # and is tried again


def test_an_event_that_is_no_incident_has_no_clocks(hospital: Unit) -> None:
    report(Report(what="Skärmen är svart.", unit=hospital.pk), by=Actor.reporter(FRIDAY), at=FRIDAY)
    assert plan_changed(FRIDAY) == 0
    assert not Deadline.objects.exists()


def test_a_case_judged_no_incident_after_all_has_its_clocks_ended(
    case: Event, by: Actor, act: Callable[[Person], Actor]
) -> None:
    plan(case, FRIDAY)
    no = Judgement(outcome="not_incident", category="malware", reason="Övning.")
    assess(case, no, by=by, at=FRIDAY + HOUR)
    case.refresh_from_db()
    plan(case, FRIDAY + HOUR)
    assert not Deadline.objects.filter(ended_at=None).exists()


def test_clocks_that_end_together_are_told_of_once_and_what_may_be_due_not_at_all(
    case: Event, ciso: Person
) -> None:
    """Ten laws that may apply are one list of questions, not ten alarms."""
    plan(case, FRIDAY)
    open_at_once = Deadline.objects.filter(ended_at=None, mode="asap", certain=False)
    assert open_at_once.count() > 3
    assert not open_at_once.exclude(remind_at=None).exists()
    remind(FRIDAY + 12 * HOUR)
    told = Notice.objects.filter(person=ciso, once__startswith="clock:")
    assert told.values("deadline", "kind").distinct().count() == told.count()


def test_a_round_reads_what_is_new_and_no_open_case_besides(
    case: Event, by: Actor, django_assert_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    assert Fresh.objects.filter(entry__chain=case.number).count() == 2  # reported, assessed
    while Fresh.objects.exists():  # what was planned stands in the log, and is looked at once too
        plan_changed(FRIDAY)
    with django_assert_num_queries(1):
        assert plan_changed(FRIDAY) == 0
    answer(case, {"t.personal_data": False}, by=by, at=FRIDAY)
    assert Fresh.objects.filter(entry__chain=case.number).count() == 1
    plan_changed(FRIDAY)
    assert not Fresh.objects.exists()
