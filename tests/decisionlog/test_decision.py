"""The one door for change: leave, mandate, changes and entry are one thing, or nothing."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW, Hire
from tests.decisionlog.conftest import CISO, decide

from vardkase.access.actor import Actor, Grant, Scope
from vardkase.decisionlog.models import Chain, Entry
from vardkase.decisionlog.queries import body, entries, verify
from vardkase.decisionlog.rules import GENESIS, NotPlain, canonical, digest, microseconds
from vardkase.decisionlog.services import (
    EmptyDecision,
    UnknownKind,
    deciding,
    decision,
    record_read,
)
from vardkase.lib.text import Unstorable
from vardkase.policy.parameter import parameter
from vardkase.suppliers.models import Supplier

CASE = Scope("2026-0001")


def test_entries_form_a_chain(db: None) -> None:
    decide(CASE.number, 3)
    first, second, third = Entry.objects.order_by("place")
    assert first.previous == GENESIS
    assert [second.previous, third.previous] == [first.digest, second.digest]
    assert (Chain.objects.get().length, Chain.objects.get().head) == (3, third.digest)


def test_a_change_that_says_nothing_does_not_happen(db: None) -> None:
    with pytest.raises(EmptyDecision), decision("case.noted", scope=CASE, by=CISO, at=NOW):
        Supplier.objects.create(name="x")
    assert (Supplier.objects.count(), Chain.objects.count()) == (0, 0)


def test_a_change_that_fails_leaves_no_entry(db: None) -> None:
    log = decision("case.noted", scope=CASE, by=CISO, at=NOW)
    with pytest.raises(ZeroDivisionError), log as draft:
        draft.note(made=Supplier.objects.create(name="x").pk / 0)
    assert (Supplier.objects.count(), Entry.objects.count(), deciding.get()) == (0, 0, False)


def test_a_kind_that_no_policy_knows_is_refused(db: None) -> None:
    with pytest.raises(UnknownKind), decision("case.burned", scope=CASE, by=CISO, at=NOW) as d:
        d.note(n=1)


@pytest.mark.says("S2-092", "regleras genom delegationsordningen")
def test_leave_without_a_mandate_is_not_enough(db: None) -> None:
    receiver = Actor("p2", "", NOW, (Grant("receiver", "/"),), person=2)  # may edit, not conclude
    log = decision("conclusion.written", scope=CASE, by=receiver, at=NOW)
    with pytest.raises(PermissionDenied, match="no mandate"), log as draft:
        draft.note(n=1)


def test_a_mandate_held_in_one_unit_says_nothing_of_another(db: None) -> None:
    """Receiver here and assessor there: may edit here, and conclude there only."""
    grants = (Grant("receiver", "/1/2/"), Grant("assessor", "/1/3/"))
    both = Actor("p2", "", NOW, grants, person=2)
    there, here = Scope("2026-0003", unit="/1/3/"), Scope("2026-0002", unit="/1/2/")
    with decision("conclusion.written", scope=there, by=both, at=NOW) as log:
        log.note(n=1)
    not_here = decision("conclusion.written", scope=here, by=both, at=NOW)
    with pytest.raises(PermissionDenied, match="no mandate"), not_here as draft:
        draft.note(n=1)


def test_leave_is_that_of_the_moment_of_acting_not_of_the_moment_told_of(
    hire: Hire, act: Any
) -> None:
    """Old incidents are imported with their own dates, from before any policy of ours began."""
    old = datetime(2009, 9, 23, tzinfo=UTC)
    with decision("event.imported", scope=CASE, by=act(hire("ciso")), at=old) as log:
        log.note(n=1)
    assert Entry.objects.get().at == old


def test_an_entry_says_when_it_was_written_beside_when_it_happened(db: None) -> None:
    noon = NOW.replace(hour=12)
    with time_machine.travel(noon, tick=False):
        decide(CASE.number)
    entry = Entry.objects.get()
    assert (entry.at, entry.written_at) == (NOW, noon)
    assert verify().ok


def test_a_later_entry_may_tell_of_an_earlier_moment(db: None) -> None:
    decide(CASE.number)
    with decision("case.noted", scope=CASE, by=CISO, at=NOW - timedelta(days=1)) as log:
        log.note(n=1)
    assert [entry.place for entry in entries(CASE.number)] == [2, 1]
    assert verify().ok


def test_rows_outside_cases_form_a_chain_a_room(db: None) -> None:
    for room in ("organisation", "assets", "organisation"):
        with decision("unit.changed", scope=Scope.room(room), by=CISO, at=NOW) as log:
            log.note(n=1)
    lengths = dict(Chain.objects.values_list("key", "length"))
    assert lengths == {"room:organisation": 2, "room:assets": 1}


@pytest.mark.says(
    "S2-063", "Behörig är den som behöver uppgifterna för att kunna utföra sin arbetsuppgift"
)
def test_a_sensitive_read_leaves_its_entry_first(db: None) -> None:
    record_read("export.made", scope=CASE, by=CISO, at=NOW, format="pdf")
    entry = entries(CASE.number).get()
    assert (entry.kind, body(entry)["facts"]) == ("export.made", {"format": "pdf"})


def test_whoever_may_not_read_it_leaves_no_entry(db: None) -> None:
    tib = Actor("p2", "", NOW, (Grant("tib", "/"),), person=2)
    with pytest.raises(PermissionDenied):
        record_read("case.read_sensitive", scope=CASE, by=tib, at=NOW, what=["patients"])
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_sensitive_read_is_stored_before_anything_is_shown() -> None:
    """Inside somebody else's transaction, whose end may undo it, it is refused."""
    with decision("case.noted", scope=CASE, by=CISO, at=NOW) as log:
        log.note(n=1)
        with pytest.raises(RuntimeError, match="durable"):
            record_read("export.made", scope=CASE, by=CISO, at=NOW, format="pdf")


