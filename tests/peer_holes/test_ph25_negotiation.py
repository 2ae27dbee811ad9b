"""PH25, one question in two forms: MISP CVE-2022-29534 (`Accept: json` skipped the password)."""

import pytest
from django.conf import settings
from django.test import Client

from tests.accounts.conftest import SECRET
from tests.conftest import Hire
from vardkase.organisation.models import Person

ASKED = [
    {"accept": "application/json"},
    {"accept": "text/plain"},
    {"accept": "*/*", "x-requested-with": "XMLHttpRequest"},
    {"hx-request": "true"},
]
type Headers = dict[str, str]


@pytest.mark.parametrize("headers", ASKED, ids=str)
def test_a_login_is_a_login_however_it_is_asked_for(with_password: Hire, headers: Headers) -> None:
    anna = with_password("assessor")
    for password in ("fel", SECRET):
        form = {"login": anna.username, "password": password}
        plain = Client().post("/konto/logga-in/", form)
        asked = Client().post("/konto/logga-in/", form, headers=headers)
        assert asked.status_code == plain.status_code
        assert asked.headers["Content-Type"] == plain.headers["Content-Type"]


@pytest.mark.parametrize("headers", ASKED, ids=str)
def test_nobody_skips_the_second_question(with_password: Hire, headers: Headers) -> None:
    """Acts that ask again who is there ask it of every kind of request."""
    target, client = with_password("assessor"), Client()
    client.force_login(with_password("sysadmin"), backend=settings.AUTHENTICATION_BACKENDS[0])
    for path in (f"konton/{target.pk}/nollstall", f"konton/{target.pk}/stang", "konton/ny"):
        answer = client.post(f"/administration/{path}", {"reason": "x"}, headers=headers)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/konto/bekrafta/?next=")
    assert Person.objects.get(pk=target.pk).has_usable_password()


@pytest.mark.parametrize("headers", ASKED, ids=str)
def test_strangers_are_strangers(hire: Hire, headers: Headers) -> None:
    hire("sysadmin")
    for path in ("/konto/", "/administration/konton", "/administration/nycklar", "/konto/skydd/"):
        assert Client().get(path, headers=headers).status_code == 302
