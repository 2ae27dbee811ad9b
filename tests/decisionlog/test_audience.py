"""Who sees which entry of a log: every kind, in words (need to know, S2-063)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.conftest import NOW, Hire

from vardkase.access.actor import Actor, Grant
from vardkase.assessment.rules import Judgement
from vardkase.decisionlog.queries import audible, said_in, tail
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Person, Unit
from vardkase.policy.parameter import parameter
from vardkase.workflow.assess import assess, merge
from vardkase.workflow.report import report, supplement

CISO = Actor("p1", "Chef", NOW, (Grant("ciso", "/"),))
READS = "whoever reads the case"
LOG = "whoever reads the case's log"
NO_CASE = "no case: in the log of the organisation's own"

AUDIENCE = {
    READS: """
        event.reported event.recorded_for_another message.sent attachment.added statement.marked
        asset.linked asset.unlinked event.assessed event.referred referral.answered question.asked
        ticket.handed_over
        case.noted case.decided situation.updated relation.drawn part.set part.ended
        action.assigned action.progressed incident.under_control incident.control_revoked
        incident.restored incident.restoration_revoked conclusion.written incident.closed
        incident.reopened alarm.passed_on alarm.acknowledged alarm.handed_over facts.answered
        level.decided entity.struck entity.unstruck obligation.decided obligation.sent
        obligation.replied
        obligation.planned obligation.late alarm.raised alarm.joined alarm.parted alarm.returned
        sister.linked sister.unlinked report.worded
        information.drafted information.approved information.returned information.sent
        information.completed information.waived
        lead.handed_over lead.handed_back lead.taken dpo.informed dpo.received
        dpo.opined affected.listed affected.contacted affected.erased
        affected.protected
    """,
    f"{READS}, but for contact": "event.supplemented",
    f"{READS}, but for imported": "event.imported",
    f"{READS}, but for into, report": "event.merged event.reported_again",
    f"{READS}, but for out_of, report": "event.unmerged",
    # who may see the case, and who was shut out of it; who has read or taken out what
    LOG: """
        event.secret_callback event.labelled member.added member.removed conflict.added
        conflict.removed event.sealed event.unsealed case.read_sensitive evidence.read export.made
        log.exported information.printed affected.read
    """,
    NO_CASE: """
        unit.changed person.changed team.changed duty.scheduled setup.linked organisation.founded
        organisation.changed grant.given grant.ended person.invited person.reset person.disabled
        person.enabled account.opened account.secured asset.changed supplier.changed token.created
        token.revoked token.bound policy.changed data.imported own_channel.changed channel.changed
        source.changed source.checked
        entity.changed alarm.muted alarm.unmuted request.made request.confirmed request.declined
    """,
}
WANTED = {kind: words for words, kinds in AUDIENCE.items() for kind in kinds.split()}


def kinds() -> dict[str, Any]:
    found: dict[str, Any] = parameter("decisions").at(NOW).value
    return found


def audience(kind: str) -> str:
    row, actions = kinds()[kind], parameter("access.actions").at(NOW).value
    if row.get("told"):
        private = row.get("private", [])
        return f"{READS}, but for {', '.join(private)}" if private else READS
    whole = actions[row["action"]]["about"] == "whole" and row["action"] != "create"
    return NO_CASE if whole else LOG


@pytest.mark.says(
    "S2-063", "Behörig är den som behöver uppgifterna för att kunna utföra sin arbetsuppgift"
)
@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_has_the_audience_that_it_was_given(kind: str) -> None:
    assert kind in WANTED, f"say in AUDIENCE who sees {kind}: nobody, until that is decided"
    assert audience(kind) == WANTED[kind]


def test_no_kind_stands_here_that_is_gone() -> None:
    assert set(WANTED) == set(kinds())


@pytest.fixture
def told(hospital: Unit) -> Callable[..., Event]:
    def tell(what: str) -> Event:
        sent = Report(what=what, unit=hospital.pk)
        return report(sent, by=Actor.reporter(NOW), at=NOW).event

    return tell


def facts(case: Event, kind: str, *, full: bool) -> dict[str, Any]:
    rows = audible(tail(case.number, most=50), full=full, at=NOW)
    (row,) = [row for row in rows if row.kind == kind]
    found: dict[str, Any] = said_in(row)["facts"]
    return found


def test_a_merge_tells_no_reader_the_number_of_a_case_he_may_not_know_of(
    told: Callable[..., Event], hire: Hire, hospital: Unit, signed_in: Callable[[Person], Client]
) -> None:
    one, hidden = told("Filer krypterade."), told("En anställd misstänks.")
    Event.objects.filter(pk=hidden.pk).update(labels=["personnel"])
    hidden.refresh_from_db()
    by = Actor("p1", "Chef", NOW, (Grant("ciso", "/", frozenset({"personnel"})),))
    merge(one, hidden, by=by, at=NOW)
    assert facts(one, "event.merged", full=False) == {"reason": ""}
    assert facts(one, "event.merged", full=True)["into"] == ""  # whoever reads the log, uncleared
    web = signed_in(hire("assessor", hospital))
    for page in ("", "/logg", "/sammanfattning"):
        html = web.get(f"/arenden/{one.number}{page}").content.decode()
        assert "slogs ihop med en annan" in html or page == ""
        assert hidden.number not in html


def test_whoever_reads_the_log_is_told_into_which_case_of_the_same_labels(
    told: Callable[..., Event],
) -> None:
    one, other = told("Filer krypterade."), told("Servern är långsam.")
    merge(one, other, by=CISO, at=NOW)
    assert facts(one, "event.merged", full=False) == {"reason": ""}
    assert facts(one, "event.merged", full=True)["into"] == other.number


def test_how_to_reach_the_reporter_is_for_those_who_write_to_him(
    told: Callable[..., Event], hire: Hire, hospital: Unit, signed_in: Callable[[Person], Client]
) -> None:
    case = told("Filer krypterade.")
    reporter = Actor.reporter(NOW, holds=case.number)
    supplement(case, {"system": ["G:"]}, contact="070-123 45 67", by=reporter, at=NOW)
    judged = Judgement(
        outcome="confirmed_incident", impact=2, urgency=2, category="malware", reason="x"
    )
    handler, head = (signed_in(hire(role, hospital)) for role in ("assessor", "unit_head"))
    assert "070-123 45 67" in handler.get(f"/handelser/{case.number}/bedom").content.decode()
    assess(Event.objects.get(pk=case.pk), judged, by=CISO, at=NOW)
    assert "070-123 45 67" in handler.get(f"/arenden/{case.number}").content.decode()
    for page in ("", "/logg", "/sammanfattning"):
        html = head.get(f"/arenden/{case.number}{page}").content.decode()
        assert "070-123 45 67" not in html, page


def test_what_is_left_out_leaves_the_hash_and_the_check_alone(told: Callable[..., Event]) -> None:
    one, other = told("Ett."), told("Två.")
    merge(one, other, by=CISO, at=NOW)
    shown = audible(tail(one.number, most=50), full=False, at=NOW)
    kept = tail(one.number, most=50)
    assert [row.digest for row in shown] == [row.digest for row in kept]
