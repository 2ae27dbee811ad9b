"""PH25: MISP CVE-2022-29534 (`Accept: json` skipped the password): one path, however one asks."""

import pytest
from django.test import Client

from tests.architecture.routes import routes
from tests.architecture.sweep.ask import PARAMETER
from vardkase.organisation.models import Unit

ASKED = (
    {"Accept": "application/json"},
    {"Accept": "*/*;q=0.1, text/xml"},
    {"HX-Request": "true"},
    {"X-Requested-With": "XMLHttpRequest"},
    {"X-HTTP-Method-Override": "GET"},
    {"X-Forwarded-User": "anna", "X-Remote-User": "anna", "Remote-User": "anna"},
    {"X-Original-URL": "/health", "X-Rewrite-URL": "/health"},
)


@pytest.mark.parametrize("headers", ASKED, ids=lambda h: next(iter(h)))
def test_a_stranger_is_a_stranger_however_he_asks(region: Unit, headers: dict[str, str]) -> None:
    nobody = Client()
    for route in dict.fromkeys(routes()):
        if route.access == "public" or route.of_library:
            continue
        url = "/" + PARAMETER.sub("1", route.pattern)
        for method in {"GET", route.method}:
            got = getattr(nobody, method.lower())(url, headers=headers).status_code
            assert got in ({401, 405} if route.is_api else {302}), (method, url)
