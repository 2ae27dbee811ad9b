"""Step 1: a report needs one sentence, is stored once (F13), and is known by its number."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import NOW

from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Unit
from vardkase.workflow.report import SentOtherwiseBefore, report

NOBODY = Actor.reporter(NOW)


@pytest.mark.says("S2-041", "inget krav på att rapporten ska vara fullständig när den skickas in")
def test_one_sentence_is_a_report(region: Unit) -> None:
    receipt = report(Report(what="En dator är borta."), by=NOBODY, at=NOW)
    event = Event.objects.get(number=receipt.number)
    assert receipt.number.startswith("2026-")
    assert (event.what, event.state, event.unit) == ("En dator är borta.", "unassessed", region)


def test_the_code_is_not_stored(region: Unit) -> None:
    receipt = report(Report(what="x"), by=NOBODY, at=NOW)
    assert receipt.code not in str(Event.objects.filter(number=receipt.number).values().get())
    assert len(receipt.code.replace("-", "")) * 5 >= 128


def test_sent_twice_it_is_stored_once_with_the_same_receipt(region: Unit) -> None:
    sent = Report(what="x", once="0b6a2f0a-3f43-4a1c-9c0e-0f6f3c9c2f10")
    first, second = (report(sent, by=NOBODY, at=NOW) for _ in range(2))
    assert (first.number, first.code) == (second.number, second.code)
    assert [first.new, second.new] == [True, False]
    with pytest.raises(SentOtherwiseBefore):
        report(Report(what="y", once=sent.once), by=NOBODY, at=NOW)


def test_a_report_leaves_an_entry_in_its_own_chain(region: Unit) -> None:
    receipt = report(Report(what="En dator är borta."), by=NOBODY, at=NOW)
    entry = Entry.objects.get(chain=receipt.number)
    assert (entry.place, entry.kind, entry.by) == (1, "event.reported", "reporter")
    assert body(entry)["facts"]["what"] == "En dator är borta."
    assert verify().ok


def test_a_report_costs_few_statements(region: Unit) -> None:
    report(Report(what="first of the year"), by=NOBODY, at=NOW)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        report(Report(what="x", once="0b6a2f0a-3f43-4a1c-9c0e-0f6f3c9c2f10"), by=NOBODY, at=NOW)
    assert len(seen) <= 12, "\n".join(q["sql"] for q in seen)
