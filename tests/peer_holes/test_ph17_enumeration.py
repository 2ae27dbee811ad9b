"""PH17, who has an account: TheHive SB-2023-005, iTop CVE-2024-51739, RT CVE-2021-38562."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.accounts.conftest import LogIn
from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.organisation import accounts, links
from vardkase.organisation.models import Person, Unit
from vardkase.web.accounts import hashing

type Persons = dict[str, str]


@pytest.fixture
def names(with_password: Hire, hire: Hire) -> Persons:
    """Login names of every kind, and one that nobody has."""
    with_password("sysadmin")
    closed, invited, empty = with_password("handler"), hire("handler"), hire("handler")
    system = Actor.system(timezone.now())
    accounts.disable(closed, reason="x", by=system, at=timezone.now())
    accounts.invite_again(invited, by=system, at=timezone.now())
    empty.set_unusable_password()
    empty.save()
    return {
        "known": with_password("assessor").username,
        "closed": closed.username,
        "invited": invited.username,
        "without a login": empty.username,
        "unknown": "nobody.at.all",
    }


def told(text: str) -> str:
    """A page without what differs from one time to the next."""
    plain = re.sub(r'value="[^"]*"|data-now="[^"]*"|nonce-[\w-]+', "", text)
    return re.sub(r"[\w.]+@?[\w.]*handler[\w.]*", "", plain)


def test_a_wrong_password_is_answered_alike(
    names: Persons, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same page, the same number of statements, and one hash, whoever was asked for."""
    hashes = 0
    turn = hashing.turn

    def counted() -> Any:
        nonlocal hashes
        hashes += 1
        return turn()

    monkeypatch.setattr(hashing, "turn", counted)
    seen = set()
    for name in names.values():
        hashes = 0
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post("/konto/logga-in/", {"login": name, "password": "fel"})
        seen.add((answer.status_code, told(answer.content.decode()), len(queries), hashes))
    assert len(seen) == 1, [row[2:] for row in seen]
    assert seen.pop()[3] == 1


def test_a_dead_link_tells_nothing_of_its_life(region: Unit, hire: Hire) -> None:
    """Unknown, used, withdrawn, old, of a closed account: one and the same answer."""
    at, system = timezone.now(), Actor.system(timezone.now())
    hire("sysadmin")

    def invited() -> tuple[Person, str]:
        person = hire("handler")
        return person, accounts.invite_again(person, by=system, at=at)

    used, withdrawn, closed = invited(), invited(), invited()
    accounts.open_account(links.find(used[1], at).pk, "en mening om ingenting", at)
    links.withdraw(withdrawn[0], at)
    accounts.disable(closed[0], reason="x", by=system, at=at)
    _, old = invited()
    answers = [Client().get(f"/valkommen/{s}") for s in ("x", used[1], withdrawn[1], closed[1])]
    with time_machine.travel(at + timedelta(days=8)):
        answers.append(Client().get(f"/valkommen/{old}"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({told(answer.content.decode()) for answer in answers}) == 1


def test_an_account_that_is_not_there_is_the_same_as_none(
    with_password: Hire, log_in: LogIn
) -> None:
    client = log_in(with_password("sysadmin"))
    assert client.get("/administration/konton/999999999").status_code == 404
    assert client.get(f"/administration/konton/{2**70}").status_code == 404


def test_a_link_leaves_the_address_before_a_password_is_typed(region: Unit, hire: Hire) -> None:
    """Whoever looks over the shoulder, or in the history, sees no live link."""
    person, at = hire("handler"), timezone.now()
    secret = accounts.invite_again(person, by=Actor.system(at), at=at)
    answer = Client().get(f"/valkommen/{secret}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/valkommen/")
    assert secret not in answer.content.decode()


def test_hashing_keeps_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crowd waits in a short line; whoever comes after is asked to come again."""
    monkeypatch.setattr(hashing, "PATIENCE", 0.05)
    hasher: Callable[[str, str], str] = hashing.Argon2().encode
    with hashing.turn(), pytest.raises(hashing.Busy):
        hasher("x", "0123456789abcdef")
    assert hasher("x", "0123456789abcdef").startswith("argon2$argon2id$")


def test_a_crowd_at_the_login_gets_a_page(
    region: Unit, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "PATIENCE", 0.05)
    with hashing.turn():
        answer = client.post("/konto/logga-in/", {"login": "anna", "password": "x"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Många loggar in" in answer.content.decode()
