"""The frame that every page stands in: health, errors, headers, languages."""

import pytest
from django.test import Client


def test_health_says_ok(client: Client, db: None) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_a_page_that_is_not_there_says_what_to_do(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "Kontrollera adressen" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("path", "language"), [("/en/nowhere", "en"), ("/nowhere", "sv")])
def test_english_pages_lie_under_en(client: Client, db: None, path: str, language: str) -> None:
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.headers["Content-Language"] == language