def test_the_policy_used_is_cited_with_its_day_and_source(db: None) -> None:
    with decision("case.noted", scope=CASE, by=CISO, at=NOW) as log:
        log.note(confirm=log.cite(parameter("priority.confirm").at(NOW)).value)
    (ground,) = body(Entry.objects.get())["grounds"]
    assert ground.startswith("priority.confirm since 20")


# How facts are written


@pytest.mark.parametrize(
    "fact",
    [1.5, float("nan"), float("inf"), Decimal("1.1"), b"x", NOW, {1: "x"}, {None: 1}, {1, 2},
     object(), gettext_lazy("Yes"), [[{"a": {"b": 0.1}}]]],
    ids=lambda fact: type(fact).__name__,
)  # fmt: skip
def test_a_fact_with_two_ways_to_be_written_is_refused(fact: object) -> None:
    with pytest.raises(NotPlain):
        canonical({"facts": fact})


@pytest.mark.parametrize("text", ["a\x00b", "\ud83d", "\udc00x", {"k\x00": 1}])
def test_text_that_no_database_gives_back_is_refused(text: object) -> None:
    with pytest.raises(Unstorable):
        canonical([text])


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner
        )
    ),
    max_leaves=20,
)


@given(plain)
def test_what_is_read_back_is_written_alike(value: Any) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_is_the_same_in_every_zone(moment: datetime) -> None:
    assert microseconds(moment) == microseconds(moment.astimezone(UTC))


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        microseconds(datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_hash_is_what_the_handbook_says() -> None:
    """Pinned: no release may change how an entry is hashed without a new version number."""
    made = digest(
        chain="2026-0001", place=1, previous=GENESIS, at=0, written_at=1, by="p1",
        kind="event.reported", commitment="00" * 32,
    )  # fmt: skip
    zeros = "0" * 64
    text = (
        '{"at":0,"by":"p1","chain":"2026-0001","kind":"event.reported","n":1,'
        f'"pc":"{zeros}","prev":"{zeros}","v":1,"written":1}}'
    )
    assert made == hashlib.sha256(b"\x00" + text.encode()).hexdigest()


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers())
def test_what_is_hashed_is_canonical_json(text: str, at: int) -> None:
    made = digest(
        chain=text, place=1, previous=text, at=at, written_at=at, by=text, kind=text,
        commitment=text,
    )  # fmt: skip
    row = {"v": 1, "chain": text, "n": 1, "prev": text, "at": at, "written": at, "by": text,
           "kind": text, "pc": text}  # fmt: skip
    plain = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert made == hashlib.sha256(b"\x00" + plain.encode()).hexdigest()


def test_the_clock_is_our_own(db: None) -> None:
    before = timezone.now()
    decide(CASE.number)
    assert before <= Entry.objects.get().written_at <= timezone.now()
