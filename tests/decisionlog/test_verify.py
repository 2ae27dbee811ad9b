"""What a check of the log finds after somebody with all rights in the database was there (F29)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet, Value
from django.utils import translation
from tests.conftest import NOW
from tests.decisionlog.conftest import CISO, decide, erase, tampering

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog import queries, rules
from vardkase.decisionlog.faults import Kind
from vardkase.decisionlog.models import Chain, Entry, Payload
from vardkase.decisionlog.queries import verify
from vardkase.decisionlog.services import decision
from vardkase.events.models import Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Unit
from vardkase.workflow.report import report

pytestmark = pytest.mark.django_db

CASE = "2026-0002"


@pytest.fixture(autouse=True)
def three_logs(db: None) -> None:
    for number in ("2026-0001", "2026-0002", "2026-0003"):
        decide(number, 4)


def found(**asked: object) -> list[tuple[str, Kind, int]]:
    return [(f.chain, f.kind, f.place) for f in verify(**asked).faults]  # type: ignore[arg-type]


@pytest.mark.says("S2-077", "Loggning av beslut och händelser ska göras löpande")
def test_an_untouched_log_is_whole() -> None:
    verdict = verify()
    assert (verdict.ok, verdict.entries, verdict.faults) == (True, 12, [])


def entry(place: int) -> QuerySet[Entry]:
    return Entry.objects.filter(chain=CASE, place=place)


def payload(place: int) -> QuerySet[Payload]:
    return Payload.objects.filter(entry__chain=CASE, entry__place=place)


@pytest.mark.parametrize(
    "change",
    [
        {"by": "p2"},
        {"kind": "case.decided"},
        {"at": NOW - timedelta(hours=1)},
        {"written_at": NOW},
        {"at": Value("infinity")},
        {"at": Value("0044-03-15 BC")},
        {"commitment": "0" * 64},
    ],
    ids=str,
)
def test_a_changed_entry(change: dict[str, Any]) -> None:
    with tampering():
        entry(2).update(**change)
    assert (CASE, Kind.CHANGED, 2) in found()


def test_a_changed_content() -> None:
    with tampering():
        payload(2).update(content='{"facts":{"n":7},"grounds":[]}')
    assert found() == [(CASE, Kind.CONTENT_CHANGED, 2)]


@pytest.mark.parametrize("salt", ["", "xyz", "00", "å" * 64])
def test_a_changed_salt(salt: str) -> None:
    with tampering():
        payload(2).update(salt=salt)
    assert found() == [(CASE, Kind.CONTENT_CHANGED, 2)]


def test_a_content_that_is_gone() -> None:
    with tampering():
        payload(2)._raw_delete(using="default")  # type: ignore[attr-defined]
    assert found() == [(CASE, Kind.CONTENT_MISSING, 2)]


@pytest.mark.parametrize("place", [1, 2, 3])
def test_an_entry_taken_out(place: int) -> None:
    erase(entry(place))
    assert found() == [(CASE, Kind.MISSING, place)]


def test_an_entry_taken_out_and_the_places_closed_up() -> None:
    erase(entry(2))
    with tampering():
        for place in (3, 4):
            entry(place).update(place=place - 1)
    assert (CASE, Kind.REWRITTEN, 2) in found()


def test_two_entries_that_changed_places() -> None:
    with tampering():
        for old, new in ((2, 99), (3, 2), (99, 3)):
            entry(old).update(place=new)
    assert {(CASE, Kind.REWRITTEN, 2), (CASE, Kind.CHANGED, 3)} <= set(found())


def test_an_entry_that_stands_twice() -> None:
    twice = entry(2).get()
    twice.pk, twice.digest = None, "0" * 64
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE decisionlog_entry DROP CONSTRAINT one_entry_a_place")
    twice.save()
    assert (CASE, Kind.OUT_OF_ORDER, 2) in found()


def test_an_end_cut_off() -> None:
    erase(entry(4))
    assert found() == [(CASE, Kind.END_CUT_OFF, 4)]


def test_a_whole_log_cut_off() -> None:
    erase(Entry.objects.filter(chain=CASE))
    assert found() == [(CASE, Kind.END_CUT_OFF, 4)]


def test_an_end_cut_off_and_the_register_set_back() -> None:
    """Only the head's hash is wrong: it was not computed again."""
    erase(entry(4))
    with tampering():
        Chain.objects.filter(key=CASE).update(length=3)
    assert found() == [(CASE, Kind.END_CUT_OFF, 3)]


