"""Following a report by its code, adding to it, and its files: nothing told to who guesses."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as django
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import verify
from vardkase.events.models import Attachment, Event
from vardkase.events.rules import Report
from vardkase.lib.files import place
from vardkase.organisation.models import Person, Unit
from vardkase.policy.parameter import parameter
from vardkase.workflow.report import Receipt, report, send_message

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OWN_LIST = 5  # statements for the list of one's own reports: who asks, the frame, the list
MEGABYTE = 1024 * 1024
ONCE = "0123456789abcdef0123456789abcdef"
type SignedIn = Callable[[Person], Client]
type Act = Callable[[Person], Actor]


@pytest.fixture
def receipt(region: Unit) -> Receipt:
    return report(Report(what="En dator är borta."), by=Actor.reporter(NOW), at=NOW)


def show(client: Client, code: str, **more: object) -> tuple[int, str]:
    answer = client.post("/folj", {"code": code, **more})
    return answer.status_code, answer.content.decode()


@pytest.mark.says("S2-044", "Rapporten byggs på med mer uppgifter efterhand")
def test_an_answer_changed_is_a_new_version_and_the_old_one_stays(
    receipt: Receipt, client: Client
) -> None:
    show(client, receipt.code, do="more", work="hampered")
    status, page = show(client, receipt.code, do="more", work="cannot", addition="Alla skärmar.")
    assert status == 200
    case = Event.objects.get()
    said = list(case.statements.filter(question="work").values_list("answer", flat=True))
    assert said == ["hampered", "cannot"]
    assert "1 tidigare version" in page
    assert "Alla skärmar." in page
    assert case.suggestion["urgency"] == 4
    assert verify().ok


def test_what_is_sent_twice_is_added_once(receipt: Receipt, client: Client) -> None:
    for _ in range(2):
        show(client, receipt.code, do="more", addition="Samma.")
        show(client, receipt.code, do="message", text="Hej?")
    case = Event.objects.get()
    assert case.statements.filter(question="addition").count() == 1
    assert case.messages.count() == 1


def test_messages_go_both_ways_and_an_answer_brings_the_case_back(
    receipt: Receipt, client: Client, hire: Hire, act: Act
) -> None:
    Event.objects.update(state="waiting")
    send_message(receipt.event, "Vilken dator?", by=act(hire("assessor")), at=NOW)
    status, page = show(client, receipt.code, do="message", text="Den i receptionen.")
    assert (status, "Vilken dator?" in page, "Den i receptionen." in page) == (200, True, True)
    assert "Assessor" not in page
    assert Event.objects.get().state == "unassessed"


@pytest.mark.parametrize("do", ["message", "more"])
def test_whichever_button_is_pressed_nothing_written_is_left_behind(
    receipt: Receipt, client: Client, do: str
) -> None:
    both = {"text": "Bo Ek fick det.", "addition": "Alla skärmar."}
    assert show(client, receipt.code, do=do, **both)[0] == 200
    case = Event.objects.get()
    assert case.messages.get().text == both["text"]
    assert case.statements.get(question="addition").answer == both["addition"]


@pytest.mark.parametrize("do", ["message", "more"])
def test_an_empty_or_unstorable_addition_is_the_page_again(
    receipt: Receipt, client: Client, do: str
) -> None:
    text = "text" if do == "message" else "addition"
    status, page = show(client, receipt.code, do=do, **{text: "a\x00b"})
    assert status == 422
    assert "nolltecken" in page
    if do == "message":
        assert show(client, receipt.code, do=do, text="  ")[0] == 422


def test_the_status_is_in_plain_words(receipt: Receipt, client: Client) -> None:
    for state in Event.State.values:
        Event.objects.update(state=state)
        words = parameter("status_words").at(NOW).value[state]["sv"]
        assert f"<h2>{words}</h2>" in show(client, receipt.code)[1]


def test_a_code_is_forgiven_its_look_but_stands_in_no_address(
    receipt: Receipt, client: Client
) -> None:
    assert show(client, receipt.code.lower().replace("-", " "))[0] == 200
    assert receipt.number not in client.get("/folj", {"code": receipt.code}).content.decode()


def unknown_code(n: int) -> str:
    digest = hashlib.sha256(str(n).encode()).hexdigest().upper()[:28]
    return "-".join(digest[k : k + 4] for k in range(0, 28, 4))


def test_every_code_that_opens_nothing_gets_the_same_answer(
    receipt: Receipt, client: Client
) -> None:
    """PH17: a sealed case's code, and one that never was."""
    never = show(client, unknown_code(1))
    Event.objects.update(sealed=True)
    hidden = show(client, receipt.code)
    own = re.compile('data-now="[^"]*"| value="[0-9A-Z-]{34}"')  # the clock, and what was typed
    assert never[0] == hidden[0] == 422
    assert own.sub("", never[1]) == own.sub("", hidden[1])


