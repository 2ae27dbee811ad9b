"""In a year with all that goes wrong, no alarm is missed, doubled or late."""

import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import Hire
from tests.delivery.mailserver import mail_server
from tests.faults.year import TICK, Letters, Region, Year
from vardkase.decisionlog.queries import verify
from vardkase.delivery import rules, transports
from vardkase.delivery.models import Notice
from vardkase.obligations.models import Deadline
from vardkase.organisation.models import Duty, Person, Unit
from vardkase.policy.parameter import SWEDEN
from vardkase.workflow.alarm import KINDS

BEGINS, ENDS = datetime(2026, 10, 1, tzinfo=SWEDEN), datetime(2027, 10, 1, tzinfo=SWEDEN)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SHARES, HOURS = (0.5, 0.75, 0.9, 1.0), (1, 4, 12)  # policy: reminders
WAIT = {1: 10 * MINUTE, 2: 30 * MINUTE}  # policy: alarm
LADDER = 3  # on duty, next on the roster, ciso
NIGHTS = [datetime(2026, 10, 25, tzinfo=SWEDEN), datetime(2027, 3, 28, tzinfo=SWEDEN)]
INCIDENTS = int(os.environ.get("VARDKASE_YEAR_INCIDENTS", "4"))  # 30: some minutes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Letters]:
    given = connection.get_connection_params()
    words = ("dbname", "host", "port", "user", "password")
    letters = Letters({k: given[k] for k in words if given.get(k)})
    with mail_server(letters) as (found, port):
        monkeypatch.setattr(settings, "MAIL_HOST", "127.0.0.1")
        monkeypatch.setattr(settings, "MAIL_PORT", port)
        monkeypatch.setattr(settings, "MAIL_TLS", "none")
        monkeypatch.setattr(transports, "SECONDS", 0.3)
        yield found


@pytest.fixture
def staff(transactional_db: None, hire: Hire) -> list[Person]:
    """Two duty officers who take turns by the week, and those who sign and judge."""
    people = [hire(role) for role in ("tib", "tib", "ciso", "dpo", "incident_manager")]
    for person in people:
        person.email = f"{person.username}@region.example"
        person.save()
    for week in range(54):
        since = BEGINS + week * 7 * DAY - HOUR
        Duty.objects.create(person=people[week % 2], since=since, until=since + 7 * DAY)
    return people


@pytest.fixture
def year(inbox: Letters) -> Year:
    """Both nights of the changed hour, clocks set wrong, workers away, every mood of the mail."""
    made = Year(BEGINS, ENDS, inbox)
    made.wrong(day(40), 12 * MINUTE, by=3 * DAY)  # too short to pass an alarm on in
    made.ill(day(40), 20 * MINUTE, "refuse")  # a try is put off by the wrong clock
    made.wrong(day(100), 2 * HOUR, by=-2 * DAY)
    made.wrong(day(190), HOUR, by=40 * DAY)
    made.away(day(25) + 20 * MINUTE, 3 * HOUR)
    made.away(day(178) + 20 * MINUTE, 30 * HOUR)
    made.ill(day(70), 70 * MINUTE, "drop")
    made.ill(day(192), 9 * MINUTE, "hang")
    made.ill(day(250), 5 * HOUR, "refuse")
    return made


@pytest.fixture
def at_work(year: Year, hospital: Unit, staff: list[Person]) -> Region:
    """Incidents by night, under a wrong clock, without mail or workers; then some in between."""
    chance, made = random.Random(4), Region(year, hospital, staff[2])  # noqa: S311
    nights = [night + 90 * MINUTE for night in NIGHTS]
    hard = [day(40), *nights, day(192), day(70), day(100), day(178), day(250)]
    calm = [day(chance.uniform(0, 320)) for _ in range(INCIDENTS)]
    for n, moment in enumerate([*hard, *calm][:INCIDENTS]):
        year.at(moment + MINUTE, partial(made.incident, 3 + n % 2, 3 - n % 3))
        year.at(moment + 50 * MINUTE, partial(made.decide, "se-nis2-csl"))
        year.at(moment + 28 * HOUR, partial(setattr, year.inbox, "mood", "cut"))
        year.at(moment + 10 * DAY, made.decide)
        for minutes in (5, 25, 45, 75, 105):
            year.at(moment + minutes * MINUTE, made.see)
    return made


def day(number: float) -> datetime:
    return BEGINS + number * DAY


def test_no_alarm_is_missed_doubled_or_late_in_a_year(year: Year, at_work: Region) -> None:
    year.run()
    assert len(year.inbox.taken) > 10 * INCIDENTS
    assert 2 * year.inbox.cut >= len(year.errors) >= year.inbox.cut > 0
    assert unsent(year) == []
    assert twice(year) == []
    assert late_letters(year) == []
    assert late_alarms(year, at_work) == []
    assert late_reminders(year, at_work) == []
    assert verify().ok


