"""PH26, sent elsewhere: MISP CVE-2026-10856 (`/\\host`), RT CVE-2022-25803."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.accounts.conftest import SECRET
from tests.conftest import Hire

ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "/\\/evil.example", "http:evil.example", "http:///evil.example",
    "javascript:alert(1)", "data:text/html,x", " //evil.example", "\t//evil.example",
    "/\t/evil.example", "https:/evil.example", "//evil.example%2f@testserver", "evil.example",
    "https://testserver.evil.example", "https://testserver@evil.example", "/%09/evil.example",
    "http://localhost/", "//localhost/", "/\n//evil.example", "\x00//evil.example",
    "/%5cevil.example",
    "http://[::1]/", "http://[evil", "//[evil", "https://evil.example\\@testserver/",
]  # fmt: skip


def stays(location: str) -> bool:
    """Whether a browser that is sent to `location` stays with us."""
    seen = location.strip().replace("\\", "/").replace("\t", "").replace("\n", "")
    return seen.startswith("/") and not seen.startswith("//") and not urlsplit(seen).netloc


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_elsewhere(with_password: Hire, elsewhere: str) -> None:
    anna = with_password("assessor")
    form = {"login": anna.username, "password": SECRET, "next": elsewhere}
    client = Client()
    locations = [
        client.post("/konto/logga-in/", form),
        client.get("/konto/logga-in/", {"next": elsewhere}),  # who is in is sent on at once
        client.post("/konto/bekrafta/", {"password": SECRET, "next": elsewhere}),
        client.post("/konto/logga-ut/", {"next": elsewhere}),
        Client().post("/konto/logga-in/", form, query_params={"next": elsewhere}),
    ]
    for answer in locations:
        assert answer.status_code == 302, answer.content.decode()[:2000]
        assert stays(answer.headers["Location"]), answer.headers["Location"]


def test_one_of_our_own_pages_is_where_one_comes_back(with_password: Hire) -> None:
    anna = with_password("assessor")
    form = {"login": anna.username, "password": SECRET, "next": "/konto/skydd/?a=1"}
    answer = Client().post("/konto/logga-in/", form)
    assert answer.headers["Location"] == "/konto/skydd/?a=1"
