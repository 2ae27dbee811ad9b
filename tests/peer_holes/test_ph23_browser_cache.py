"""PH23, what a browser keeps: RT CVE-2024-3262, Zammad CVE-2020-10096."""

import pytest
from django.test import Client

from tests.accounts.conftest import LogIn
from tests.architecture.routes import Route, routes
from tests.conftest import Hire
from tests.peer_holes.test_ph19_csrf import address
from vardkase.organisation.models import Unit

ALL = list(dict.fromkeys(routes()))


@pytest.mark.parametrize("route", ALL, ids=lambda r: r.label)
def test_no_answer_is_kept(client: Client, region: Unit, route: Route) -> None:
    answer = client.get(address(route))
    assert answer.headers["Cache-Control"] == "no-store", answer.status_code
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_nor_are_the_pages_of_somebody_logged_in(with_password: Hire, log_in: LogIn) -> None:
    client = log_in(with_password("sysadmin"))
    for path in ("/konto/", "/konto/skydd/", "/administration/konton", "/administration/nycklar"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