def allowed(year: Year, moment: datetime, more: timedelta = 3 * TICK) -> datetime:
    """The latest that what is due at `moment` may come: once all is well, and a try later."""
    latest, again = moment + more, True
    while again:
        again = False
        for begins, ends in year.bad:
            after = ends + rules.LONGEST_PAUSE + more
            if begins - more <= latest and moment <= ends and after > latest:
                latest, again = after, True
    return latest


def names(notice: Notice) -> set[str]:
    return {f"{notice.digest}.{sending.channel_id or 0}" for sending in notice.sendings.all()}


def unsent(year: Year) -> list[str]:
    """Notices that nobody got, though nobody had seen them."""
    taken = {name for _, name in year.inbox.taken}
    rows = Notice.objects.filter(seen_at=None).prefetch_related("sendings")
    return [row.once for row in rows if not names(row) or not names(row) <= taken]


def twice(year: Year) -> list[str]:
    """The same words written to somebody twice at a moment; and letters accepted again, but for
    the one that each killed worker had in hand: it has the same name, and a mailbox folds it."""
    counts = Counter(name for _, name in year.inbox.taken)
    again = [name for name, count in counts.items() for _ in range(count - 1)]
    told = Counter(
        (row.person_id, row.case, row.kind, row.deadline, year.told[row.pk])
        for row in Notice.objects.all()
    )
    return again[len(year.errors) :] + [str(key) for key, count in told.items() if count > 1]


def late_letters(year: Year) -> list[str]:
    """Letters that came later than a tick, or a try after all was well, after they were written."""
    came = {name: moment for moment, name in reversed(year.inbox.taken)}
    return [
        f"{row.once}: {year.told[row.pk]} -> {came[name]}"
        for row in Notice.objects.prefetch_related("sendings")
        for name in names(row) & set(came)
        if came[name] > allowed(year, year.told[row.pk])
    ]


def late_alarms(year: Year, region: Region) -> list[str]:
    """Cases whose alarm was not written at once, or not passed on in time until one had seen it."""
    found = []
    for number, (at, impact, patience) in region.cases.items():
        rows = list(Notice.objects.filter(case=number, kind__in=KINDS).order_by("pk"))
        wait = WAIT[1 if impact == 4 else 2]
        told = [year.told[row.pk] for row in rows]
        wanted = min(patience, LADDER)
        if len(rows) < wanted or told[0] != at:
            found.append(f"{number}: {len(rows)} of {wanted} were told, from {told[:1]}")
        for before, after in pairwise(told):
            turned = any(before <= moment <= after for moment, _ in year.offsets)
            if after > allowed(year, before + wait * (2 if turned else 1)):
                found.append(f"{number}: {before} -> {after}")
    return found


def late_reminders(year: Year, region: Region) -> list[str]:
    """Shares of a clock's time at which nobody was told, or not in time.

    A share that the machine's clock leapt over together with a later one is told by the later.
    """
    clocks = defaultdict(list)
    for row in Deadline.objects.select_related("obligation__event"):
        number, regime = row.obligation.event.number, row.obligation.regime
        if number not in region.wrongly_dated and (row.due_at or row.certain):
            clocks[
                f"clock:{number}:{row.due_at}:" if row.due_at else f"clock:{number}:{regime}@"
            ].append(row)
    return [words for name, rows in clocks.items() for words in missing(year, name, rows)]


def missing(year: Year, name: str, rows: list[Deadline]) -> Iterator[str]:
    """Clocks that end together are told of once, under one name."""
    begun = min(row.at for row in rows)
    ended = ENDS if any(not row.ended_at for row in rows) else max(r.ended_at for r in rows)  # type: ignore[type-var]
    told = defaultdict(list)
    for notice in Notice.objects.filter(once__startswith=name):
        told[int(notice.once.split(":")[-2])].append(year.told[notice.pk])
    for k, moment in enumerate(moments(rows[0]), start=1):
        due = year.first(moment, since=begun)
        if due + 3 * TICK >= min(ended, ENDS):
            continue
        came = min((at for j, ats in told.items() if j >= k for at in ats), default=None)
        if came is None or not due <= came <= allowed(year, due):
            yield f"{name} {k}: due {due}, told {came}"


def moments(row: Deadline) -> list[datetime]:
    start = row.starts_at
    assert start
    if row.mode == "by" and row.due_at:
        return [start + (row.due_at - start) * share for share in SHARES]
    return [start + hours * HOUR for hours in HOURS] if row.mode == "asap" else []
