"""What Region Skåne's instruction says of reports, against the regimes that hold it."""

from datetime import datetime
from typing import Any

import pytest

from vardkase.policy.judge import Judgement, judge
from vardkase.policy.parameter import SWEDEN
from vardkase.policy.regime_files import regime, regimes

KNOWN = datetime(2026, 10, 23, 22, 40, tzinfo=SWEDEN)
CARE = {"known_at": KNOWN, "org.sectors": ["healthcare_provider"], "org.controller": True}


def ask(id: str, **facts: Any) -> Judgement:
    return judge(id, CARE | facts, at=KNOWN)


@pytest.mark.says("S2-094", "Incidenter som klassificeras som 1 och 2 enligt")
@pytest.mark.parametrize(("priority", "told"), [(1, True), (2, True), (3, False), (5, False)])
def test_priority_one_and_two_go_to_the_duty_officer(priority: int, told: bool) -> None:
    found = ask("own-duty-officer", **{"incident.priority": priority})
    assert bool(found.clocks) is told
    assert [c.recipient for c in found.clocks] == ["Tjänsteman i beredskap"] * told


@pytest.mark.says("S2-086", "ska omedelbart rapporteras till den eller de som är beroende av")
@pytest.mark.parametrize("name", ["confidentiality", "integrity"])
def test_those_who_depend_on_information_are_told_at_suspicion(name: str) -> None:
    found = ask("own-dependants", **{f"incident.{name}_effect": "suspected"})
    assert [(clock.mode, clock.step.kind) for clock in found.clocks] == [("asap", "third_party")]


@pytest.mark.says("S2-087", "incidenter i nationella tjänster ska hanteras inom organisationen")
@pytest.mark.says("S2-088", "koordineras med den tjänstens fastställda incidentorganisation")
def test_a_national_services_incident_is_coordinated_with_its_own_organisation() -> None:
    found = ask("own-national-services", **{"t.national_service_involved": True})
    assert found.verdict == "reportable"
    fields = {field.id for field in regime("own-national-services", KNOWN).forms["national"]}
    assert {"service", "their_ref"} <= fields


@pytest.mark.says("S2-097", "göras inom de tidsramar som lag eller förordning kräver")
@pytest.mark.parametrize("id", sorted(set(regimes()) - {"se-nis1"}))
def test_every_step_has_a_time_or_says_why_not(id: str) -> None:
    for step in regime(id, KNOWN).steps:
        assert step.due
        assert all(branch.ends or branch.mode in ("asap", "on_request") for branch in step.due)


@pytest.mark.says("S2-098", "vad en sådan rapport ska innehålla och vem som ska göra anmälan")
@pytest.mark.parametrize("id", sorted(set(regimes()) - {"se-nis1"}))
def test_every_regime_says_what_to_report_and_who_signs(id: str) -> None:
    edition = regime(id, KNOWN)
    assert {"prepare", "approve"} <= set(edition.sign_off)
    assert any(field.required for rows in edition.forms.values() for field in rows)


@pytest.mark.says("S2-100", "skyndsamt överlämnas direkt till personuppgiftsombudet")
@pytest.mark.parametrize(
    ("id", "fact"),
    [("eu-gdpr", "t.personal_data"), ("se-patient-records", "t.patient_data_access")],
)
def test_the_ombudsman_gets_the_material_at_once(id: str, fact: str) -> None:
    clocks = {clock.step.id: clock for clock in ask(id, **{fact: True}).clocks}
    assert (clocks["dpo"].mode, clocks["dpo"].recipient) == ("asap", "Dataskyddsombudet")


@pytest.mark.says("S2-101", "ska polisanmälan göras snarast")
def test_a_suspected_crime_is_reported_as_soon_as_possible() -> None:
    found = ask("se-police", **{"incident.suspected_crime": True})
    assert [(c.mode, c.recipient) for c in found.clocks] == [("asap", "Polismyndigheten")]


@pytest.mark.says("S2-102", "den verksamhet som har störst insikt i omfattning och orsak")
@pytest.mark.says("S2-103", "Anmälare ska vara som juridisk person och som målsägare ska anges")
@pytest.mark.says("S2-104", "Polisanmälan bör inte innehålla information som är känslig")
def test_the_police_report_names_the_right_ones_and_leaves_the_sensitive_out() -> None:
    form = {field.id: field for field in regime("se-police", KNOWN).forms["police"]}
    assert "juridisk person" in form["reporter"].sv
    assert "störst insikt" in form["unit"].sv
    assert "huvudsak äger" in form["injured"].sv
    assert form["description"].sources == ("incident.description_plain",)
    assert "incident.assets" not in {name for field in form.values() for name in field.sources}
    assert any("Utelämna" in note.sv for note in ask("se-police").notes)


@pytest.mark.says("S2-060", "i vissa fall anmäla incidenter till Säkerhetspolisen")
def test_the_security_service_is_told_outside_the_system() -> None:
    found = ask("se-security-protection", **{"t.classified_disclosed": True})
    assert found.stops_recording
    assert "Säkerhetspolisen" in {clock.recipient for clock in found.clocks}


@pytest.mark.says("S2-065", "Riktad kontroll är specifik mot viss patient eller anställd")
@pytest.mark.says("S2-066", "olovlig åtkomst till patientuppgifter ska ärendet hanteras skyndsamt")
def test_a_look_into_a_record_has_its_own_track_and_time() -> None:
    facts = {"t.patient_data_access": True, "t.staff_suspected": True}
    steps = {clock.step.id: clock for clock in ask("se-patient-records", **facts).clocks}
    assert steps["review"].due is not None
    assert steps["review"].due < datetime(2026, 10, 26, 21, 40, tzinfo=SWEDEN)  # IMY's 72 hours
    assert {"dpo", "employer"} <= steps.keys()
    origins = regime("se-patient-records", KNOWN).forms["access_review"][0]
    assert origins.sources == ("t.access_found_by",)


@pytest.mark.says("S1-11", "krav på att incidenter av olika slag ska rapporteras till olika")
def test_one_incident_may_fall_under_several_laws_each_with_its_own_clock() -> None:
    facts = {
        "org.csl_entity": True,
        "t.serious_disruption": True,
        "t.personal_data": True,
        "t.risk_to_individuals": "risk",
        "t.serious_care_injury": True,
        "incident.suspected_crime": True,
    }
    struck = {id for id in regimes() if ask(id, **facts).verdict == "reportable"}
    assert struck == {"se-nis2-csl", "eu-gdpr", "se-lex-maria", "se-police"}
