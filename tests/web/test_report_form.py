"""The report form: whatever goes wrong, the text is kept, it is stored once, and never a 500."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django
from django.db import OperationalError, connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Hire
from vardkase.events.models import Event
from vardkase.organisation.models import Person, Unit
from vardkase.policy.parameter import overlay

ONCE = "0123456789abcdef0123456789abcdef"
TEXT = "En dator är borta.\r\nDen stod i receptionen."
type SignedIn = Callable[[Person], Client]


def send(client: Client, **data: object) -> tuple[int, str]:
    answer = client.post("/rapportera", {"what": TEXT, "once": ONCE, **data})
    return answer.status_code, answer.content.decode()


def code_in(page: str) -> str:
    found = re.search(r'id="code">([^<]+)<', page)
    assert found
    return found[1]


@pytest.mark.says("S2-041", "inget krav på att rapporten ska vara fullständig när den skickas in")
def test_one_text_is_enough_and_comes_back_unchanged(region: Unit, client: Client) -> None:
    status, page = send(client)
    assert status == 200
    assert Event.objects.get().what == TEXT
    assert Event.objects.get().number in page
    assert not client.cookies


@pytest.mark.says("S2-037", "är ansvarig för att rapportera detta vidare till ansvariga")
@pytest.mark.parametrize("path", ["/folj", "/rad", "/rapportera/sakerhet", "/en/follow"])
def test_every_page_has_the_report_one_click_away(region: Unit, client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert 'href="/rapportera"' in page or 'href="/en/report"' in page


def test_the_english_page_is_english(region: Unit, client: Client) -> None:
    page = client.get("/en/report").content.decode()
    assert '<html lang="en"' in page
    assert "What has happened?" in page
    assert "Vad har" not in page


def test_sent_twice_it_is_stored_once_with_the_same_code(region: Unit, client: Client) -> None:
    codes = {code_in(send(client)[1]) for _ in range(3)}
    assert (len(codes), Event.objects.count()) == (1, 1)


def test_sent_again_with_more_it_gets_more(region: Unit, client: Client) -> None:
    send(client)
    send(client, work="cannot")
    case = Event.objects.get()
    assert case.statements.get(question="work").answer == "cannot"
    assert case.suggestion["urgency"] == 4


def test_sent_again_with_another_text_it_asks_first(region: Unit, client: Client) -> None:
    send(client)
    status, page = send(client, what="Något helt annat.")
    assert status == 409
    assert "Något helt annat." in page
    fresh = re.search(r'name="once" value="([^"]+)"', page)
    assert fresh
    assert send(client, what="Något helt annat.", once=fresh[1])[0] == 200
    assert Event.objects.count() == 2


@pytest.mark.parametrize("what", ["", "   \r\n\t"])
def test_an_empty_report_is_the_form_again(region: Unit, client: Client, what: str) -> None:
    status, page = send(client, what=what, contact="070-123 45 67", work="fallback")
    assert status == 422
    assert "<title>Fel: Rapportera en händelse" in page
    assert 'href="#id_what">Skriv vad som har hänt.' in page
    assert 'value="070-123 45 67"' in page
    assert 'value="fallback" id="id_work_2" checked' in page
    assert "<details open>" in page, "what was answered is not folded away"
    assert "<details open>" not in send(client, what=what)[1]
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("what", "a\x00b", "nolltecken"),
        ("what", "x" * 20_001, "högst 20000 tecken"),
        ("system", "s" * 301, "högst 300 tecken"),
        ("contact", "c\x00", "nolltecken"),
        ("event_kind", "party", "Välj något av alternativen"),
        ("discovered_time", "2999-01-01T00:00", "har inte varit än"),
        ("discovered_time", "i förrgår", "Skriv datum och tid"),
        ("discovered_time", "0001-01-01T00:00", "Skriv datum och tid"),
        ("discovered_time", "2026-02-30T00:00", "Skriv datum och tid"),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_is_stored(
    region: Unit, client: Client, field: str, value: str, told: str
) -> None:
    status, page = send(client, **{field: value})
    assert status == 422
    assert told in page
    assert field == "what" or "En dator är borta." in page
    assert not Event.objects.exists()


def test_when_it_was_discovered_is_kept_as_far_as_it_can_be_told(
    region: Unit, client: Client
) -> None:
    for discovered, time in [("just_now", ""), ("today", ""), ("other", "2026-11-01T14:30")]:
        send(client, once=ONCE + discovered, discovered=discovered, discovered_time=time)
    now, today, other = Event.objects.order_by("pk")
    assert now.discovered_at
    assert today.discovered_at is None
    assert today.statements.get(question="discovered").answer == "today"
    assert other.discovered_at
    assert other.discovered_at.isoformat() == "2026-11-01T13:30:00+00:00"


@pytest.mark.says("S1-05", "vill få kännedom om alla typer av incidenter")
@pytest.mark.says("S1-01", "sårbarheter som ännu inte lett till negativa konsekvenser")
@pytest.mark.says("S1-09", "för att någon pratar om något de inte ska")
@pytest.mark.parametrize("kind", Event.Kind.values)
def test_every_kind_of_event_is_welcome(region: Unit, client: Client, kind: str) -> None:
    status, page = send(client, event_kind=kind)
    assert status == 200
    assert Event.objects.get().kind == kind


@pytest.mark.says(
    "S1-08", "borttappade USB-minnen, kvarglömd information på papper eller whiteboards"
)
def test_lost_media_have_questions_of_their_own(region: Unit, client: Client) -> None:
    page = send(client, event_kind="paper_or_media")[1]
    assert "Svara på några följdfrågor" in page
    assert "Var såg du det senast?" in page
    assert "Leta där du senast hade det" in page


@pytest.mark.says("S2-005", "Målgrupp är alla medarbetare och externa leverantörer")
def test_a_supplier_says_which_service_and_his_own_number(region: Unit, client: Client) -> None:
    send(client, reporter_kind="supplier", supplier_reference="INC-77", supplier_service="Drift")
    case = Event.objects.get()
    assert (case.reporter_kind, case.source, case.reference) == ("supplier", "external", "INC-77")


@pytest.mark.says("S1-07", "tillåtande klimat i organisationen")
def test_the_receipt_thanks_and_blames_nobody(region: Unit, client: Client) -> None:
    page = send(client)[1]
    assert "Tack, rapporten är skickad" in page
    assert "Ingen får skulden" in page


@pytest.mark.says("S2-061", "inte hanteras i system som inte är godkända")
@pytest.mark.parametrize(
    ("what", "warned"),
    [
        ("Brev till 640823-3234 kom bort", "personnummer i texten"),
        ("Lösenord: Sommar2026 stod på en lapp", "lösenord i texten"),
        ("Diagnosen låg framme", "någons hälsa"),
    ],
)
def test_what_should_not_be_written_is_stored_and_warned_of(
    region: Unit, client: Client, what: str, warned: str
) -> None:
    status, page = send(client, what=what)
    assert status == 200
    assert warned in page
    assert Event.objects.get().what == what
    client.post("/folj", {"code": code_in(page), "do": "erase"})
    assert "tas bort" in Event.objects.get().messages.get().text


def test_privacy_information_stands_on_the_form(region: Unit, client: Client) -> None:
    page = client.get("/rapportera").content.decode()
    assert "Vilken rättslig grund?" in page
    assert 'href="/rapportera/personuppgifter"' in page


@pytest.mark.says("S2-039", "Rutinerna kan behöva utformas olika beroende på verksamhet")
def test_a_short_link_shows_the_units_own_note_or_the_one_above(
    region: Unit, hospital: Unit, client: Client
) -> None:
    Unit.objects.filter(pk=region.pk).update(form_note="Ring 112 vid fara.")
    page = client.get(f"/rapportera?unit={hospital.pk}").content.decode()
    assert "Sjukhuset" in page
    assert "Ring 112 vid fara." in page
    send(client, unit=str(hospital.pk))
    assert Event.objects.get().unit == hospital


@pytest.mark.parametrize("unit", ["4711", "-1", "x", "9" * 50, "٣", "1 OR 1=1"])
def test_a_wrong_unit_is_no_hindrance(region: Unit, client: Client, unit: str) -> None:
    assert client.get("/rapportera", {"unit": unit}).status_code == 200
    assert send(client, unit=unit)[0] == 200
    assert Event.objects.get().unit == region


def test_whoever_is_logged_in_reports_in_his_name_at_his_unit(
    hospital: Unit, hire: Hire, signed_in: SignedIn
) -> None:
    anna = hire("reporter", hospital)
    send(signed_in(anna), **{"as": anna.key})
    case = Event.objects.get()
    assert (case.reporter, case.unit, case.reporter_kind) == (anna, hospital, "staff")


@pytest.mark.says("S1-07", "medarbetare uppmuntras att rapportera incidenter")
def test_or_without_it(region: Unit, hire: Hire, signed_in: SignedIn) -> None:
    anna = hire("reporter")
    send(signed_in(anna), nameless="on", **{"as": anna.key})
    assert (Event.objects.get().reporter, Event.objects.get().reporter_kind) == (None, "anonymous")


def test_a_session_that_ended_does_not_make_the_report_anonymous_unasked(
    region: Unit, hire: Hire, client: Client
) -> None:
    status, page = send(client, **{"as": hire("reporter").key})
    assert status == 422
    assert "inte längre inloggad" in page
    assert "En dator är borta." in page
    assert send(client, **{"as": "reporter"})[0] == 200


def test_a_form_too_old_comes_back_with_the_text_and_a_fresh_proof(
    region: Unit, hire: Hire
) -> None:
    anna = hire("reporter")
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna, backend=django.AUTHENTICATION_BACKENDS[0])
    status, page = send(client, **{"as": anna.key})
    assert status == 403
    assert "En dator är borta." in page
    proof = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert proof
    assert send(client, csrfmiddlewaretoken=proof[1], **{"as": anna.key})[0] == 200


def test_a_receiver_records_what_came_by_telephone(
    region: Unit, hire: Hire, signed_in: SignedIn
) -> None:
    bo = hire("receiver")
    page = signed_in(bo).get("/rapportera").content.decode()
    assert "Vem rapporterar du åt?" in page
    send(signed_in(bo), on_behalf_of="Anna", reported_at="2026-11-01T08:00", **{"as": bo.key})
    case = Event.objects.get()
    assert (case.on_behalf_of, case.reporter, case.reported_at.day) == ("Anna", None, 1)
    assert "Vem rapporterar du åt?" not in Client().get("/rapportera").content.decode()


def test_a_stranger_cannot_date_his_report_back(region: Unit, client: Client) -> None:
    send(client, on_behalf_of="Anna", reported_at="2026-11-01T08:00")
    assert Event.objects.get().on_behalf_of == ""


def limited(folder: Path) -> None:
    path = folder / "report" / "limits.toml"
    path.parent.mkdir(parents=True)
    names = ("report_address", "report_all", "report_person", "report_token", "followup_address")
    more = ("callback_address", "code_address", "code_all", "upload_address", "upload_all")
    rows = ", ".join(f"{n} = {{ count = 1, seconds = 600 }}" for n in (*names, *more))
    head = 'id = "report.limits"\nunit = "u"\nsv = "s"\nen = "e"\n[[version]]\n'
    ground = 'source = "s"\nchecked = 2026-11-22\nstatus = "unverified"\n'
    path.write_text(f"{head}since = 2017-03-03\n{ground}value = {{ {rows} }}\n")
    overlay(folder)


def test_too_many_keep_their_text_and_hear_whom_to_call(
    region: Unit, client: Client, tmp_path: Path
) -> None:
    limited(tmp_path / "policy")
    try:
        send(client)
        answer = client.post("/rapportera", {"what": "Ännu en.", "once": ONCE + "2"})
    finally:
        overlay(None)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 600
    assert "Ännu en." in answer.content.decode()
    assert "010-100 00 01" in answer.content.decode()


def test_a_text_beyond_all_measure_is_refused_with_a_page(region: Unit, client: Client) -> None:
    status, page = send(client, what="x" * 3_000_000)
    assert status == 413
    assert "Texten är för lång" in page


def test_when_the_database_is_away_the_text_is_kept_and_the_phone_is_there(
    region: Unit, client: Client
) -> None:
    """F01 for the one page that must never lose a word."""
    client.get("/rapportera")
    with connection.execute_wrapper(away):
        status, page = send(client)
    assert status == 503
    assert "En dator är borta." in page
    assert "010-100 00 02" in page
    assert ONCE in page


def away(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    """What psycopg says when the server is gone."""
    raise OperationalError("connection refused")


@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=300)
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_that_can_be_stored_is_stored_as_it_was_sent(
    region: Unit, client: Client, text: str
) -> None:
    answer = client.post("/rapportera", {"what": text + "!", "done": text})
    assert answer.status_code in {200, 429}
    if answer.status_code == 200:
        case = Event.objects.latest("pk")
        assert case.what == text + "!"
        said = case.statements.filter(question="done").first()
        assert (said.answer if said else "").strip() == text.strip()


@pytest.mark.says("S1-18", "Vad ska medarbetare som upptäcker en incident göra?")
def test_what_to_do_now_is_told_for_each_kind(region: Unit, client: Client) -> None:
    page = client.get("/rad").content.decode()
    assert "Stäng inte av och radera ingenting" in page
    assert client.get("/rad/phishing").status_code == 200
    assert client.get("/rad/nosuch").status_code == 404


@pytest.mark.says("S2-038", "vara informerad om hur informationssäkerhetshändelser ska rapporteras")
def test_the_form_is_there_on_paper_too(region: Unit, client: Client) -> None:
    page = client.get("/rapportera/blankett").content.decode()
    for question in ("Vad har hänt?", "Kan ni arbeta?", "Hur når vi dig?", "Var sades det?"):
        assert question in page


def test_before_the_set_up_nothing_fails(db: None, client: Client) -> None:
    assert client.get("/rapportera").status_code == 200
    status, page = send(client)
    assert status == 503
    assert "En dator är borta." in page
    assert client.post("/rapportera/sakerhet", {"phone": "070-123 45 67"}).status_code == 503
    body, kind = {"what": "x"}, "application/json"
    assert client.post("/api/v1/reports", body, content_type=kind).status_code == 503
