"""PH05: IRIS CVE-2026-42539, DefectDojo GHSA-8q8j, Dispatch CVE-2023-40171: whole rows shown."""

import logging

import pytest
from django.conf import settings

from tests.architecture.sweep.world import World, build
from tests.peer_holes.pages import readable, text
from vardkase.organisation.models import Person, Token

ROLES = ("sysadmin", "security_chief", "reporter")


@pytest.fixture
def world(db: None, caplog: pytest.LogCaptureFixture) -> World:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    made = build()
    made.colleague.set_password("canary-password")
    made.colleague.save()
    made.plain.code_digest, made.plain.once = "c0de" * 16, "0ce0" * 16
    made.plain.save()
    return made


def test_no_page_shows_a_secret_or_its_fingerprint(world: World) -> None:
    hashed = Person.objects.get(pk=world.colleague.pk).password
    secrets = {
        "password": hashed, "salt": hashed.split("$")[-2], "token": Token.objects.get().digest,
        "code": "c0de" * 16, "once": "0ce0" * 16, "key": settings.SECRET_KEY,
        "session": world.client.cookies[settings.SESSION_COOKIE_NAME].value,
    }  # fmt: skip
    for role in ROLES:
        world.employ(role, ("patient",))
        for url, answer in readable(world, world.plain):
            shown = text(answer)
            assert not [name for name, secret in secrets.items() if secret in shown], (role, url)