def test_five_wrong_codes_shut_the_door_for_a_quarter_of_an_hour(
    receipt: Receipt, client: Client
) -> None:
    """F27."""
    assert [show(client, unknown_code(n))[0] for n in range(5)] == [422] * 5
    status, page = show(client, receipt.code)
    assert status == 429
    assert "För många försök" in page
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert show(client, receipt.code)[0] == 200


def test_a_slip_of_the_hand_is_no_try(receipt: Receipt, client: Client) -> None:
    assert {show(client, receipt.code[:-1])[0] for _ in range(9)} == {422}
    assert f'value="{receipt.code[:-1]}"' in show(client, receipt.code[:-1])[1], "to be mended"
    assert show(client, receipt.code)[0] == 200


def test_another_network_is_not_shut_out(receipt: Receipt, client: Client) -> None:
    for n in range(5):
        show(client, unknown_code(n))
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert show(elsewhere, receipt.code)[0] == 200


def test_nothing_of_the_caller_s_address_is_stored(receipt: Receipt, client: Client) -> None:
    show(client, unknown_code(1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(key, ' ') FROM lib_rate")
        assert "127.0.0.1" not in cursor.fetchone()[0]


def test_the_receipt_is_a_pdf_for_the_code_alone(receipt: Receipt, client: Client) -> None:
    answer = client.post("/rapportera/kvitto.pdf", {"code": receipt.code})
    assert answer.content[:5] == b"%PDF-"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.post("/rapportera/kvitto.pdf", {"code": unknown_code(1)}).status_code == 422


def test_one_s_own_reports_are_listed_without_a_code(
    region: Unit, hire: Hire, act: Act, signed_in: SignedIn
) -> None:
    anna, bo = hire("reporter"), hire("reporter")
    numbers = [
        report(Report(what=f"Händelse {n}"), by=act(anna), at=NOW + timedelta(hours=n)).number
        for n in range(30)
    ]
    client = signed_in(anna)
    client.get("/mina-rapporter")  # the first request of a session writes that it was seen
    with CaptureQueriesContext(connection) as seen:
        page = client.get("/mina-rapporter").content.decode()
    assert len(seen) <= OWN_LIST, "\n".join(q["sql"] for q in seen)
    assert numbers[-1] in page
    assert numbers[0] not in page
    later = re.search(r'href="\?after=([^"]+)"', page)
    assert later
    assert numbers[0] in signed_in(anna).get(f"/mina-rapporter?after={later[1]}").content.decode()
    assert signed_in(anna).get("/mina-rapporter?after=x").status_code == 302
    assert signed_in(anna).get(f"/mina-rapporter/{numbers[0]}").status_code == 200
    assert signed_in(bo).get(f"/mina-rapporter/{numbers[0]}").status_code == 404


def test_one_adds_to_one_s_own(region: Unit, hire: Hire, act: Act, signed_in: SignedIn) -> None:
    anna = hire("reporter")
    number = report(Report(what="x"), by=act(anna), at=NOW).number
    client = signed_in(anna)
    answer = client.post(f"/mina-rapporter/{number}", {"do": "message", "text": "Hej!"})
    assert answer.status_code == 302
    assert "Ditt meddelande är skickat." in client.get(answer.headers["Location"]).content.decode()
    assert Entry.objects.filter(chain=number).latest("place").by == anna.key


def files(*rows: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for name, content in rows]


def stored() -> list[Path]:
    return sorted(p for p in django.FILES.rglob("*") if p.is_file())


def test_files_lie_under_their_hash_and_their_names_in_the_case(
    region: Unit, client: Client
) -> None:
    """PH09: no name is a path."""
    rows = files(("../../etc/passwd", b"a"), ("virus.com", EICAR), ("tom.txt", b""))
    answer = client.post("/rapportera", {"what": "x", "files": rows})
    assert answer.status_code == 200
    found = {a.name: a for a in Attachment.objects.all()}
    assert set(found) == {"passwd", "virus.com", "tom.txt"}
    assert found["virus.com"].sha256 == hashlib.sha256(EICAR).hexdigest()
    assert stored() == sorted(place(django.FILES, a.sha256) for a in found.values())


def test_a_file_too_large_is_named_and_the_rest_is_kept(region: Unit, client: Client) -> None:
    rows = files(("film.mov", b"x" * (25 * MEGABYTE + 1)), ("bild.jpg", b"jpeg"))
    answer = client.post("/rapportera", {"what": "Se filmen.", "once": ONCE, "files": rows})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Filen ”film.mov” är 25,0" in page
    assert "bild.jpg" in page
    ticket = re.search(r'name="held" value="([^"]+)"', page)
    assert ticket
    body = {"what": "Se filmen.", "once": ONCE, "held": ticket[1]}
    assert client.post("/rapportera", body).status_code == 200
    assert [a.name for a in Event.objects.get().attachments.all()] == ["bild.jpg"]
    assert client.post("/rapportera", body).status_code == 200  # the same receipt again
    assert Attachment.objects.count() == 1


def test_a_ticket_that_is_not_ours_opens_no_file(region: Unit, client: Client) -> None:
    answer = client.post("/rapportera", {"what": "x", "held": "../../etc/passwd"})
    assert answer.status_code == 422
    assert not Event.objects.exists()


def test_a_zip_bomb_is_only_bytes(region: Unit, client: Client) -> None:
    """F18: nothing is unpacked."""
    client.post("/rapportera", {"what": "x", "files": files(("bomb.zip", b"PK\x03\x04" * 1000))})
    assert Attachment.objects.get().size == 4000


def test_a_disk_that_takes_nothing_is_told_and_the_text_is_kept(
    region: Unit, client: Client
) -> None:
    django.FILES.parent.mkdir(parents=True, exist_ok=True)
    django.FILES.write_text("where a folder should be")
    rows = files(("bild.jpg", b"jpeg"))
    answer = client.post("/rapportera", {"what": "Texten.", "files": rows})
    assert answer.status_code == 503
    assert "Texten." in answer.content.decode()
    assert not Event.objects.exists()
    assert client.post("/rapportera", {"what": "Texten."}).status_code == 200


@pytest.fixture
def attachment(receipt: Receipt, client: Client) -> Attachment:
    row = files(("fil\u202egpj.svg", b"<svg onload=alert(1)>"))
    show(client, receipt.code, do="more", files=row)
    return Attachment.objects.get()


def test_a_file_is_handed_out_as_bytes_and_never_shown(
    attachment: Attachment, hire: Hire, signed_in: SignedIn
) -> None:
    """PH07, F19."""
    Attachment.objects.update(name="fil\u202egpj.svg")
    number = attachment.event.number
    answer = signed_in(hire("incident_manager")).get(f"/arenden/{number}/filer/{attachment.pk}")
    assert b"".join(answer.streaming_content) == b"<svg onload=alert(1)>"  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="filgpj.svg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert Entry.objects.filter(chain=number).latest("place").kind == "evidence.read"


@pytest.mark.parametrize("role", ["receiver", "reporter"])
def test_a_file_is_for_those_who_may_read_evidence(
    attachment: Attachment, hire: Hire, signed_in: SignedIn, role: str
) -> None:
    path = f"/arenden/{attachment.event.number}/filer/{attachment.pk}"
    assert signed_in(hire(role)).get(path).status_code in {403, 404}


def test_bytes_that_changed_are_not_handed_out(
    attachment: Attachment, hire: Hire, signed_in: SignedIn
) -> None:
    path = place(django.FILES, attachment.sha256)
    path.chmod(0o600)
    path.write_bytes(b"other")
    answer = signed_in(hire("incident_manager")).get(
        f"/arenden/{attachment.event.number}/filer/{attachment.pk}"
    )
    assert answer.status_code == 409
    assert "har ändrats sedan den sparades" in answer.content.decode()


@pytest.mark.says("S2-055", "omedelbart rapporteras direkt till säkerhetsskyddschefen")
def test_what_touches_national_security_leaves_a_number_to_call_and_nothing_else(
    region: Unit, client: Client, hire: Hire, signed_in: SignedIn
) -> None:
    body = {"phone": "070-123 45 67", "what": "hemligt", "once": ONCE}
    page = client.post("/rapportera/sakerhet", body).content.decode()
    client.post("/rapportera/sakerhet", body)
    case = Event.objects.get()
    assert (case.sealed, case.contact, case.reporter) == (True, "070-123 45 67", None)
    assert "hemligt" not in str(Event.objects.values().get())
    assert not case.statements.exists()
    assert case.number not in page
    token = signed_in(hire("ciso"))
    assert case.number not in token.get("/mina-rapporter").content.decode()
    assert Entry.objects.get().kind == "event.secret_callback"


@pytest.mark.says("S2-055", "Händelser som misstänks röra rikets säkerhet")
@pytest.mark.parametrize("phone", ["", "ring mig om ubåten", "070\x00123", "1", "+" * 20])
def test_the_call_back_takes_nothing_but_a_number(region: Unit, client: Client, phone: str) -> None:
    assert client.post("/rapportera/sakerhet", {"phone": phone}).status_code == 422
    assert not Event.objects.exists()


@pytest.mark.says("S2-056", "Tjänsteman i beredskap")
def test_the_stop_stands_before_the_text_and_gives_a_number(region: Unit, client: Client) -> None:
    page = client.get("/rapportera").content.decode()
    assert page.index("Rör det Sveriges säkerhet") < page.index("<textarea")
    assert "010-100 00 02" in page
    assert "010-100 00 01" in client.get("/rapportera/sakerhet").content.decode()


def test_known_and_unknown_codes_cost_the_same_look_up(receipt: Receipt, client: Client) -> None:
    """PH17: one keyed hash and one indexed look-up, whether the code is there or not."""
    looked = []
    for code in (receipt.code, unknown_code(7)):
        with CaptureQueriesContext(connection) as seen:
            show(client, code)
        looked.append([q["sql"] for q in seen if '"code_digest"' in q["sql"].split("WHERE")[-1]])
    assert [len(rows) for rows in looked] == [1, 1]