def test_a_register_row_that_is_gone() -> None:
    with tampering():
        Chain.objects.filter(key=CASE)._raw_delete(using="default")  # type: ignore[attr-defined]
    assert found() == [(CASE, Kind.NOT_REGISTERED, 0)]


def test_a_middle_entry_changed_with_its_hashes() -> None:
    old = entry(2).select_related("payload").get()
    content = rules.canonical({"facts": {"n": 99}, "grounds": []})
    commitment = rules.commitment(old.payload.salt, content)
    digest = rules.digest(
        chain=CASE, place=2, previous=old.previous, by=old.by, kind=old.kind,
        at=rules.microseconds(old.at), written_at=rules.microseconds(old.written_at),
        commitment=commitment,
    )  # fmt: skip
    with tampering():
        payload(2).update(content=content)
        entry(2).update(commitment=commitment, digest=digest)
    assert found() == [(CASE, Kind.REWRITTEN, 3)]


def test_a_log_given_to_another_case() -> None:
    with tampering():
        Entry.objects.filter(chain=CASE).update(chain="2026-0009")
        Chain.objects.filter(key=CASE).update(key="2026-0009")
    assert {kind for _, kind, _ in found()} == {Kind.CHANGED}


def test_one_log_is_checked_alone() -> None:
    erase(entry(4))
    assert (verify("2026-0001").ok, verify("2026-0001").entries) == (True, 4)
    assert not verify(CASE).ok


def test_cases_and_logs_belong_together(region: Unit) -> None:
    number = report(Report(what="x"), by=Actor.reporter(NOW), at=NOW).number
    with decision("unit.changed", scope=Scope.room("organisation"), by=CISO, at=NOW) as log:
        log.note(unit="x")
    cases, alone = Event.objects.all(), {"2026-0001", CASE, "2026-0003"} - {number}
    assert found(cases=cases) == [(n, Kind.LOG_WITHOUT_CASE, 0) for n in sorted(alone)]
    erase(Entry.objects.filter(chain=number))
    with tampering():
        Chain.objects.filter(key=number)._raw_delete(using="default")  # type: ignore[attr-defined]
    assert found(chain=number, cases=cases) == [(number, Kind.CASE_WITHOUT_LOG, 0)]


def test_a_clock_set_back_is_no_fault() -> None:
    with time_machine.travel(NOW.replace(year=2020), tick=False):
        decide(CASE)
    assert verify().ok


def test_the_check_holds_few_faults_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 5)
    with tampering():
        Entry.objects.update(kind="x")
    verdict = verify()
    assert (len(verdict.faults), verdict.more, verdict.ok) == (5, 7, False)


def test_a_fault_says_where_and_what_to_do_in_both_languages() -> None:
    erase(entry(4))
    fault = verify().faults[0]
    with translation.override("sv"):
        assert str(fault).startswith("2026-0002: loggen ska sluta med post 4")
    with translation.override("en"):
        assert "Compare with the last good backup" in str(fault)


@pytest.mark.says(
    "S2-163", "entydig härledning av utförda aktiviteter till en identifierad användare"
)
def test_the_row_says_who_by_a_key_and_nothing_in_free_text() -> None:
    assert "Cecilia" not in str(list(Entry.objects.values()))
    assert set(Entry.objects.values_list("by", flat=True)) == {"p1"}
