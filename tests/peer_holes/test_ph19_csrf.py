"""PH19, another site's hand: TheHive CVE-2025-48740, MISP CVE-2024-25675 (a GET that writes)."""

import re
from collections.abc import Callable
from itertools import product

import pytest
from django.test import Client

from tests.accounts.conftest import LogIn
from tests.architecture.routes import Route, routes
from tests.conftest import Hire
from vardkase.organisation.models import Person, Unit

type SignedIn = Callable[[Person], Client]

UNSAFE = ("post", "put", "patch", "delete")
PAGES = [r for r in dict.fromkeys(routes()) if not r.is_api and "(?P" not in r.pattern]
API = [route for route in dict.fromkeys(routes()) if route.is_api and not route.of_library]


def address(route: Route) -> str:
    return "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(?:str|slug|path):\w+>", "x", route.pattern))


def strict(client: Client) -> Client:
    """A client whose requests must carry the token, as every browser's must."""
    client.handler.enforce_csrf_checks = True
    return client


def test_no_page_takes_anything_without_our_token(signed_in: SignedIn, hire: Hire) -> None:
    """From a browser with a session, which is what another site's hand would use."""
    client = strict(signed_in(hire("reporter")))
    for route, method in product(PAGES, UNSAFE):
        answer = getattr(client, method)(address(route), {"x": "y"})
        assert answer.status_code == 403, (method, route.label)


def test_not_even_from_somebody_logged_in(with_password: Hire, log_in: LogIn) -> None:
    me, target = with_password("sysadmin"), with_password("assessor")
    client = strict(log_in(me))
    for deed in ("nollstall", "stang", "lank"):
        address = f"/administration/konton/{target.pk}/{deed}"
        assert client.post(address, {"reason": "x"}).status_code == 403
    assert Person.objects.get(pk=target.pk).is_active
    assert client.post("/konto/logga-ut/").status_code == 403
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_link_from_elsewhere_does_nothing(
    with_password: Hire, log_in: LogIn, method: str
) -> None:
    """Whatever is only asked for changes nothing; the watcher of every test sees to the rest."""
    me, target = with_password("sysadmin"), with_password("assessor")
    client, before = log_in(me), target.password
    for deed in ("nollstall", "stang", "lank", "oppna"):
        getattr(client, method)(f"/administration/konton/{target.pk}/{deed}", {"reason": "x"})
    getattr(client, method)("/konto/logga-ut/")
    target.refresh_from_db()
    assert (target.password, target.is_active) == (before, True)
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize("route", API, ids=lambda r: r.label)
def test_the_api_knows_no_cookie(
    with_password: Hire, log_in: LogIn, region: Unit, route: Route
) -> None:
    """So another site's script, which can only lend a cookie, gets nothing done there."""
    if route.access == "public":
        pytest.skip("open to everybody")
    client = log_in(with_password("ciso"))
    answer = getattr(client, route.method.lower())(address(route))
    assert answer.status_code == 401


def test_cookies_keep_to_our_site(with_password: Hire, log_in: LogIn) -> None:
    client = log_in(with_password("ciso"))
    for name in ("session", "csrf"):
        assert client.cookies[name]["samesite"] == "Lax"
        assert client.cookies[name]["httponly"]


def test_a_refused_form_never_shows_a_password_again(with_password: Hire, log_in: LogIn) -> None:
    """The page of a form that was too old shows what was written, but none of this."""
    client = strict(log_in(with_password("assessor")))
    old, new = "min hemliga mening ett", "min hemliga mening två"
    form = {"oldpassword": old, "password1": new, "password2": new, "credential": '{ "id": 1 }'}
    for path in ("/konto/losenord/", "/konto/skydd/passkeys/ny/"):
        shown = client.post(path, form).content.decode()
        assert "hemliga" not in shown
        assert "&quot;id&quot;" not in shown
