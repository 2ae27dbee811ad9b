"""PTS's page on trust services, sentence by sentence, against our levels, examples and form."""

import re
from datetime import date, datetime
from typing import Any

import pytest

from tests.shared import SHARED
from vardkase.policy.judge import judge
from vardkase.policy.parameter import SWEDEN, parameter
from vardkase.policy.regime_files import regime

KNOWN = datetime(2019, 5, 1, 10, 0, tzinfo=SWEDEN)
PROVIDER = {"known_at": KNOWN, "org.trust_service_provider": True}


def seed() -> str:
    assert SHARED is not None
    text = next((SHARED / "seeds").glob("002_*")).read_text(encoding="utf-8")
    return " ".join(text.split())


def value() -> dict[str, Any]:
    found: dict[str, Any] = parameter("trust_services").on(date(2026, 11, 22)).value
    return found


def contents() -> list[str]:
    """The twelve bullets of the report, in their order."""
    after = seed().split("ska incidentrapporten innehålla följande information:")[1]
    return [part.strip() for part in after.split("Incidentrapportering")[0].split("•")][1:]


needs_seed = pytest.mark.skipif(SHARED is None, reason="the source documents are not here")


@needs_seed
@pytest.mark.says("S3-02", "Metoden är indelad i fem nivåer")
@pytest.mark.says("S3-03", "Del av huvudsaklig tjänst påverkas eller vissa användare påverkas")
def test_the_five_levels_in_the_words_of_the_page() -> None:
    assert [row["level"] for row in value()["levels"]] == [1, 2, 3, 4, 5]
    for row in value()["levels"]:
        assert f"{row['level']} {row['sv']} {row['affects_sv']}" in seed()


@pytest.mark.says("S3-04", "bedöms vara i nivå tre-fem ska rapporteras till PTS")
@pytest.mark.says("S3-01", "Incidenter i betrodda tjänster vilka är av betydande omfattning")
@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_levels_three_to_five_are_reported(level: int) -> None:
    verdict = judge("se-eidas", {**PROVIDER, "t.enisa_level": level}, at=KNOWN).verdict
    assert verdict == ("reportable" if level >= 3 else "not_reportable")
    assert value()["levels"][level - 1]["reported"] is (level >= 3)


@needs_seed
@pytest.mark.says("S3-08", "Attack på tillhandahållarens system med påverkan på")
@pytest.mark.says("S3-09", "Ingen tillgång till tillhandahållarens betrodda tjänst/er")
@pytest.mark.says("S3-10", "Ingen tillgång till den tjänst som slutanvändaren vill nå")
@pytest.mark.says("S3-11", "Användarnamn och lösenord i tillhandahållarens system avslöjas")
@pytest.mark.says("S3-12", "certifikatutfärdande, registering eller valideringsbevarande")
def test_the_examples_of_level_three() -> None:
    bullets = re.findall(r"• (.*?)\.(?= •| På)", seed())[:5]
    assert [example["sv"] for example in value()["examples"]] == bullets
    functions = {each["code"] for each in value()["functions"]}
    assert {"issuance", "registration", "validation", "preservation"} <= functions


@pytest.mark.says("S3-06", "inkludera alla tjänster som har påverkan på den betrodda tjänsten")
@pytest.mark.says("S3-07", "även om felet ligger i en annan tjänst")
@pytest.mark.says("S3-26", "Detta gäller även om incidenten inte har uppstått i")
def test_a_fault_elsewhere_does_not_lift_the_duty() -> None:
    assert "även om felet ligger i en annan tjänst" in value()["advice_sv"]
    theirs = {**PROVIDER, "t.enisa_level": 3, "incident.supplier_origin": True}
    assert judge("se-eidas", theirs, at=KNOWN).verdict == "reportable"


@pytest.mark.says("S3-27", "om du själv tillhandahåller en sådan tjänst till slutanvändare")
def test_a_relying_party_reports_only_a_service_of_its_own() -> None:
    facts = {**PROVIDER, "t.enisa_level": 4, "org.trust_service_provider": False}
    assert judge("se-eidas", facts, at=KNOWN).verdict == "not_applicable"


@needs_seed
@pytest.mark.says("S3-13", "Kontaktuppgifter och kontaktperson till företaget")
@pytest.mark.says("S3-14", "Företagets referensnummer för ärendet")
@pytest.mark.says("S3-15", "Tidpunkter för när incidenten inträffade, avslutades och upptäcktes")
@pytest.mark.says("S3-16", "Betrodd tjänst som berörts av incidenten")
@pytest.mark.says("S3-17", "Beskrivning av incidenten, vad som har hänt, grundorsak")
@pytest.mark.says("S3-18", "Tillgångar som har påverkats av incidenten")
@pytest.mark.says("S3-19", "Beskrivning av personuppgifter som omfattas av integritetsförlust")
@pytest.mark.says("S3-20", "Konsekvenser som incidenten medfört för dig som tillhandahållare")
@pytest.mark.says("S3-21", "för att undvika att en liknande incident inträffar igen")
@pytest.mark.says("S3-22", "Lärdomar och förbättringar som gjorts efter avklarad incident")
@pytest.mark.says("S3-23", "Hur du som tillhandahållare har informerat om incidenten")
@pytest.mark.says("S3-24", "Om annan myndighet har informerats om incidenten")
@pytest.mark.parametrize("number", range(1, 13))
def test_the_twelve_contents_in_their_order(number: int) -> None:
    """Each of our fields begins as the bullet does, or says the same in its own words."""
    field = regime("se-eidas", KNOWN).forms["pts12"][number - 1]
    assert field.number == number
    bullet = set(re.findall(r"[a-zåäö]{5,}", contents()[number - 1].lower()))
    ours = set(re.findall(r"[a-zåäö]{5,}", field.sv.lower()))
    assert len(bullet & ours) >= min(2, len(bullet))


def test_times_causes_and_consequences_are_kept_apart() -> None:
    form = {field.id: field.sources for field in regime("se-eidas", KNOWN).forms["pts12"]}
    assert len(form["times"]) == len(form["consequences"]) == 3
    assert form["description"][-1] == "investigation.root_cause"
    later = [f.number for f in regime("se-eidas", KNOWN).forms["pts12"] if f.may_follow_later]
    assert {9, 10} <= set(later)
