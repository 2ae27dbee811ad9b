"""PH18, secrets that can be guessed or used twice: iTop CVE-2022-39216, -39214, Zammad
CVE-2024-33668."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

import vardkase
from tests.conftest import Hire
from vardkase.access.actor import Actor
from vardkase.lib.ids import CODE_CHARACTERS, new_secret
from vardkase.lib.sessions import SessionStore
from vardkase.organisation import accounts, links, tokens
from vardkase.organisation.models import Unit
from vardkase.organisation.setup import new_setup_token

SOURCE = Path(vardkase.__file__).parent
PASSWORD = "en mening om ingenting"
MADE_UP = {"seed", "sample"}  # folders of invented events, where nothing is secret


def test_nothing_secret_comes_from_the_random_module() -> None:
    """Only the system's own source (`secrets`) makes what must not be guessed."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert "random" not in names or path.parent.name in MADE_UP, path


def test_every_secret_has_128_bits_or_more(region: Unit) -> None:
    at, system = timezone.now(), Actor.system(timezone.now())
    _, token = tokens.create(tokens.Wanted("x", "integration", region), by=system, at=at)
    session = SessionStore()
    session.create()
    assert len(new_secret()) * 6 >= 256
    assert (len(token) - len(tokens.PREFIX)) * 6 >= 256
    assert len(session.session_key or "") * 5 >= 128  # 36 signs: 5.17 bits each
    assert CODE_CHARACTERS * 5 >= 128


def test_ten_thousand_secrets_differ() -> None:
    assert len({new_secret() for _ in range(10_000)}) == 10_000


def test_a_link_is_used_once_even_by_two_at_a_time(hire: Hire) -> None:
    at, person = timezone.now(), hire("handler")
    secret = accounts.invite_again(person, by=Actor.system(at), at=at)
    first, second = Client(), Client()
    for client in (first, second):
        assert client.get(f"/valkommen/{secret}").status_code == 302
    form = {"password1": PASSWORD, "password2": PASSWORD}
    assert first.post("/valkommen/", form).status_code == 302
    other = {"password1": "en annan mening alls", "password2": "en annan mening alls"}
    assert second.post("/valkommen/", other).status_code == 404
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_refused_password_leaves_the_link_alive(hire: Hire) -> None:
    at, person = timezone.now(), hire("handler")
    secret = accounts.invite_again(person, by=Actor.system(at), at=at)
    client = Client()
    client.get(f"/valkommen/{secret}")
    for form in ({"password1": "kort", "password2": "kort"}, {"password1": PASSWORD}):
        assert client.post("/valkommen/", form).status_code == 422
    form = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/valkommen/", form).status_code == 302


@pytest.mark.parametrize("use", ["invite", "reset", "setup"])
def test_every_link_grows_old(region: Unit, hire: Hire, use: str) -> None:
    at = timezone.now()
    secret = links.make(None if use == "setup" else hire("handler"), use, at)
    founding = use == "setup"
    assert links.find(secret, at, founding=founding)
    with pytest.raises(links.DeadLink):
        links.find(secret, at + timedelta(days=8), founding=founding)


def test_the_setup_link_is_made_anew_at_each_start(db: None) -> None:
    at = timezone.now()
    assert new_setup_token(at) != new_setup_token(at)
