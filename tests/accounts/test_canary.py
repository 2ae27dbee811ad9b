"""A canary in every secret: none is sung in a log, a table, or on a page twice (F31, PH05)."""

import logging
import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client

from tests.accounts.conftest import SECRET, LogIn
from tests.accounts.test_pages import link_on, page, send
from tests.conftest import Hire
from vardkase.organisation.models import Unit

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


class Heard:
    """Everything that a log was told, as far as an operator would ever turn it up."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.handler = logging.Handler(logging.DEBUG)
        self.handler.emit = lambda r: self.lines.append(f"{r.getMessage()} {r.__dict__}")  # type: ignore[method-assign]


@pytest.fixture
def heard() -> Iterator[Heard]:
    found, root = Heard(), logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(found.handler)
    yield found
    root.removeHandler(found.handler)
    root.setLevel(level)


def tables() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [row[0] for row in cursor.fetchall()]
        rows: list[str] = []
        for name in names:
            cursor.execute(f'SELECT t::text FROM "{name}" t')  # noqa: S608
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def test_no_secret_is_told_twice(
    with_password: Hire, log_in: LogIn, hospital: Unit, heard: Heard
) -> None:
    admin = log_in(with_password("sysadmin"))
    shown = send(admin, "/administration/konton/ny", name="Bo", username="bo", unit=hospital.pk)
    invitation = link_on(shown).rpartition("/")[2]
    bo, password = Client(), "kanariefågel i en gruva"
    page(bo, f"/valkommen/{invitation}")
    bo.post("/valkommen/", {"password1": password, "password2": password})
    seed = re.search(r'<span class="mono">(\w+)</span>', page(bo, "/konto/skydd/app/"))
    assert seed
    code = format_hotp_value(hotp_value(seed[1], int(time.time()) // 30))
    codes = re.findall(r'class="code">(\d+)<', send(bo, "/konto/skydd/app/", code=code))
    assert len(codes) == 10
    assert codes[0] not in page(bo, "/konto/skydd/reservkoder/")
    wanted = {"name": "Z", "role": "integration", "unit": hospital.pk, "days": 3}
    token = re.search(r"vk_[\w-]+", send(admin, "/administration/nycklar/ny", **wanted))
    assert token
    Client().post("/konto/logga-in/", {"login": password, "password": password})
    Client().get(f"/valkommen/{invitation}")
    cookies = [client.cookies["session"].value for client in (admin, bo)]
    secrets = [invitation, password, seed[1], *codes, token[0], SECRET, *cookies]
    sung = "\n".join(heard.lines)
    everything = tables()
    again = "".join(
        page(admin, path)
        for path in ("/administration/konton", "/administration/nycklar", "/konto/")
    )
    for secret in secrets:
        assert secret not in everything, secret
        assert secret not in again, secret
        assert secret not in sung or secret == invitation, secret
