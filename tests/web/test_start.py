"""The first page leads each to where his work begins."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import Hire
from vardkase.organisation.models import Person, Unit


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("assessor", "/att-bedoma"),
        ("handler", "/arenden"),
        ("sysadmin", "/konto/"),
        ("reporter", "/konto/"),
    ],
)
def test_who_is_in_goes_to_his_work(
    hire: Hire, signed_in: Callable[[Person], Client], role: str, place: str
) -> None:
    assert signed_in(hire(role)).get("/").headers["Location"] == place


def test_a_stranger_may_report(client: Client, region: Unit) -> None:
    answer = client.get("/", follow=True)
    assert (answer.status_code, answer.redirect_chain) == (200, [("/rapportera", 302)])


def test_before_the_first_day_it_says_how_to_begin(client: Client, db: None) -> None:
    assert "vardkase setup-link" in client.get("/").content.decode()
