"""PH13, sessions: Zammad CVE-2026-102489, CVE-2020-26030, GLPI CVE-2024-50339."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.conftest import Hire
from vardkase.lib.ids import fingerprint
from vardkase.lib.models import Session
from vardkase.lib.sessions import SessionStore, end_sessions, sessions_of
from vardkase.organisation.models import Person

type SignIn = Callable[[Person], Client]

IDLE = timedelta(seconds=settings.SESSION_COOKIE_AGE)
LONGEST = timedelta(seconds=settings.SESSION_LONGEST)


def cookie(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_the_table_holds_no_cookie(hire: Hire, signed_in: SignIn) -> None:
    anna = hire("assessor")
    client = signed_in(anna)
    row = Session.objects.get()
    assert row.pk == fingerprint(cookie(client))
    assert cookie(client) not in str(list(Session.objects.values_list()))
    assert row.person == anna.pk


def test_a_fingerprint_from_a_stolen_table_opens_nothing(hire: Hire, signed_in: SignIn) -> None:
    signed_in(hire("assessor"))
    thief = SessionStore(Session.objects.get().pk)
    assert dict(thief.items()) == {}


def test_a_session_ends_when_nobody_is_there(hire: Hire, signed_in: SignIn) -> None:
    key = cookie(signed_in(hire("assessor")))
    with time_machine.travel(timezone.now() + IDLE - timedelta(seconds=5)):
        assert "_auth_user_id" in SessionStore(key)
    with time_machine.travel(timezone.now() + IDLE + timedelta(seconds=5)):
        assert "_auth_user_id" not in SessionStore(key)


def test_a_session_ends_at_last_however_busy(hire: Hire, signed_in: SignIn) -> None:
    key, began = cookie(signed_in(hire("assessor"))), timezone.now()
    for step in range(1, int(LONGEST / IDLE) * 2):
        with time_machine.travel(began + step * IDLE / 2):
            SessionStore(key).save()
    with time_machine.travel(began + LONGEST + timedelta(seconds=5)):
        assert "_auth_user_id" not in SessionStore(key)


def test_ending_a_persons_sessions_leaves_others_alone(hire: Hire, signed_in: SignIn) -> None:
    anna, bo = hire("assessor"), hire("handler")
    for person in (anna, anna, bo):
        signed_in(person)
    assert end_sessions(anna.pk) == 2
    assert [s.person for s in Session.objects.all()] == [bo.pk]
    assert not sessions_of(anna.pk, timezone.now()).exists()
