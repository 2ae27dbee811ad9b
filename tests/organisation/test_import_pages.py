"""A file is looked at before anything is stored, waits in the session, and is imported once."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vardkase.decisionlog.models import Entry
from vardkase.organisation.models import Person, Unit
from vardkase.organisation.tables import People

type Hire = Callable[..., Person]
type SignIn = Callable[[Person], Client]

GOOD = "användarnamn;namn;enhet\nanna;Anna Åberg;Sjukhuset\nbo;Bo Ek;Sjukhuset\n"
MIXED = GOOD + "eva;=SUM(1);Ingenstans\n"


@pytest.fixture
def ciso(hospital: Unit, hire: Hire, signed_in: SignIn) -> Client:
    return signed_in(hire("ciso"))


def send(client: Client, content: str | bytes, kind: str = "personer") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post(f"/importera/{kind}", {"file": SimpleUploadedFile("lista.csv", raw)})


def mark(client: Client, kind: str = "personer") -> str:
    found: str = client.get(f"/importera/{kind}/granska").context["file"].mark
    return found


def test_upload_look_import(ciso: Client) -> None:
    assert send(ciso, GOOD).headers["Location"] == "/importera/personer/granska"
    text = ciso.get("/importera/personer/granska").content.decode()
    assert "Importera 2 rader" in text
    assert "Anna Åberg" in text
    assert Person.objects.count() == 1  # the CISO alone: nothing is stored yet
    answer = ciso.post("/importera/personer/importera", {"mark": mark(ciso)}, follow=True)
    assert "Hela filen är importerad" in answer.content.decode()
    assert Person.objects.count() == 3


def test_the_page_does_not_carry_the_file(ciso: Client) -> None:
    send(ciso, GOOD + "".join(f"p{n};Person {n};Sjukhuset\n" for n in range(500)))
    text = ciso.get("/importera/personer/granska").content.decode()
    assert "Person 99" not in text
    assert "De första 100 visas" in text


def test_sent_twice_it_is_imported_once(ciso: Client) -> None:
    send(ciso, GOOD)
    form = {"mark": mark(ciso)}
    for _ in range(2):
        ciso.post("/importera/personer/importera", form)
    assert Entry.objects.filter(kind="person.changed").count() == 1


def test_the_button_imports_the_file_that_was_looked_at_and_no_other(ciso: Client) -> None:
    send(ciso, GOOD)
    first = mark(ciso)
    send(ciso, GOOD.replace("Anna", "Annan"))
    answer = ciso.post("/importera/personer/importera", {"mark": first})
    assert answer.headers["Location"] == "/importera/personer/granska"
    assert not Person.objects.filter(username="anna").exists()


def test_the_rows_at_fault_come_back_as_a_file_to_correct(ciso: Client) -> None:
    send(ciso, MIXED)
    assert "Det finns ingen enhet med det namnet." in ciso.get(
        "/importera/personer/granska"
    ).content.decode()  # fmt: skip
    ciso.post("/importera/personer/importera", {"mark": mark(ciso)})
    content = ciso.get("/importera/personer/rattas.csv").content.decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(content, newline=""), delimiter=";")
    assert header == ["användarnamn", "namn", "enhet", "Rad", "Fel"]
    assert row[:4] == ["eva", "'=SUM(1)", "Ingenstans", "4"]
    assert row[4] == "enhet: Det finns ingen enhet med det namnet."
    mended = content.replace("Ingenstans", "Sjukhuset")
    send(ciso, mended)
    ciso.post("/importera/personer/importera", {"mark": mark(ciso)})
    assert Person.objects.get(username="eva").name == "=SUM(1)"


def test_another_session_sees_nothing_of_it(ciso: Client, hire: Hire, signed_in: SignIn) -> None:
    send(ciso, GOOD)
    other = signed_in(hire("ciso"))
    for page in ["granska", "resultat"]:
        assert other.get(f"/importera/personer/{page}").headers["Location"] == "/importera/personer"
    assert other.get("/importera/personer/rattas.csv").status_code == 404
    assert ciso.get("/importera/enheter/granska").headers["Location"] == "/importera/enheter"


BROKEN = [b"", b"\x00\x01\x02", b"hej;du\n", b'anv\xe4ndarnamn\n"', b"PK\x03\x04", b"\xff\xfe\x00"]


@pytest.mark.parametrize("content", BROKEN, ids=repr)
@pytest.mark.parametrize("kind", ["enheter", "personer", "tillgangar", "leverantorer"])
def test_what_is_no_table_is_refused_at_the_field(ciso: Client, content: bytes, kind: str) -> None:
    answer = send(ciso, content, kind)
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "open_kinds"),
    [
        ("sysadmin", {"enheter", "personer"}),
        ("ciso", {"enheter", "personer", "tillgangar", "leverantorer"}),
        ("incident_manager", {"tillgangar", "leverantorer"}),
        ("assessor", set()),
        ("reporter", set()),
    ],
)
def test_who_may_not_change_such_rows_may_not_import_them(
    hospital: Unit, hire: Hire, signed_in: SignIn, role: str, open_kinds: set[str]
) -> None:
    client = signed_in(hire(role))
    for kind in ["enheter", "personer", "tillgangar", "leverantorer"]:
        expected = 200 if kind in open_kinds else 403
        assert client.get(f"/importera/{kind}").status_code == expected, kind
        assert (send(client, GOOD, kind).status_code == 403) == (expected == 403)


def test_an_export_is_a_file_that_changes_nothing(ciso: Client) -> None:
    send(ciso, GOOD)
    ciso.post("/importera/personer/importera", {"mark": mark(ciso)})
    answer = ciso.get("/exportera/personer.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    send(ciso, answer.content)
    plan = ciso.get("/importera/personer/granska").context["plan"]
    assert (plan.new, plan.changed, plan.unchanged, plan.faults) == ([], [], 3, [])


def test_an_export_holds_what_the_page_shows_and_no_password(ciso: Client) -> None:
    Person.objects.update(password="argon2$secret")
    assert "argon2" not in ciso.get("/exportera/personer.csv").content.decode()
    assert People.fields == ("username", "name", "title", "email", "phone", "unit")


@pytest.mark.parametrize("field", ["password", "is_active", "last_login", "id", "path", "grants"])
def test_a_column_that_is_not_listed_is_not_read(ciso: Client, field: str) -> None:
    """PH04 in a file: a heading that is the name of another column changes nothing."""
    before = Person.objects.values().get(grants__role="ciso")
    send(ciso, f"username;name;{field}\n{before['username']};{before['name']};1\n")
    plan = ciso.get("/importera/personer/granska").context["plan"]
    assert (plan.sheet.unknown, plan.changed, plan.unchanged) == ([field], [], 1)
