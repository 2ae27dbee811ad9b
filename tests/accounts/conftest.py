"""Somebody who really logs in: with a password, through the page."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import Hire
from vardkase.organisation.models import Person

SECRET = "en lång mening om ingenting"
type LogIn = Callable[..., Client]


@pytest.fixture
def log_in() -> LogIn:
    def client_of(person: Person, secret: str = SECRET) -> Client:
        client = Client()
        answer = client.post("/konto/logga-in/", {"login": person.username, "password": secret})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return client_of


@pytest.fixture
def with_password(hire: Hire) -> Hire:
    """As `hire`, and able to log in with `SECRET`."""

    def hire_one(*args: object, **more: object) -> Person:
        person = hire(*args, **more)
        person.set_password(SECRET)
        person.save()
        return person

    return hire_one
