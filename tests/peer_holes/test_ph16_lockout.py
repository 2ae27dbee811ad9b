"""PH16, around the lock: TheHive SB-2023-004, MISP CVE-2018-12649, CVE-2020-8890, -8891."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.accounts.conftest import SECRET
from tests.conftest import Hire
from vardkase.organisation.models import Person

TRIES = 5
LOGIN = "/konto/logga-in/"
WRONG = "fel"


def attempt(name: str, password: str = WRONG, client: Client | None = None, **more: str) -> bool:
    answer = (client or Client(**more)).post(LOGIN, {"login": name, "password": password})
    return answer.status_code == 302


@pytest.fixture
def anna(with_password: Hire) -> Person:
    return with_password("assessor")


def lock(person: Person) -> None:
    for _ in range(TRIES):
        assert not attempt(person.username)
    assert not attempt(person.username, SECRET)


def test_five_tries_lock_and_five_minutes_open(anna: Person) -> None:
    lock(anna)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=5)):
        assert attempt(anna.username, SECRET)


def test_a_good_login_costs_no_try(anna: Person) -> None:
    for _ in range(TRIES + 1):
        assert attempt(anna.username, SECRET)


@pytest.mark.parametrize("shift", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_clock_that_jumps_gives_no_endless_tries(anna: Person, shift: timedelta) -> None:
    """Back: the lock stands. Forward: it has passed, and five tries lock again."""
    lock(anna)
    with time_machine.travel(timezone.now() + shift):
        for _ in range(TRIES):
            attempt(anna.username)
        assert not attempt(anna.username, SECRET)


@pytest.mark.parametrize("spelt", ["ASSESSOR.0", " assessor.0 ", "ａssessor.0", "Assessor.0"])
def test_another_spelling_is_the_same_name(anna: Person, spelt: str) -> None:
    for _ in range(TRIES):
        attempt(spelt)
    assert not attempt(anna.username, SECRET)


def test_another_host_port_or_address_is_the_same_name(anna: Person) -> None:
    for number in range(TRIES):
        attempt(anna.username, SERVER_NAME="localhost", SERVER_PORT=str(8000 + number))
        attempt(anna.username, REMOTE_ADDR=f"10.0.0.{number}")
        attempt(anna.username, headers={"x-forwarded-for": f"10.1.0.{number}"})  # type: ignore[arg-type]
    assert not attempt(anna.username, SECRET)
    assert not attempt(anna.username, SECRET, REMOTE_ADDR="10.9.9.9")


def test_one_address_may_not_try_every_name(anna: Person) -> None:
    """An IPv6 network is one address, and an IPv4 address dressed as IPv6 is itself."""
    for number in range(61):
        attempt(f"nobody{number}", REMOTE_ADDR=f"2001:db8::{number:x}")
    assert not attempt(anna.username, SECRET, REMOTE_ADDR="2001:db8::ffff")
    assert attempt(anna.username, SECRET, REMOTE_ADDR="2001:db8:0:1::1")
    for number in range(61):
        attempt(f"somebody{number}", REMOTE_ADDR="::ffff:10.0.0.1")
    assert not attempt(anna.username, SECRET, REMOTE_ADDR="10.0.0.1")
    assert attempt(anna.username, SECRET, REMOTE_ADDR="::ffff:10.0.0.2")


def test_other_methods_are_no_way_round(anna: Person) -> None:
    lock(anna)
    form = {"login": anna.username, "password": SECRET}
    for method in ("put", "patch", "delete", "options", "get", "head"):
        client = Client()
        getattr(client, method)(LOGIN, form)
        assert "_auth_user_id" not in client.session


def test_a_full_cache_forgets_no_lock(anna: Person) -> None:
    """A table of bounded size that anybody may fill would let go of the lock."""
    lock(anna)
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 1_000_000
    for number in range(400):
        cache.set(f"filler-{number}", 1, 600)
    assert not attempt(anna.username, SECRET)


def test_asking_again_has_the_same_lock(anna: Person) -> None:
    client = Client()
    attempt(anna.username, SECRET, client)
    for _ in range(TRIES):
        client.post("/konto/bekrafta/", {"password": "fel"})
    shown = client.post("/konto/bekrafta/", {"password": SECRET})
    assert shown.status_code == 200
    assert "För många försök" in shown.content.decode()


def test_the_second_factor_has_a_lock_of_its_own(anna: Person) -> None:
    secret = generate_totp_secret()
    TOTP.activate(anna, secret)
    client = Client()
    assert client.post(LOGIN, {"login": anna.username, "password": SECRET}).url == "/konto/kod/"
    for number in range(TRIES):
        client.post("/konto/kod/", {"code": f"00000{number}"})
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert "För många försök" in client.post("/konto/kod/", {"code": right}).content.decode()
    assert "_auth_user_id" not in client.session


def test_a_code_works_once(anna: Person) -> None:
    secret = generate_totp_secret()
    TOTP.activate(anna, secret)
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    came_in = []
    for _ in range(2):
        client = Client()
        client.post(LOGIN, {"login": anna.username, "password": SECRET})
        client.post("/konto/kod/", {"code": right})
        came_in.append("_auth_user_id" in client.session)
    assert came_in == [True, False]
