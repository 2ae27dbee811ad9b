"""What we have read in law, paragraph by paragraph: its words, and what our regimes make of them.

`cites(paragraph, words)`: `tests/sources/test_law_quotes.py` looks the words up in the law's text.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from vardkase.policy.judge import Judgement, judge
from vardkase.policy.parameter import SWEDEN
from vardkase.policy.regime import Regime
from vardkase.policy.regime_files import on, parameter_of, regime, regimes

KNOWN = datetime(2026, 10, 23, 22, 40, tzinfo=SWEDEN)
CSL, CSF, EIDAS = "SFS 2025:1506", "SFS 2025:1507", "(EU) 910/2014"
REGION: dict[str, Any] = {
    "known_at": KNOWN,
    "org.csl_entity": True,
    "org.trust_service_provider": False,
    "org.sectors": ["public_administration", "healthcare_provider"],
    "t.serious_disruption": True,
}
PROVIDER = REGION | {"org.trust_service_provider": True, "org.sectors": ["digital_infrastructure"]}


def csl(facts: dict[str, Any], *, at: datetime = KNOWN) -> Judgement:
    return judge("se-nis2-csl", facts, at=at)


def due(found: Judgement) -> dict[str, datetime | None]:
    return {clock.step.id: clock.due for clock in found.clocks}


def notes(found: Regime) -> str:
    return " ".join(note.sv for note in found.notes)


@pytest.mark.cites(CSL, "har orsakat eller kan orsaka allvarlig driftsstörning")
@pytest.mark.parametrize(
    "name",
    ["t.serious_disruption", "t.financial_loss_significant", "t.harm_to_others_significant"],
)
def test_an_incident_is_significant_by_any_of_three(name: str) -> None:
    facts = REGION | {"t.serious_disruption": False, name: True}
    assert csl(facts).hits == ("law",)


@pytest.mark.cites(CSL, "dock senast 24 timmar efter det att verksamhetsutövaren har fått kännedom")
def test_the_early_warning_is_due_in_24_hours_of_awareness() -> None:
    assert due(csl(REGION))["early_warning"] == KNOWN + timedelta(days=1)


@pytest.mark.cites(CSL, "övriga verksamhetsutövare senast 72 timmar efter sådan kännedom")
def test_the_notification_is_due_in_72_hours() -> None:
    assert due(csl(REGION))["notification"] == datetime(2026, 10, 26, 21, 40, tzinfo=SWEDEN)


@pytest.mark.cites(CSL, "Verksamhetsutövare som tillhandahåller betrodda tjänster ska göra anmälan")
def test_a_trust_service_provider_has_24() -> None:
    assert due(csl(PROVIDER))["notification"] == KNOWN + timedelta(days=1)


@pytest.mark.cites(CSL, "lämna en delrapport med relevanta statusuppdateringar")
def test_the_intermediate_report_is_on_request() -> None:
    modes = {clock.step.id: clock.mode for clock in csl(REGION).clocks}
    assert modes["interim"] == "on_request"


@pytest.mark.cites(CSL, "ska i stället en lägesrapport lämnas vid denna tidpunkt")
def test_an_ongoing_incident_has_a_situation_report_in_the_final_ones_place() -> None:
    sent = REGION | {"submitted:notification": KNOWN, "incident.ongoing": True}
    month = datetime(2026, 11, 23, 22, 40, tzinfo=SWEDEN)
    assert due(csl(sent))["situation"] == month
    assert "final" not in due(csl(sent))
    assert due(csl(sent | {"incident.ongoing": False}))["final"] == month


@pytest.mark.cites(
    CSL, "därefter en slutrapport inom en månad efter det att incidenten har hanterats"
)
def test_after_it_the_final_report_follows_the_handling() -> None:
    sent = REGION | {"submitted:notification": KNOWN, "submitted:situation": KNOWN}
    handled = sent | {"handled_at": datetime(2027, 1, 31, 12, tzinfo=SWEDEN)}
    month = datetime(2027, 2, 28, 12, tzinfo=SWEDEN)
    assert due(csl(handled))["final_after_situation"] == month
    assert "final" not in due(csl(handled))


@pytest.mark.cites(CSL, "informera mottagarna av deras tjänster om en betydande incident")
def test_those_served_are_told_when_they_are_likely_to_be_hit() -> None:
    facts = REGION | {"t.service_recipients_adversely_affected": True}
    assert "inform_recipients" in due(csl(facts))
    facts["t.service_recipients_adversely_affected"] = False
    assert "inform_recipients" not in due(csl(facts))


@pytest.mark.cites(CSL, "informera mottagarna av deras tjänster som kan påverkas av hotet")
def test_a_significant_threat_is_told_although_nothing_is_reportable() -> None:
    quiet = {"t.serious_disruption": False, "t.significant_cyber_threat": True}
    assert [duty.id for duty in csl(REGION | quiet).always] == ["threat"]


@pytest.mark.cites(CSL, "gäller inte skyldigheterna enligt 2 kap.")
@pytest.mark.cites(CSL, "för den delen av verksamheten")
def test_the_sensitive_part_is_excluded_and_not_even_written_down() -> None:
    found = csl(REGION | {"incident.in_security_sensitive_part": True})
    assert found.verdict == "excluded"
    assert found.stops_recording
    assert found.clocks == ()


@pytest.mark.cites(
    CSL, "gäller inte för en verksamhetsutövare som tillhandahåller betrodda tjänster"
)
def test_but_not_that_of_a_trust_service_provider() -> None:
    assert csl(PROVIDER | {"incident.in_security_sensitive_part": True}).verdict == "reportable"


@pytest.mark.cites(CSL, "gäller inte uppgifter som är säkerhetsskyddsklassificerade")
@pytest.mark.cites(CSL, "tillgängligheten, autenticiteten, riktigheten eller konfidentialiteten")
@pytest.mark.cites(CSL, "inte har fullgjort sin skyldighet att rapportera eller informera")
@pytest.mark.cites(CSL, "10 000 000 kronor för en offentlig verksamhetsutövare")
@pytest.mark.cites(CSL, "inom två år från det att överträdelsen ägde rum")
@pytest.mark.cites(CSF, "samarbeta med Integritetsskyddsmyndigheten vid hantering av incidenter")
@pytest.mark.cites(CSF, "uppmana verksamhetsutövaren att anmäla incidenten till Polismyndigheten")
def test_who_decides_is_told_what_the_act_says_beside_its_clocks() -> None:
    told = notes(regime("se-nis2-csl", KNOWN))
    for word in ("autenticitet", "klassificerade", "IMY", "polisanmälan", "10 miljoner", "två år"):
        assert word in told


@pytest.mark.cites(CSL, "gäller inte för verksamhetsutövare som har undantagits enligt artikel 2.4")
@pytest.mark.cites(CSL, "Denna lag gäller inte för regeringen, Regeringskansliet")
@pytest.mark.cites(CSL, "som till övervägande del bedriver säkerhetskänslig verksamhet")
@pytest.mark.parametrize(
    "name", ["org.dora_entity", "org.csl_exempt", "org.mainly_security_sensitive"]
)
def test_those_whom_the_act_exempts(name: str) -> None:
    assert csl(REGION | {name: True}).verdict == "excluded"


@pytest.mark.cites(CSL, "Denna lag träder i kraft den 15 januari 2026")
@pytest.mark.cites(
    CSL, "gäller dock fortfarande för överträdelser som har skett före ikraftträdandet"
)
def test_the_act_begins_where_the_former_one_ends() -> None:
    eve = datetime(2026, 1, 14, 23, 59, tzinfo=SWEDEN)
    day = datetime(2026, 1, 15, tzinfo=SWEDEN)
    facts = REGION | {"org.nis1_entity": True, "t.nis1_significant": True}
    verdicts = [
        judge(id, facts | {"known_at": moment}, at=day).verdict
        for moment in (eve, day)
        for id in ("se-nis1", "se-nis2-csl")
    ]
    assert verdicts == ["reportable", "not_applicable", "not_applicable", "reportable"]


@pytest.mark.cites(CSF, "ska göras till CSIRT-enheten")
@pytest.mark.cites(
    CSF, "Myndigheten för civilt försvar ska vara enhet för hantering av it-säkerhet"
)
def test_reports_go_to_the_csirt_of_the_day() -> None:
    for day, name in [("2026-06-30", "Myndigheten för civilt"), ("2026-07-01", "FRA")]:
        sent = datetime.fromisoformat(day).replace(hour=12, tzinfo=SWEDEN)
        for clock in csl(REGION, at=sent).clocks:
            if clock.step.to == "csirt":
                assert str(clock.recipient).startswith(name)


SUPERVISORS = {
    "electricity": "Statens energimyndighet",
    "rail": "Transportstyrelsen",
    "banking": "Finansinspektionen",
    "healthcare_provider": "Inspektionen för vård och omsorg",
    "health_other": "Läkemedelsverket",
    "drinking_water": "Livsmedelsverket",
    "waste_water": "Livsmedelsverket",
    "food": "Livsmedelsverket",
    "digital_infrastructure": "Post- och telestyrelsen",
    "digital_providers": "Post- och telestyrelsen",
    "ict_services": "Post- och telestyrelsen",
    "post": "Post- och telestyrelsen",
    "space": "Post- och telestyrelsen",
}
COUNTIES = {
    "Norrbottens": ["jamtland", "norrbotten", "vasterbotten", "vasternorrland"],
    "Skåne": ["blekinge", "kronoberg", "skane"],
    "Stockholms": ["gotland", "stockholm"],
    "Västra Götalands": ["halland", "vastra_gotaland"],
    "Örebro": [
        "dalarna",
        "gavleborg",
        "sodermanland",
        "uppsala",
        "varmland",
        "vastmanland",
        "orebro",
    ],
    "Östergötlands": ["jonkoping", "kalmar", "ostergotland"],
}


def supervisors(**facts: Any) -> list[str]:
    known = REGION | {f"org.{name}": value for name, value in facts.items()}
    others = csl({"org.county_board": False, **known}).others or {}
    return [each.name for each in others["supervisors"]]


@pytest.mark.cites(CSF, "Inspektionen för vård och omsorg Vårdgivare i Hälso- och sjukvårdssektorn")
@pytest.mark.cites(CSF, "Post- och telestyrelsen Digital infrastruktur")
@pytest.mark.cites(CSF, "Läkemedelsverket Hälso- och sjukvårdssektorn, med undantag för vårdgivare")
@pytest.mark.parametrize(("sector", "name"), SUPERVISORS.items())
def test_supervisors_by_sector(sector: str, name: str) -> None:
    assert supervisors(sectors=[sector], county="skane") == [name]


@pytest.mark.cites(
    CSF, "som hör till Jämtlands, Norrbottens, Västerbottens eller Västernorrlands län"
)
@pytest.mark.cites(CSF, "som hör till Blekinge, Kronobergs eller Skåne län")
@pytest.mark.cites(CSF, "som hör till Gotlands eller Stockholms län")
@pytest.mark.cites(CSF, "som hör till Hallands eller Västra Götalands län")
@pytest.mark.cites(CSF, "som hör till Dalarnas, Gävleborgs, Södermanlands, Uppsala")
@pytest.mark.cites(CSF, "som hör till Jönköpings, Kalmar eller Östergötlands län")
@pytest.mark.parametrize(
    ("county", "board"), [(county, board) for board, all in COUNTIES.items() for county in all]
)
def test_supervisors_by_county(county: str, board: str) -> None:
    name = f"Länsstyrelsen i {board} län"
    assert supervisors(sectors=["public_administration"], county=county) == [name]


@pytest.mark.cites(CSF, "Om två eller flera tillsynsmyndigheter har tillsynsansvar")
def test_a_region_has_more_than_one_supervisor() -> None:
    both = ["Inspektionen för vård och omsorg", "Länsstyrelsen i Skåne län"]
    sectors = ["public_administration", "healthcare_provider"]
    assert supervisors(sectors=sectors, county="skane") == both


@pytest.mark.cites(CSF, "Post- och telestyrelsen är också tillsynsmyndighet för")
def test_a_county_board_is_supervised_by_pts() -> None:
    found = supervisors(sectors=["public_administration"], county="skane", county_board=True)
    assert found == ["Post- och telestyrelsen"]


@pytest.mark.cites(EIDAS, "within 24 hours after having become aware of it")
def test_article_19_counts_from_awareness() -> None:
    then = datetime(2019, 5, 1, 10, tzinfo=SWEDEN)
    found = judge("se-eidas", PROVIDER | {"known_at": then, "t.enisa_level": 3}, at=then)
    assert due(found)["pts"] == then + timedelta(days=1)


@pytest.mark.cites(
    EIDAS, "likely to adversely affect a natural or legal person to whom the trusted"
)
@pytest.mark.cites(EIDAS, "shall inform the public or require the trust service provider to do so")
def test_article_19_tells_those_served_and_the_public_when_required() -> None:
    then = datetime(2019, 5, 1, 10, tzinfo=SWEDEN)
    facts = PROVIDER | {"known_at": then, "t.enisa_level": 3}
    found = judge("se-eidas", facts | {"t.service_recipients_adversely_affected": True}, at=then)
    assert [(c.step.id, c.mode) for c in found.clocks][1:] == [
        ("individuals", "asap"),
        ("public", "on_request"),
    ]


@pytest.mark.cites(EIDAS, "no later than 24 hours of having become aware of any security breaches")
@pytest.mark.cites(
    EIDAS, "identifiable affected individuals, the public if it is of public interest"
)
def test_article_19a_tells_more_people() -> None:
    facts = PROVIDER | {"org.qualified_tsp": False, "t.enisa_level": 3, "t.public_interest": True}
    found = judge("se-eidas", facts | {"t.identifiable_individuals_affected": True}, at=KNOWN)
    assert due(found)["pts"] == KNOWN + timedelta(days=1)
    assert {"individuals", "public"} <= due(found).keys()


@pytest.mark.cites(EIDAS, "registration and onboarding procedures for a trust service")
def test_article_19a_counts_breaches_of_the_procedures_round_the_service() -> None:
    facts = PROVIDER | {"t.enisa_level": 1, "t.tsp_process_breach_significant": True}
    assert judge("se-eidas", facts, at=KNOWN).hits == ("significant-impact",)


@pytest.mark.cites("OSL 18", "uppgift i en incidentrapport enligt cybersäkerhetslagen")
@pytest.mark.cites("OSL 18", "gäller sekretessen i högst fyrtio år")
def test_a_report_under_the_act_is_secret_unless_it_clearly_does_no_harm() -> None:
    (first, *_) = regime("se-nis2-csl", KNOWN).secrecy
    assert (first.osl, first.presumption, first.years) == ("18:8 b", "secret", 40)


def test_patient_secrets_reach_the_police_only_for_the_gross_crime() -> None:
    """OSL 10:23."""
    found = judge("se-police", {"t.patient_secret_data": True}, at=KNOWN)
    assert any("grovt dataintrång" in note.sv for note in found.notes)
    calm = judge("se-police", {"t.patient_secret_data": False}, at=KNOWN)
    assert not any("grovt dataintrång" in note.sv for note in calm.notes)


IMY = {"controller": 1, "org_no": 2, "reply_address": 9, "ended": 13, "groups": 25, "kinds": 26}
IMY |= {"consequences": 28, "measures": 30, "informed_when": 32, "will_inform": 34, "why_not": 35}


def test_imys_fields_carry_their_numbers() -> None:
    form = regime("eu-gdpr", KNOWN).forms["imy"]
    assert {field.id: field.number for field in form if field.number} == IMY | {"postal": 3}
    numbers = [field.number for field in form if field.number]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("id", regimes())
def test_only_what_was_read_is_verified(id: str) -> None:
    first = parameter_of(id).versions[0].since
    edition = on(parameter_of(id), first)
    grounds = [
        *edition.legal,
        *(row.ground for row in (*edition.criteria, *edition.steps, *edition.notes)),
        *(row.ground for rows in edition.recipients.values() for row in rows),
    ]
    assert {ground.status for ground in grounds if ground.level != "R"} <= {"unverified"}
    assert {ground.level for ground in grounds} <= {"R", "S", "M"}


UNVERIFIED = {"MCFFS 2026:8": "se-nis2-csl", "MCFFS 2026:7": "se-authority"}


@pytest.mark.parametrize(("ref", "id"), UNVERIFIED.items())
def test_regulations_known_at_second_hand_say_so(ref: str, id: str) -> None:
    edition = on(parameter_of(id), date(2026, 11, 22))
    rows = [*edition.criteria, *edition.steps]
    assert {row.ground.status for row in rows if row.ground.ref == ref} == {"unverified"}


def test_no_field_or_attachment_can_hold_what_is_classified() -> None:
    """SFS 2018:585 2 kap. 5 §: a stub that says who has it, when, and a reference."""
    edition = regime("se-security-protection", KNOWN)
    assert edition.content == "stub"
    assert [f.id for f in edition.forms["stub"]] == ["handed_to", "handed_at", "reference"]
    assert edition.sign_off["approve"] == "security_chief"
    found = judge("se-security-protection", {"t.classified_disclosed": True}, at=KNOWN)
    assert found.stops_recording
    assert {clock.mode for clock in found.clocks} == {"asap"}
    assert not judge("se-security-protection", {}, at=KNOWN).stops_recording


@pytest.mark.parametrize(
    ("id", "steps"),
    [
        ("se-lex-maria", {"ivo", "patient"}),  # SFS 2010:659 3 kap. 5 och 8 §§: snarast
        ("se-medical-device", {"authority", "manufacturer"}),  # HSLF-FS 2021:52 5 kap.: snarast
        ("se-police", {"report"}),
    ],
)
def test_what_the_law_wants_as_soon_as_possible(id: str, steps: set[str]) -> None:
    modes = {step.id: step.due[0].mode for step in regime(id, KNOWN).steps}
    assert {step for step, mode in modes.items() if mode == "asap"} >= steps
