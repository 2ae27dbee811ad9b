"""A question that would hold the database is given up, and the page says what to do."""

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from vardkase.api.problems import outage
from vardkase.config.web import bound_statements
from vardkase.web.errors import failed


def given_up() -> OperationalError:
    """What Django says when PostgreSQL has waited long enough."""
    with pytest.raises(OperationalError) as caught, transaction.atomic():
        sleep()
    return caught.value


def sleep() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(5)")


def page(fault: OperationalError, method: str) -> HttpResponse:
    try:
        raise fault
    except OperationalError:
        return failed(RequestFactory().generic(method, "/sok"))


def test_whoever_asks_for_too_much_is_told_to_ask_for_less(db: None) -> None:
    fault = given_up()
    with translation.override("sv"):
        answer = page(fault, "GET")
    assert answer.status_code == 503
    assert "Det tog för lång tid" in answer.content.decode()


def test_whoever_sent_something_is_told_that_nothing_was_stored(db: None) -> None:
    fault = given_up()
    with translation.override("sv"):
        answer = page(fault, "POST")
    assert answer.status_code == 503
    assert "Det tog för lång tid" not in answer.content.decode()


def test_the_api_says_so_too(db: None) -> None:
    fault = given_up()
    assert b"Ask for less" in outage(RequestFactory().get("/api/v1/events"), fault).content
    assert b"Nothing was stored" in outage(RequestFactory().post("/api/v1/reports"), fault).content


def test_the_web_server_bounds_its_own_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"options": "-c work_mem=8MB"}
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
    bound_statements()
    assert options["options"] == "-c work_mem=8MB -c statement_timeout=10000"
