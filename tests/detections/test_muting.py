"""A muting has a reason, an owner and an end, is shown, and never stops the counting (S2-022)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import LONG_AGO, NOW, Hire
from tests.detections.test_raising import group
from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry
from vardkase.detections.models import Detection, Mute
from vardkase.lib.ids import fingerprint
from vardkase.organisation.models import Person, Token, Unit
from vardkase.workflow.detect import look
from vardkase.workflow.muting import expire, mute, unmute

LATER = NOW + timedelta(days=7)
LONG_AHEAD = timezone.now() + timedelta(days=30)


@pytest.fixture
def quiet(region: Unit, hire: Hire, act: Callable[[Person], Actor]) -> Detection:
    """A group that has been muted for a test of the defences."""
    made, owner = group(count=3), hire("assessor")
    mute(made, until=LATER, reason="Penetrationstest.", owner=owner, by=act(owner), at=NOW)
    return made


def more(made: Detection, count: int) -> None:
    Detection.objects.filter(pk=made.pk).update(count=count, pending_since=NOW)


def test_a_muting_tells_how_many_were_counted_meanwhile(quiet: Detection) -> None:
    more(quiet, 10)
    assert look(NOW) == 0
    assert Mute.objects.select_related("detection").get().meanwhile == 7


def test_a_muting_ends_by_itself_and_the_log_says_so(quiet: Detection) -> None:
    more(quiet, 10)
    assert expire(LATER - timedelta(seconds=1)) == 0
    assert look(LATER) == 1  # the time is up although nobody has ended it yet
    assert expire(LATER) == 1
    assert expire(LATER) == 0
    over = Mute.objects.get()
    assert (over.ended_at, over.counted) == (LATER, 7)
    quiet.refresh_from_db()
    assert quiet.muted_until is None
    entry = Entry.objects.get(kind="alarm.unmuted")
    assert (entry.by, '"count":7' in entry.payload.content) == ("system", True)


def test_a_muting_anew_ends_the_one_before(
    quiet: Detection, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    more(quiet, 5)
    by = act(hire("assessor"))
    longer = LATER + timedelta(days=1)
    owner = Person.objects.get(pk=by.person)
    mute(quiet, until=longer, reason="Provet fortsätter.", owner=owner, by=by, at=NOW)
    assert Mute.objects.get(ended_at=NOW).counted == 2
    assert expire(LATER) == 0
    quiet.refresh_from_db()
    assert quiet.muted_until == longer
    unmute(quiet, by=by, at=NOW)
    assert not Mute.objects.filter(ended_at=None).exists()


@pytest.mark.says("S2-022", "varningar från brandväggar, intrångsdetekteringssystem")
def test_the_page_tells_the_rules_in_words_and_what_is_muted(
    quiet: Detection, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    group(5, mark=2)
    look(NOW)
    Mute.objects.update(until=LONG_AHEAD)
    client = signed_in(hire("security_chief"))
    page = client.get("/larm/regler").content.decode()
    for words in (
        "Kritiskt larm", "Allvar minst kritisk", "Det gäller något samhällsviktigt",
        "Minst 100 larm inom 1 timme", "Minst 20 gånger så många som en vanlig timme",
        "Gäller sedan 3 mar 2017", "Har inte lett till något än", "Penetrationstest.",
        "Räknade under tiden", "högst 72 timmar",
    ):  # fmt: skip
        assert words in page, words
    client.cookies["django_language"] = "en"
    assert "Severity at least critical" in client.get("/larm/regler").content.decode()
    client.cookies["django_language"] = "sv"
    ended = client.post(f"/larm/{quiet.pk}/hor-igen", {"to": "rules"})
    assert ended.headers["Location"] == "/larm/regler"
    page = client.get("/larm/regler").content.decode()
    assert "Inget är tystat" in page
    assert "i förtid" in page


def test_who_sees_a_part_of_the_alarms_sees_its_mutings_only(
    quiet: Detection, hospital: Unit, hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    Mute.objects.update(until=LONG_AHEAD)
    page = signed_in(hire("assessor", hospital)).get("/larm/regler").content.decode()
    assert "Penetrationstest" not in page
    assert signed_in(hire("reporter")).get("/larm/regler").status_code == 403


def test_a_program_reads_mutes_and_hears_again(region: Unit, hire: Hire, client: Client) -> None:
    made, owner = group(), hire("assessor")
    Token.objects.create(
        name="x", role="ciso", unit=region, digest=fingerprint("s"), created_at=LONG_AGO,
        expires_at=NOW.replace(year=2099), by="system",
    )  # fmt: skip
    header = {"Authorization": "Bearer s"}
    address = f"/api/v1/detections/{bytes(made.fingerprint).hex()}"
    body = {"until": LONG_AHEAD.isoformat(), "reason": "Känt fel.", "owner": owner.username}

    def post(verb: str, sent: object) -> int:
        way = {"content_type": "application/json", "headers": header}
        return client.post(f"{address}/{verb}", sent, **way).status_code  # type: ignore[arg-type]

    assert post("mute", body | {"until": LONG_AGO.isoformat()}) == 422
    assert post("mute", body | {"owner": "ingen"}) == 422
    assert post("mute", body) == 201
    (told,) = client.get("/api/v1/detections/mutings", headers=header).json()
    assert (told["reason"], told["owner"], told["counted"]) == ("Känt fel.", owner.username, 0)
    assert post("unmute", {}) == 204
    assert client.get("/api/v1/detections/mutings", headers=header).json() == []
