"""Reporting as people and programs see it: clocks, questions, decisions, what was sent."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.api.conftest import Call
from tests.conftest import Hire
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import verify
from vardkase.events.models import Event
from vardkase.obligations.models import Deadline, Ruling, Submission
from vardkase.organisation.models import Person
from vardkase.policy.facts import read
from vardkase.policy.judge import judge, plain
from vardkase.policy.regime_files import catalogue
from vardkase.web.incidents import dutywords
from vardkase.workflow import known
from vardkase.workflow.duties import own_entity
from vardkase.workflow.planning import plan

type In = Callable[[Person], Client]


@pytest.fixture
def page(incident: Event) -> str:
    return f"/arenden/{incident.number}/rapportering"


def test_the_page_shows_each_law_with_its_clock_and_asks_what_matters(
    page: str, hire: Hire, signed_in: In
) -> None:
    shown = signed_in(hire("ciso")).get(page).content.decode()
    assert "Betydande incident enligt cybersäkerhetslagen" in shown
    assert "Personuppgiftsincident" in shown
    assert "Inte avgjort" in shown
    assert "Det vi behöver veta" in shown
    assert "Berörs personuppgifter?" in shown
    assert "preliminär" in shown
    assert "Ej verifierad" in shown


def test_what_is_due_next_stands_first_and_what_can_wait_is_folded(
    page: str, hire: Hire, signed_in: In
) -> None:
    """A card is open while something certain is left to do; else its head tells the clock."""
    client = signed_in(hire("ciso"))
    before = client.get(page)
    due = [one.due for one in before.context["clocks"]]
    assert due == sorted(due)
    assert 0 < len(due) <= 3
    assert f'href="#{before.context["clocks"][0].anchor}"' in before.content.decode()
    assert all(row["folded"] and row["open"] for row in before.context["rows"][:2])
    client.post(f"{page}/se-nis2-csl/beslut", {"outcome": "report", "reason": "x"})
    sent = {"sent_at": "2026-11-22T10:00", "recipient": "FRA", "alone_because": "Natt."}
    client.post(f"{page}/se-nis2-csl/early_warning/skickad", sent | {"late_reason": "x"})
    after = client.get(page)
    card = next(row for row in after.context["rows"] if row["id"] == "se-nis2-csl")
    assert not card["folded"]
    assert [face["clock"].step.id for face in card["sent"]] == ["early_warning"]
    assert {face["clock"].mode for face in card["later"]} <= {"on_request", "waits_for"}
    shown = " ".join(after.content.decode().split())
    assert f"1 skickad, {len(card['later'])} senare steg" in shown


def test_questions_that_decide_a_clock_stand_first_and_a_fault_is_never_folded(
    page: str, hire: Hire, signed_in: In
) -> None:
    client = signed_in(hire("ciso"))
    form = client.get(page).context["form"]
    assert {field.name for field in form.pressing} <= form.first
    rest = [field.name for field in form.rest]
    assert rest
    said = dict.fromkeys(form.names, "") | {rest[0]: "\x00"}
    answer = client.post(f"{page}/svar", said)
    assert answer.status_code == 422
    folded = answer.content.decode().partition('class="questions"')[2]
    assert "<details open>" in folded.partition(rest[0])[0]


def test_the_page_costs_few_statements_however_many_clocks_run(
    page: str, incident: Event, hire: Hire, signed_in: In
) -> None:
    client = signed_in(hire("ciso"))
    plan(incident, timezone.now())
    assert Deadline.objects.filter(obligation__event=incident, ended_at=None).count() > 5
    client.get(page)
    with CaptureQueriesContext(connection) as seen:
        client.get(page)
    assert len(seen) <= 19, "\n".join(q["sql"][:150] for q in seen)


def test_the_case_itself_shows_the_nearest_deadlines(
    incident: Event, hire: Hire, signed_in: In
) -> None:
    client = signed_in(hire("ciso"))
    assert "Frister" not in client.get(f"/arenden/{incident.number}").content.decode()
    plan(incident, timezone.now())
    answer = client.get(f"/arenden/{incident.number}")
    shown = [one.due for one in answer.context["clocks"]]
    assert shown == sorted(shown)
    assert 0 < len(shown) <= 4
    assert "Frister" in answer.content.decode()
    assert " kvar</span>" in answer.content.decode()


def test_an_answer_turns_a_verdict(page: str, incident: Event, hire: Hire, signed_in: In) -> None:
    client = signed_in(hire("ciso"))
    before = client.get(page)
    assert "t.personal_data" in before.context["form"].names
    answer = client.post(f"{page}/svar", {"t.personal_data": "true"})
    assert answer.status_code == 302
    after = client.get(page).context["form"]
    assert "t.risk_to_individuals" in after.names
    entry = Entry.objects.filter(chain=incident.number).latest("place")
    assert entry.kind == "facts.answered"


def test_a_decision_and_what_was_sent_stand_on_the_page(
    page: str, hire: Hire, signed_in: In
) -> None:
    client = signed_in(hire("dpo"))
    preparer = hire("handler")
    no = {"outcome": "report", "reason": "Risk för patienterna."}
    assert client.post(f"{page}/eu-gdpr/beslut", no).status_code == 302
    sent = {
        "sent_at": "2026-11-22T10:00", "recipient": "Integritetsskyddsmyndigheten",
        "reference": "IMY-2026-1", "prepared_by": preparer.username, "late_reason": "Helg.",
    }  # fmt: skip
    assert client.post(f"{page}/eu-gdpr/imy/skickad", sent).status_code == 302
    assert Ruling.objects.get().reason == "Risk för patienterna."
    assert Submission.objects.get().prepared_by == preparer.key
    shown = client.get(page).content.decode()
    assert "Risk för patienterna." in shown
    assert "IMY-2026-1" in shown
    assert verify().ok


def test_a_refusal_says_what_to_do(page: str, hire: Hire, signed_in: In) -> None:
    client = signed_in(hire("dpo"))
    alone = {"sent_at": "2026-11-22T10:00", "recipient": "IMY"}
    answer = client.post(f"{page}/eu-gdpr/imy/skickad", alone)
    assert answer.status_code == 409
    assert "varför en person gjorde båda" in answer.content.decode()
    assert client.get(f"{page}/finns-inte/beslut").status_code == 404


def test_whoever_may_only_read_decides_nothing(page: str, hire: Hire, signed_in: In) -> None:
    client = signed_in(hire("tib"))
    assert client.get(page).status_code == 200
    said = {"outcome": "report", "reason": "x"}
    assert client.post(f"{page}/eu-gdpr/beslut", said).status_code in (403, 404)


def test_the_api_gives_the_same_per_regime(call: Call, incident: Event) -> None:
    url = f"/events/{incident.number}"
    found = call("GET", f"{url}/obligations", role="ciso").json()
    by_regime = {row["regime"]: row for row in found["items"]}
    nis = by_regime["se-nis2-csl"]
    assert nis["verdict"] == "undetermined"
    assert [s["id"] for s in nis["steps"]][:2] == ["early_warning", "notification"]
    assert nis["steps"][0]["due"].startswith("20")
    assert nis["state"] == "open"
    facts: dict[str, Any] = {"t.personal_data": True, "t.risk_to_individuals": "high"}
    after = call("POST", f"{url}/facts", {"facts": facts}, role="ciso").json()
    gdpr = next(row for row in after["items"] if row["regime"] == "eu-gdpr")
    assert gdpr["verdict"] == "reportable"
    assert gdpr["always"] == ["register"]
    assert "Inspektionen för vård och omsorg" in nis["supervisors"]
    assert "SFS 2026:623" in str(nis["steps"][0]["unverified"])  # to whom it goes
    said = {"outcome": "no_report", "reason": "Krypterat."}
    assert call("POST", f"{url}/obligations/eu-gdpr/decision", said, role="dpo").status_code == 201
    again = call("GET", f"{url}/obligations", role="ciso").json()
    gdpr = next(row for row in again["items"] if row["regime"] == "eu-gdpr")
    assert gdpr["state"] == "declined"
    assert gdpr["ruling"]["reason"] == "Krypterat."
    wrong = call("POST", f"{url}/facts", {"facts": {"t.personal_data": "x"}}, role="ciso")
    assert wrong.status_code == 422


def test_the_api_says_what_policy_try_says_of_the_same_facts(call: Call, incident: Event) -> None:
    url = f"/events/{incident.number}"
    facts: dict[str, Any] = {"t.personal_data": True, "org.sectors": ["healthcare_provider"]}
    call("POST", f"{url}/facts", {"facts": facts}, role="ciso")
    found = call("GET", f"{url}/obligations", role="ciso").json()["items"]
    assert {row["regime"] for row in found} >= {"se-nis2-csl", "eu-gdpr", "se-lex-maria"}
    told = known.facts(incident, own_entity())
    as_json = json.loads(json.dumps(told, default=lambda time: time.isoformat()))
    facts, notes = read(as_json, catalogue())
    assert notes == []
    for row in found:
        said = plain(judge(row["regime"], facts, at=timezone.now()))
        for mine, theirs in zip(said.pop("steps"), row["steps"], strict=True):
            assert mine.items() <= theirs.items()
        assert said.items() <= row.items()


@pytest.mark.says(
    "S2-098", "krav på vad en sådan rapport ska innehålla och vem som ska göra anmälan"
)
def test_a_report_is_filled_from_the_case_with_what_is_missing_first(
    page: str, hire: Hire, signed_in: In
) -> None:
    client = signed_in(hire("ciso"))
    url = f"{page}/se-nis2-csl/early_warning/rapport"
    shown = client.get(url)
    assert shown.status_code == 200
    rows = shown.context["rows"]
    assert [line.wanted for _, line in rows] == sorted(
        (line.wanted for _, line in rows), reverse=True
    )
    assert "Saknas" in shown.content.decode()
    said = {"incident.cross_border": "true", "report": "se-nis2-csl/early_warning"}
    assert client.post(f"{page}/svar", said).headers["Location"] == url
    again = {line.field.id: line for _, line in client.get(url).context["rows"]}
    assert again["cross_border"].text == "Ja"
    imy = client.get(f"{page}/eu-gdpr/imy/rapport").content.decode()
    assert "Skadlig kod" in imy
    assert ">malware<" not in imy
    assert client.get(f"{page}/se-nis2-csl/finns-inte/rapport").status_code == 404


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("json", b"{"), ("txt", b"Uppl")])
def test_a_report_is_taken_out_as_pdf_json_and_text_and_the_log_tells(
    call: Call,
    incident: Event,
    kind: str,
    begins: bytes,
) -> None:
    url = f"/events/{incident.number}/obligations/early_warning/report.{kind}"
    answer = call("GET", url, role="ciso")
    assert answer.status_code == 200, answer.content
    assert answer.content.startswith(begins)
    entry = Entry.objects.filter(chain=incident.number).latest("place")
    assert entry.kind == "export.made"
    missing = call("GET", url.replace("early_warning", "nothing"), role="ciso")
    assert missing.status_code == 409


def test_what_was_sent_keeps_its_words_and_later_changes_show(
    page: str, hire: Hire, signed_in: In
) -> None:
    client = signed_in(hire("ciso"))
    sent = {"sent_at": "2026-11-22T10:00", "recipient": "CERT-SE", "alone_because": "Natt."}
    url = f"{page}/se-nis2-csl/early_warning"
    assert client.post(f"{url}/skickad", sent).status_code == 302
    kept = Submission.objects.get()
    assert kept.content["schema"] == "vardkase/report/1"
    client.post(f"{page}/svar", {"incident.cross_border": "true"})
    assert "Ändrad sedan den skickades" in client.get(f"{url}/rapport").content.decode()


def test_the_log_speaks_of_laws_and_clocks_by_name(
    page: str, incident: Event, hire: Hire, signed_in: In
) -> None:
    """No code of ours is shown to a reader: which law, which step, and what was answered."""
    client = signed_in(hire("ciso"))
    assert client.post(f"{page}/svar", {"t.personal_data": "true"}).status_code == 302
    decider = signed_in(hire("dpo"))
    no = {"outcome": "no_report", "reason": "Ingen risk."}
    assert decider.post(f"{page}/eu-gdpr/beslut", no).status_code == 302
    sent = {"sent_at": "2026-11-22T10:00", "recipient": "IMY", "alone_because": "Jour."}
    late = sent | {"late_reason": "Helg."}
    assert decider.post(f"{page}/eu-gdpr/imy/skickad", late).status_code == 302
    log = client.get(f"/arenden/{incident.number}/logg").content.decode()
    for words in ("Personuppgiftsincident", "Anmälan till IMY", "Frister", "Rapportera inte"):
        assert words in log
    assert "Berörs personuppgifter? Ja" in log
    for code in ("eu-gdpr", "no_report", "Regime", "Clocks", "-&gt;", "t.personal_data", "asap"):
        assert code not in log


@pytest.mark.parametrize("text", ["", "nonsense", "x y: a", "A eu-gdpr imy: - -> never"])
def test_what_is_not_understood_in_the_log_is_shown_as_it_is(text: str) -> None:
    assert dutywords.ground(text) == text
    assert dutywords.clock(text, timezone.now()).endswith(text.rpartition(" ")[2])


def test_what_a_decision_rested_on_is_named_as_the_reader_knows_it() -> None:
    told = dutywords.ground("delegation since 2017-03-03: Dnr 1700202")
    assert told == "Delegationsordning, gäller från 2017-03-03: Dnr 1700202"


def test_a_clock_that_became_certain_is_not_told_as_moved() -> None:
    same, moved = "2026-11-23T15:54:00+01:00", "2026-11-24T09:00:00+01:00"
    at = timezone.now()
    assert "tidigare" not in dutywords.clock(f"A eu-gdpr imy: {same} -> {same}", at)
    assert "tidigare: 23 nov" in dutywords.clock(f"A eu-gdpr imy: {same} -> {moved}", at)
    assert "gäller inte längre" in dutywords.clock(f"A eu-gdpr imy: {same} -> -", at)


def test_an_answer_is_changed_and_taken_back_on_the_page(
    page: str, hire: Hire, signed_in: In
) -> None:
    """A mistake must not decide what is reported."""
    client = signed_in(hire("ciso"))
    client.post(f"{page}/svar", {"t.risk_to_individuals": "unlikely", "t.personal_data": "true"})
    shown = client.get(f"{page}?igen=t.risk_to_individuals&igen=nothing")
    assert [one.text for one in shown.context["given"]] == [
        "Osannolikt att det medför någon risk",
        "Ja",
    ]
    assert shown.context["form"].again == ["t.risk_to_individuals"]
    assert shown.context["form"]["t.risk_to_individuals"].value() == "unlikely"
    assert 'href="?igen=t.personal_data#asked"' in shown.content.decode()
    again = {"again": "t.risk_to_individuals"}
    client.post(f"{page}/svar", again | {"t.risk_to_individuals": "high"})
    assert "Hög risk" in {one.text for one in client.get(page).context["given"]}
    client.post(f"{page}/svar", again | {"t.risk_to_individuals": ""})
    after = client.get(page).context
    assert [one.name for one in after["given"]] == ["t.personal_data"]
    assert "t.risk_to_individuals" in after["form"].names
    report = client.get(f"{page}/eu-gdpr/imy/rapport?igen=t.personal_data")
    assert report.context["form"]["t.personal_data"].value() == "true"
    assert report.context["answered"] == set()  # no field of that report quotes it


def test_a_form_sent_twice_decides_sends_and_answers_once(
    page: str, incident: Event, hire: Hire, signed_in: In
) -> None:
    client, once = signed_in(hire("ciso")), {"once": "0123456789abcdef" * 2}
    decided = {"outcome": "report", "reason": "x"} | once
    sent = {"sent_at": "2026-11-22T09:00", "recipient": "MSB", "alone_because": "x"}
    sent |= {"late_reason": "x"} | once
    for _time in range(2):
        assert client.post(f"{page}/se-nis2-csl/beslut", decided).status_code == 302
        assert client.post(f"{page}/se-nis2-csl/early_warning/skickad", sent).status_code == 302
    made = Submission.objects.get()
    for _time in range(2):
        answered = {"text": "Tack."} | once
        assert client.post(f"{page}/skickat/{made.pk}/svar", answered).status_code == 302
    assert (Ruling.objects.count(), made.replies.count()) == (1, 1)


def test_half_a_level_is_refused_at_its_field(page: str, hire: Hire, signed_in: In) -> None:
    client, said = signed_in(hire("ciso")), {"level": "1.5", "reason": "x"}
    assert client.post(f"{page}/enisa-niva", said).status_code == 422
    assert client.post(f"{page}/enisa-niva", said | {"level": "3"}).status_code == 302
    log = client.get(page.replace("rapportering", "logg")).content.decode()
    assert "<dt>Nivå enligt Enisa</dt>" in log


@pytest.mark.parametrize(
    ("step", "said", "status"),
    [
        ("nope", {}, 409),
        ("x" * 100, {}, 409),
        ("early_warning", {"channel": "x" * 201}, 422),
        ("early_warning", {"reference": "x" * 201}, 422),
        ("early_warning", {"prepared_by": "p" + "9" * 30}, 409),
    ],
)
def test_a_program_records_only_steps_there_are_and_texts_that_can_be_kept(
    call: Call, incident: Event, step: str, said: dict[str, Any], status: int
) -> None:
    sent = {"sent_at": "2026-11-22T08:00:00Z", "recipient": "x", "alone_because": "x"}
    url = f"/events/{incident.number}/obligations/se-nis2-csl/steps/{step}"
    answer = call("POST", url, sent | {"late_reason": "x"} | said, role="ciso")
    assert answer.status_code == status
    assert not Submission.objects.exists()
