"""A report to the police: who makes it, who is injured, what stays here, and what to read again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.conftest import NOW, Hire
from tests.world import World, build
from vardkase.access.actor import Actor, Grant
from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.events.models import Attachment
from vardkase.lib.sensitive import holds_address, holds_flaw
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.caution import cautions
from vardkase.workflow.duties import standings
from vardkase.workflow.oblige import Sent, answer, record_reply, record_sent
from vardkase.workflow.prefill import Line, Report, report

type In = Callable[[Person], Client]
BOSS = Actor("p0", "Karin", NOW, (Grant("ciso", "/"),))
CRIME = {"incident.suspected_crime": True}


@pytest.fixture
def world(hospital: Unit) -> World:
    """What was hit belongs to Avdelning 3, whose head is Anna Åberg's, at the hospital."""
    return build(hospital)


def made(world: World, **facts: Any) -> Report:
    said = CRIME | {name.replace("__", "."): value for name, value in facts.items()}
    answer(world.event, said, by=BOSS, at=NOW)
    return report(world.event, "report", at=NOW, language="sv", regime="se-police")


def lines(found: Report) -> dict[str, Line]:
    return {line.field.id: line for line in found.lines}


@pytest.mark.says("S2-102", "den verksamhet som har störst insikt i omfattning och orsak")
@pytest.mark.says("S2-103", "Anmälare ska vara som juridisk person och som målsägare ska anges")
def test_the_owner_of_what_was_hit_reports_for_the_organisation(world: World) -> None:
    found = lines(made(world))
    assert found["unit"].text == "Avdelning 3"
    assert found["injured"].text == "Chefen för Avdelning 3: Anna Åberg"
    assert found["reporter"].text.startswith("Region Exempel")


def test_what_somebody_answers_goes_before_the_proposal(world: World) -> None:
    found = lines(made(world, police__unit="Akuten", police__injured_party="Chefen för akuten"))
    assert (found["unit"].text, found["injured"].text) == ("Akuten", "Chefen för akuten")


@pytest.mark.says("S2-103", "som målsägare ska anges chefen för den verksamhet som i huvuddel äger")
def test_the_central_function_reports_by_exception_and_says_why_in_the_case(world: World) -> None:
    because = "Chefen är själv misstänkt."
    found = made(world, police__central_because=because)
    assert lines(found)["unit"].text == "Central säkerhetsfunktion"
    assert because not in found.plain()
    entry = Entry.objects.filter(chain=world.event.number, kind="facts.answered").latest("place")
    assert entry.by == BOSS.key


@pytest.mark.says("S2-104", "Polisanmälan bör inte innehålla information som är känslig")
def test_what_is_secret_stays_here(world: World) -> None:
    Attachment.objects.create(
        event=world.event, name="minne.img", size=9, sha256="ab" * 32, at=NOW, by=BOSS.key
    )
    found = made(world, incident__description_plain="Någon har raderat filer.")
    assert "minne.img" in lines(found)["evidence"].text
    said = found.content()
    assert set(said["left_out"]) == {"evidence", "central"}
    assert "minne.img" not in found.plain() + str(said["fields"])
    assert "Någon har raderat filer." in found.plain()


@pytest.mark.says("S2-104", "ge angripare ledtrådar om sårbarheter")
@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Filer har raderats.", []),
        ("De utnyttjade CVE-2024-3400 i brandväggen.", ["flaw"]),
        ("Trafiken kom från 192.0.2.17.", ["address"]),
        ("Allt hände i Journal.", ["system"]),
        ("srv-journal01 stannade.", ["system"]),
        ("lösenord: hemligt123", ["password"]),
        ("Gällde 811218-9876.", ["identity_number"]),
        ("Patienten har cancer.", ["health"]),
    ],
)
def test_what_should_not_be_there_is_pointed_out(text: str, holds: list[str]) -> None:
    journal = Asset(name="Journal", other_names="srv-journal01, IT")
    found = cautions([("description", text)], [journal], NOW)
    assert [caution.holds for caution in found] == holds


def test_an_address_and_a_flaw_are_told_from_a_time_and_a_number() -> None:
    assert not any(map(holds_address, ["2026-11-22 10:15:30", "version 1.2.3", "dnr 1.2.3.4.5"]))
    assert all(map(holds_address, ["10.0.0.1", "fe80:1:2:3::1"]))
    assert not holds_flaw("CVE är en lista")


@pytest.mark.says("S2-101", "ska polisanmälan göras snarast")
def test_the_sending_and_the_police_s_number_are_kept(world: World) -> None:
    made(world)
    what = Sent("report", NOW, "Polismyndigheten", reference="", alone_because="Natt.")
    sent = record_sent(world.event, "se-police", what, by=BOSS, at=NOW)
    record_reply(sent, "Ärendet är öppnat.", reference="5000-K1234-26", by=BOSS, at=NOW)
    (one,) = [s for s in standings(world.event, NOW) if s.judgement.regime == "se-police"]
    assert one.done("report")
    again = report(world.event, "report", at=NOW, language="sv", regime="se-police")
    assert lines(again)["k_number"].text == "5000-K1234-26"


def test_the_page_warns_before_the_report_is_taken_out(
    world: World, hire: Hire, signed_in: In
) -> None:
    made(world, incident__description_plain="Journal är angripen.")
    client = signed_in(hire("ciso"))
    url = f"/arenden/{world.event.number}/rapportering/se-police/report"
    shown = client.get(f"{url}/rapport").content.decode()
    before, _, after = shown.partition("PDF</a>")
    for words in ("OSL 10 kap. 23 §", "OSL 10 kap. 24 §", "namnet på ett drabbat system"):
        assert words in before
        assert words not in after
    assert "Lämnas inte ut" in shown
    assert client.get(f"{url}/fil/txt").content.decode().startswith("Polisanmälan")
