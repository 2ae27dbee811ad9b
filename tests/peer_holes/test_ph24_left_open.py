"""PH24, doors left open: Zammad CVE-2026-34723, iTop CVE-2026-34949, -2024-32870, CISO Assistant
787757fff."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.accounts.test_pages import ANSWERS
from vardkase.organisation.models import Organisation, Person, Unit
from vardkase.organisation.setup import new_setup_token


def test_once_founded_the_setup_is_gone(client: Client, db: None) -> None:
    """The page, the link that founded, a link of an earlier start, and whoever was half-way."""
    earlier = new_setup_token(timezone.now())
    secret = new_setup_token(timezone.now())
    half_way = Client()
    for visitor in (client, half_way):
        assert visitor.get(f"/start/{secret}").status_code == 302
    assert client.post("/start/", ANSWERS).status_code == 302
    for visitor in (client, half_way, Client()):
        for path in ("/start/", f"/start/{secret}", f"/start/{earlier}", "/start/x", "/start/x/y"):
            assert visitor.get(path).status_code == 404, path
            assert visitor.post(path, ANSWERS | {"username": "mallory"}).status_code in (404, 405)
    assert Organisation.objects.count() == Person.objects.count() == 1


def test_without_the_link_there_is_no_setup(client: Client, db: None) -> None:
    for path in ("/start/", "/start/x"):
        assert client.get(path).status_code == 404
    assert client.post("/start/", ANSWERS).status_code == 404
    assert not Organisation.objects.exists()


GONE = [
    "konto/signup/", "konto/email/", "konto/password/reset/", "konto/password/set/",
    "konto/confirm-email/", "konto/confirm-email/x/", "konto/password/reset/key/1-x/",
    "konto/login/code/confirm/", "konto/login/", "konto/2fa/", "konto/social/login/cancelled/",
    "konto/3rdparty/", "accounts/login/", "accounts/signup/", "login/", "signup/", "register",
    "admin/", "admin/login/", "__debug__/", "silk/", "api/v1/docs", "api/docs", "graphql",
    "install", "setup", "setup/", ".env", ".git/config", "static/../settings.py", "media/x",
    "metrics", "debug", "phpinfo.php", "_allauth/browser/v1/config",
    ".well-known/openid-configuration",
]  # fmt: skip


@pytest.mark.parametrize("path", GONE)
def test_what_we_do_not_use_is_not_there(client: Client, region: Unit, path: str) -> None:
    for method in ("get", "post"):
        answer = getattr(client, method)(f"/{path}")
        assert answer.status_code in (301, 404), path
        if answer.status_code == 301:  # a slash too few, and then nothing
            assert client.get(answer.headers["Location"]).status_code == 404


def test_nobody_signs_himself_up(client: Client, region: Unit) -> None:
    form = {"username": "mallory", "password1": "en mening utan mening", "password2": "en mening"}
    for path in ("konto/signup/", "konto/logga-in/", "konto/"):
        client.post(f"/{path}", form)
    assert not Person.objects.exists()


def test_debug_is_off_unless_asked_for() -> None:
    assert not settings.DEBUG
    assert "vardkase.web.middleware.headers" in settings.MIDDLEWARE
