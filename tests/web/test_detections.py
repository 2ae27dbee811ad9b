"""Who sees which alarms, and how few statements it takes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW, Hire
from tests.detections.sources import TALK
from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.detections.models import Detection
from vardkase.events.models import Raised
from vardkase.intake.batch import take_in
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.detect import raise_event
from vardkase.workflow.muting import mute

type Act = Callable[[Person], Actor]
type SignedIn = Callable[[Person], Client]


@pytest.fixture
def two(region: Unit, hospital: Unit) -> tuple[Detection, Detection]:
    """One alarm at an asset of the hospital, and one at nothing we know."""
    rows = b'{"rule": "known", "host": "db1"}\n{"rule": "strange", "host": "x"}\n{"no": 1}'
    take_in(TALK, rows, received_at=NOW)
    asset = Asset.objects.create(name="Journal", kind="system", unit=hospital)
    known = Detection.objects.get(rule="known")
    known.asset = asset
    known.save()
    return known, Detection.objects.get(rule="strange")


@pytest.mark.parametrize(
    ("role", "place", "sees"),
    [
        ("security_chief", "region", (True, True)), ("assessor", "region", (True, True)),
        ("assessor", "hospital", (True, False)), ("assessor", "archive", (False, False)),
        ("sysadmin", "region", (True, True)),
    ],
)  # fmt: skip
def test_each_sees_what_concerns_his_unit(
    two: tuple[Detection, Detection], role: str, place: str, sees: tuple[bool, bool],
    hire: Hire, signed_in: SignedIn, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    client = signed_in(hire(role, request.getfixturevalue(place)))
    listed = client.get("/larm").content.decode()
    for detection, seen in zip(two, sees, strict=True):
        assert (detection.title in listed) is seen
        status = client.get(f"/larm/{detection.pk}").status_code
        assert status == (200 if seen else 404)
    whole = sees == (True, True)
    assert client.get("/larm/at-sidan").status_code == (200 if whole else 403)


@pytest.mark.parametrize("role", ["reporter", "receiver", "handler", "auditor", "dpo"])
def test_who_needs_no_alarms_gets_none(
    two: tuple[Detection, Detection], role: str, hire: Hire, signed_in: SignedIn
) -> None:
    client = signed_in(hire(role))
    for page in ("/larm", f"/larm/{two[0].pk}", "/larm/at-sidan"):
        assert client.get(page).status_code == 403


def test_a_list_takes_the_same_statements_however_long(
    region: Unit, hire: Hire, signed_in: SignedIn
) -> None:
    client = signed_in(hire("security_chief"))
    counts = []
    for many in (1, 60):
        rows = b"\n".join(b'{"rule": "r%d"}' % n for n in range(many))
        take_in(TALK, rows, received_at=NOW)
        client.get("/larm")
        with CaptureQueriesContext(connection) as seen:
            client.get("/larm")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 10, counts


def test_the_list_shows_what_is_muted_and_what_has_no_case(
    two: tuple[Detection, Detection], hire: Hire, act: Act, signed_in: SignedIn
) -> None:
    """As many statements as the whole list takes."""
    chief = hire("security_chief")
    muted, raised = two
    raise_event(raised, by=Actor.system(NOW), at=NOW)
    mute(muted, until=NOW + timedelta(days=1), reason="Test", owner=chief, by=act(chief), at=NOW)
    client = signed_in(chief)
    client.get("/larm")
    for standing, shown in (
        ("muted", [muted]), ("heard", [raised]), ("in_case", [raised]), ("without_case", [muted]),
        ("no such", [muted, raised]),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            page = client.get(f"/larm?lage={standing}").content.decode()
        assert [each for each in two if f'href="/larm/{each.pk}"' in page] == shown, standing
        assert len(seen) <= 10, standing
    Raised.objects.update(undone_at=NOW)
    assert f'href="/larm/{raised.pk}"' in client.get("/larm?lage=without_case").content.decode()


def test_a_wrong_address_is_no_fault(region: Unit, hire: Hire, signed_in: SignedIn) -> None:
    client = signed_in(hire("security_chief"))
    for query in ("allvar=x", "kalla=%00", "q=%00", "allvar=9", "kalla=x&allvar=-1"):
        assert client.get(f"/larm?{query}").status_code == 200, query
    assert client.get("/larm?efter=x").status_code == 404
    assert client.get("/larm/at-sidan?efter=x&kalla=%00").status_code == 404
    assert client.get("/larm/99999999999999999999").status_code == 404


@pytest.mark.parametrize(
    ("words", "found"),
    [("KNOWN", 1), ("now", 1), ("db1", 1), ("srv", 0), ("100%", 0), ("x", 2), ("", 2)],
)
def test_a_part_of_a_title_rule_host_or_account_finds_it(
    two: tuple[Detection, Detection], words: str, found: int, hire: Hire, signed_in: SignedIn
) -> None:
    page = signed_in(hire("security_chief")).get("/larm", {"q": words}).content.decode()
    assert sum(f'href="/larm/{each.pk}"' in page for each in two) == found


def test_the_words_are_looked_up_in_an_index(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM detections_detection WHERE upper(words) LIKE upper('%brute%')"
        )
        assert any("detection_words_part" in row[0] for row in cursor.fetchall())
