"""People, teams and turns of duty: who is who, who is called first, and when nobody is there."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body
from vardkase.lib.changes import Refused
from vardkase.organisation import duty, people, services
from vardkase.organisation.models import Person, Team, Unit
from vardkase.organisation.queries import on_duty
from vardkase.organisation.rules import Turn, gaps, login_name, overlaps

BOSS = Actor.system(NOW)
HOUR = timedelta(hours=1)


def named(name: str, unit: Unit) -> Person:
    values = {"username": name.lower(), "name": name, "unit": unit}
    return services.add_person(values, by=BOSS, at=NOW)


@pytest.mark.says(
    "S2-163", "entydig härledning av utförda aktiviteter till en identifierad användare"
)
def test_login_names_cannot_be_taken_for_one_another(region: Unit) -> None:
    assert login_name(" Anna.Berg ") == "anna.berg"
    assert login_name("ＡＮＮＡ") == "anna"  # full-width letters
    for lookalike in ["аnna", "anna\u202eb", "anna\u200b", "an na", "a", "", "\x00anna"]:
        assert login_name(lookalike) == ""
    named("Anna", region)
    with pytest.raises(Refused):
        services.add_person(
            {"username": "ANNA", "name": "En annan", "unit": region}, by=BOSS, at=NOW
        )


def test_a_new_person_cannot_log_in_before_the_invitation(region: Unit) -> None:
    assert not named("Anna", region).has_usable_password()


def test_a_typed_name_means_one_person_or_is_refused(region: Unit) -> None:
    anna, bo = named("Anna", region), named("Bo", region)
    Person.objects.create(username="anna2", name="Anna", unit=region)
    assert people.meant("bo") == people.meant(" Bo ") == bo
    assert people.meant("anna") == anna
    Person.objects.filter(pk=anna.pk).update(username="anna1")
    for several_or_none in ["Anna ", "Cecilia"]:
        with pytest.raises(Refused):
            people.meant(several_or_none)


@pytest.mark.says(
    "S1-22", "Hur arbetar de som åtgärdar och återställer incidenter? Hur är de organiserade?"
)
def test_a_team_is_called_in_order(region: Unit) -> None:
    anna, bo, cecilia = (named(n, region) for n in ["Anna", "Bo", "Cecilia"])
    team = services.add_team({"name": "Nätverk", "unit": region}, by=BOSS, at=NOW)
    services.set_calling_order(team, [bo, anna], by=BOSS, at=NOW)
    services.set_calling_order(team, [anna, cecilia], by=BOSS, at=NOW)
    called = team.members.filter(ended_at=None).order_by("place")
    assert [m.person for m in called] == [anna, cecilia]
    assert team.members.filter(person=bo).exclude(ended_at=None).count() == 1
    facts = body(Entry.objects.filter(kind="team.changed").last())["facts"]  # type: ignore[arg-type]
    assert facts["members"] == [[bo.pk, anna.pk], [anna.pk, cecilia.pk]]


def test_the_turn_says_who_is_on_duty(region: Unit) -> None:
    anna, bo = named("Anna", region), named("Bo", region)
    duty.add_turn(anna, since=NOW - HOUR, until=NOW + HOUR, by=BOSS, at=NOW)
    turn = duty.add_turn(bo, since=NOW + HOUR, until=NOW + 2 * HOUR, by=BOSS, at=NOW)
    assert (on_duty(NOW), on_duty(NOW + HOUR)) == (anna, bo)
    duty.cancel_turn(turn, by=BOSS, at=NOW)
    assert on_duty(NOW + HOUR) is None
    with pytest.raises(Refused):
        duty.cancel_turn(turn, by=BOSS, at=NOW)


def test_a_teams_turn_is_not_the_duty_officers(region: Unit) -> None:
    team = Team.objects.create(name="Nätverk", unit=region)
    duty.add_turn(named("Bo", region), since=NOW, until=NOW + HOUR, team=team, by=BOSS, at=NOW)
    assert on_duty(NOW) is None
    assert duty.turns(team).count() == 1


def test_a_turn_that_has_begun_ends_when_it_is_cancelled(region: Unit) -> None:
    turn = duty.add_turn(named("Anna", region), since=NOW - HOUR, until=NOW + HOUR, by=BOSS, at=NOW)
    duty.cancel_turn(turn, by=BOSS, at=NOW)
    turn.refresh_from_db()
    assert (turn.until, turn.cancelled_at) == (NOW, None)


@pytest.mark.parametrize(("begins", "ends"), [(0, 0), (2, 1), (-3, -1), (0, 24 * 100)])
def test_a_turn_that_cannot_be_is_refused(region: Unit, begins: int, ends: int) -> None:
    with pytest.raises(Refused):
        duty.add_turn(
            named("Anna", region), since=NOW + begins * HOUR, until=NOW + ends * HOUR,
            by=BOSS, at=NOW,
        )  # fmt: skip


def turn(begins: int, ends: int) -> Turn:
    return Turn(NOW + begins * HOUR, NOW + ends * HOUR)


def test_holes_and_clashes_show() -> None:
    turns = [turn(0, 8), turn(7, 12), turn(14, 20)]
    assert overlaps(turns) == [(turn(0, 8), turn(7, 12))]
    assert gaps(turns, since=NOW, until=NOW + 24 * HOUR) == [turn(12, 14), turn(20, 24)]


HOURS = st.integers(-30, 80)
TURNS = st.lists(st.tuples(HOURS, HOURS).filter(lambda t: t[0] < t[1]), max_size=8)


@given(TURNS)
def test_every_hour_is_covered_or_in_a_hole(hours: list[tuple[int, int]]) -> None:
    turns = [turn(*pair) for pair in hours]
    holes = gaps(turns, since=NOW, until=NOW + 48 * HOUR)
    for hour in range(48):
        moment = NOW + hour * HOUR
        covered = any(t.since <= moment < t.until for t in turns)
        assert covered != any(h.since <= moment < h.until for h in holes), hour


@given(TURNS)
def test_turns_clash_if_and_only_if_some_hour_has_two(hours: list[tuple[int, int]]) -> None:
    turns = [turn(*pair) for pair in hours]
    doubled = any(
        sum(a <= hour < b for a, b in hours) > 1 for hour in range(-31, 81)
    )  # fmt: skip
    assert bool(overlaps(turns)) == doubled


@pytest.mark.says(
    "S2-006",
    "informationsägare, chefer, verksamhetsansvariga och systemansvariga, "
    "informationssäkerhetssamordnare och IT-säkerhetsansvariga",
)
def test_responsibilities_are_held_for_a_unit_and_end(hospital: Unit) -> None:
    anna = named("Anna", hospital)
    row = services.give_responsibility(anna, "head", unit=hospital, by=BOSS, at=NOW)
    with pytest.raises(Refused):
        services.give_responsibility(anna, "head", unit=hospital, by=BOSS, at=NOW)
    with pytest.raises(Refused):
        services.give_responsibility(anna, "emperor", unit=hospital, by=BOSS, at=NOW)
    assert people.card(anna, NOW).responsibilities == [row]
    services.end_responsibility(row, by=BOSS, at=NOW)
    assert people.card(anna, NOW).responsibilities == []


@pytest.mark.says(
    "S1-17",
    "Informationssäkerhetspolicy, riktlinjer, instruktioner eller andra styrdokument",
)
def test_a_new_version_of_a_document_ends_the_one_before(region: Unit) -> None:
    values = {"title": "Instruktion", "link": "https://example.org/1", "since": NOW.date()}
    first = services.add_document({**values, "version": "1"}, by=BOSS, at=NOW)
    services.add_document({**values, "version": "2"}, by=BOSS, at=NOW)
    first.refresh_from_db()
    assert first.ended_at == NOW
    for link in ["javascript:alert(1)", "x", "data:text/html,x"]:
        with pytest.raises(Refused):
            services.add_document({**values, "link": link}, by=BOSS, at=NOW)
