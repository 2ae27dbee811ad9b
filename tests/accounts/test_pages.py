"""The pages of accounts, walked through as people do, in both languages."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.accounts.conftest import SECRET, LogIn
from tests.conftest import Hire
from vardkase.decisionlog.models import Request
from vardkase.organisation.models import Organisation, Person, Token, Unit
from vardkase.organisation.queries import actor_of_token
from vardkase.organisation.setup import new_setup_token

ANSWERS = {
    "name": "Region Exempel",
    "kind": "region",
    "administrator": "Anna Berg",
    "username": "Anna@Exempel.se",
    "duty_phone": "010-100 00 01",
    "security_phone": "010-100 00 02",
    "sample": "no",
}


def page(client: Client, address: str, status: int = 200, **data: object) -> str:
    answer = client.get(address, data, follow=True)
    assert answer.status_code == status, (address, answer.status_code)
    return str(answer.content.decode())


def send(client: Client, address: str, status: int = 200, **data: object) -> str:
    answer = client.post(address, data, follow=True)
    assert answer.status_code == status, (address, answer.status_code)
    return str(answer.content.decode())


def link_on(shown: str) -> str:
    """The path of the one-time link that a page shows."""
    found = re.search(r"http://testserver(/valkommen/[\w-]+)", shown)
    assert found, shown
    return found[1]


def test_the_first_day(client: Client, db: None) -> None:
    """From the link of the first start to an administrator who is in."""
    secret = new_setup_token(timezone.now())
    assert "Vad heter organisationen?" in page(client, f"/start/{secret}")
    assert "Skriv ett telefonnummer" in send(
        client, "/start/", 422, **ANSWERS | {"duty_phone": "ring"}
    )
    empty = send(client, "/start/", 422, **ANSWERS | {"name": ""})
    assert "<title>Fel: Kom igång" in empty
    assert ">Vad heter organisationen? Fyll i det här.</a>" in empty
    assert "Välj lösenord" in send(client, "/start/", **ANSWERS)
    assert Organisation.objects.get().name == "Region Exempel"
    client.post("/valkommen/", {"password1": SECRET, "password2": SECRET})
    anna = Person.objects.get(username="anna@exempel.se")
    assert client.session["_auth_user_id"] == str(anna.pk)
    assert "Du sköter konton" in page(client, "/konto/")


def test_an_administrator_invites_and_the_invited_comes_in(
    with_password: Hire, log_in: LogIn, hospital: Unit
) -> None:
    """S2-005: staff and suppliers alike; nothing is mailed."""
    admin = log_in(with_password("sysadmin"))
    shown = send(admin, "/administration/konton/ny", name="Bo Ek", username="bo", unit=hospital.pk)
    bo = Client()
    assert "Välkommen, Bo Ek." in page(bo, link_on(shown))
    assert "Inbjuden" in page(admin, "/administration/konton", q="bo ek")
    answer = bo.post("/valkommen/", {"password1": SECRET, "password2": SECRET})
    assert answer.status_code == 302
    assert "Bo Ek" in page(bo, "/konto/")
    assert "Kan logga in" in page(admin, "/administration/konton", q="bo ek")
    page(Client(), link_on(shown), 404)


def test_a_fault_in_the_invitation_keeps_what_was_written(
    with_password: Hire, log_in: LogIn, hospital: Unit
) -> None:
    admin = log_in(with_password("sysadmin"))
    shown = send(
        admin, "/administration/konton/ny", 422, name="Bo Ek", username="Бо", unit=hospital.pk
    )
    assert 'value="Bo Ek"' in shown
    assert 'id="id_username_error"' in shown
    assert not Person.objects.filter(name="Bo Ek").exists()


def test_a_reset_is_told_to_the_person(with_password: Hire, log_in: LogIn) -> None:
    admin, anna = with_password("sysadmin"), with_password("assessor")
    client, hers, boss = log_in(admin), log_in(anna), log_in(with_password("ciso"))
    asked = send(client, f"/administration/konton/{anna.pk}/nollstall")
    assert "Någon annan bekräftar" in asked
    assert hers.get("/konto/").status_code == 200, "nothing has happened yet"
    request = Request.objects.get()
    address = f"/att-bekrafta/{request.pk}/bekrafta"
    shown = send(boss, address, digest=request.digest)
    assert hers.get("/konto/").status_code == 302, "her session has ended"
    link = link_on(shown)
    welcome = page(hers, link)
    assert "Någon annan har ändrat din inloggning" in welcome
    assert admin.name in welcome
    answer = hers.post(
        "/valkommen/", {"password1": "en ny lång rad", "password2": "en ny lång rad"}
    )
    assert answer.headers["Location"] == "/konto/"
    assert admin.name in page(hers, "/konto/")


def test_a_closed_account_is_closed_and_opened_again(with_password: Hire, log_in: LogIn) -> None:
    client, anna = log_in(with_password("sysadmin")), with_password("assessor")
    hers = log_in(anna)
    address = f"/administration/konton/{anna.pk}"
    send(client, f"{address}/stang", 422)
    assert "Stängt konto" in send(client, f"{address}/stang", reason="Har slutat")
    assert hers.get("/konto/").status_code == 302
    refused = Client().post("/konto/logga-in/", {"login": anna.username, "password": SECRET})
    assert refused.headers["Location"] == "/konto/stangt/"
    assert "Kontot är stängt" in page(Client(), "/konto/stangt/")
    send(client, f"{address}/oppna", reason="Kom tillbaka")
    log_in(anna)


def test_nobody_changes_his_own_account_there(with_password: Hire, log_in: LogIn) -> None:
    me = with_password("sysadmin")
    with_password("sysadmin")
    client = log_in(me)
    assert "En annan administratör" in page(client, f"/administration/konton/{me.pk}")
    for deed in ("nollstall", "stang", "oppna"):
        send(client, f"/administration/konton/{me.pk}/{deed}", 403, reason="x")


def test_tokens_are_shown_once(with_password: Hire, log_in: LogIn, region: Unit) -> None:
    client = log_in(with_password("sysadmin"))
    wanted = {"name": "Zabbix", "role": "integration", "unit": region.pk, "days": 30}
    shown = send(client, "/administration/nycklar/ny", **wanted)
    secret = re.search(r"vk_[\w-]+", shown)
    assert secret
    assert actor_of_token(secret[0], timezone.now())
    listed = page(client, "/administration/nycklar")
    assert "Zabbix" in listed
    assert secret[0] not in listed
    send(client, f"/administration/nycklar/{Token.objects.get().pk}/aterkalla")
    assert actor_of_token(secret[0], timezone.now()) is None
    assert "Återkallad" in page(client, "/administration/nycklar")


def test_a_token_that_reads_cases_is_not_offered(
    with_password: Hire, log_in: LogIn, region: Unit, hospital: Unit
) -> None:
    client = log_in(with_password("sysadmin"))
    asked = page(client, "/administration/nycklar/ny")
    assert "assessor" not in asked
    assert f'<option value="{hospital.pk}">\xa0\xa0\xa0{hospital.name}</option>' in asked
    wanted = {"name": "x", "role": "assessor", "unit": region.pk, "days": 30}
    send(client, "/administration/nycklar/ny", 422, **wanted)


def test_the_security_chief_sees_what_administrators_do(with_password: Hire, log_in: LogIn) -> None:
    admin, anna = with_password("sysadmin"), with_password("assessor")
    send(log_in(admin), f"/administration/konton/{anna.pk}/stang", reason="Har slutat")
    chief = log_in(with_password("ciso"))
    seen = page(chief, "/administration/konton/logg")
    assert admin.name in seen
    assert anna.name in seen
    page(log_in(with_password("handler")), "/administration/konton/logg", 403)


def test_sessions_are_seen_and_ended(with_password: Hire, log_in: LogIn) -> None:
    anna = with_password("assessor")
    here, there = log_in(anna), log_in(anna)
    assert page(here, "/konto/inloggningar/").count("<tr>") == 3
    assert "1 inloggning avslutades" in send(here, "/konto/inloggningar/")
    assert there.get("/konto/").status_code == 302
    assert here.get("/konto/").status_code == 200


def test_a_changed_password_ends_the_other_logins(with_password: Hire, log_in: LogIn) -> None:
    anna = with_password("assessor")
    here, there = log_in(anna), log_in(anna)
    new = "en helt annan rad text"
    send(here, "/konto/losenord/", oldpassword=SECRET, password1=new, password2=new)
    assert here.get("/konto/").status_code == 200
    assert there.get("/konto/").status_code == 302
    log_in(anna, new)


PAGES = [
    "/konto/logga-in/", "/konto/glomt/", "/konto/", "/konto/losenord/", "/konto/inloggningar/",
    "/konto/skydd/", "/konto/skydd/app/", "/konto/skydd/passkeys/", "/konto/skydd/passkeys/ny/",
    "/konto/bekrafta/", "/konto/logga-ut/", "/administration/konton", "/administration/konton/ny",
    "/administration/konton/{pk}", "/administration/nycklar",
    "/administration/nycklar/ny",
]  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_is_whole_in_both_languages(
    with_password: Hire, log_in: LogIn, language: str
) -> None:
    """No Swedish on an English page and none of our English on a Swedish one."""
    person = with_password("sysadmin")
    client = log_in(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    foreign = re.compile(r"\b(the|your|you|log in)\b" if language == "sv" else r"[åäö]", re.I)
    for address in PAGES:
        if address == "/konto/logga-in/" or address == "/konto/glomt/":
            shown = page(Client(headers={"cookie": f"django_language={language}"}), address)
        else:
            shown = page(client, address.format(pk=person.pk))
        text = re.sub(r"<[^>]*>|<script.*?</script>|Vårdkase|Region Exempel", " ", shown)
        assert not foreign.search(text), (address, foreign.search(text))


def test_whoever_is_logged_in_chooses_his_language(with_password: Hire, log_in: LogIn) -> None:
    client = log_in(with_password("assessor", labels=["patient"]))
    assert "Patientuppgifter" in page(client, "/konto/")
    answer = client.post("/konto/sprak/", {"language": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/konto/")
    assert "My account" in page(client, "/konto/")
    assert 'lang="sv"' in page(client, "/rapportera")  # a page with two addresses goes by its own
    assert 'lang="en"' in page(client, "/en/report")
    client.post("/konto/sprak/", {"language": "\x00xx"})
    assert "My account" in page(client, "/konto/")
    client.post("/konto/sprak/", {"language": "sv"})
    assert "Mitt konto" in page(client, "/konto/")
