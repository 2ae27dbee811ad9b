"""What people and programs are told while the database is away (F05, F06)."""

import errno

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import RequestFactory

from vardkase.api.problems import outage
from vardkase.web.errors import failed


def page_after(error: Exception) -> tuple[int, str]:
    request: HttpRequest = RequestFactory().get("/")
    try:
        raise error
    except type(error):
        answer = failed(request)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    "error", [OperationalError("away"), OSError(errno.ENOSPC, "No space left on device")]
)
def test_an_outage_is_said_without_asking_the_database(error: Exception) -> None:
    status, page = page_after(error)
    assert status == 503
    assert "Det du skickade sparades inte" in page
    answer = outage(RequestFactory().get("/api/v1/events"), error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def test_a_fault_of_ours_is_no_outage() -> None:
    with pytest.raises(FileNotFoundError):
        outage(RequestFactory().get("/api/v1/events"), FileNotFoundError("mislaid"))
