"""Tokens: shown once, kept as fingerprints, with an end, and never more than the giver holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body
from vardkase.organisation import tokens
from vardkase.organisation.models import Person, Token, Unit
from vardkase.organisation.queries import actor_of_token

type Act = Callable[[Person], Actor]
SYSTEM = Actor.system(NOW)


def test_a_token_acts_in_its_role_and_unit_until_it_ends(hospital: Unit) -> None:
    token, secret = tokens.create(
        tokens.Wanted("Zabbix", "integration", hospital, days=10), by=SYSTEM, at=NOW
    )
    actor = actor_of_token(secret, NOW)
    assert actor is not None
    assert [(g.role, g.unit) for g in actor.grants] == [("integration", hospital.path)]
    assert actor_of_token(secret, NOW + timedelta(days=10)) is None
    tokens.revoke(token, by=SYSTEM, at=NOW + timedelta(days=1))
    assert actor_of_token(secret, NOW + timedelta(days=1)) is None


def test_the_secret_is_nowhere_but_in_the_answer(region: Unit) -> None:
    _, secret = tokens.create(tokens.Wanted("x", "integration", region), by=SYSTEM, at=NOW)
    entry = Entry.objects.get(kind="token.created")
    assert len(secret) * 6 >= 128
    assert secret not in str(body(entry)) + str(Token.objects.values().get())


def test_every_token_ends(region: Unit) -> None:
    token, _ = tokens.create(tokens.Wanted("x", "integration", region), by=SYSTEM, at=NOW)
    assert token.expires_at == NOW + timedelta(days=365)
    with pytest.raises(tokens.TooLong):
        tokens.create(tokens.Wanted("x", "integration", region, days=731), by=SYSTEM, at=NOW)
    with pytest.raises(tokens.TooLong):
        tokens.create(tokens.Wanted("x", "integration", region, days=-1), by=SYSTEM, at=NOW)


@pytest.mark.parametrize("role", ["system", "anonymous", "emperor"])
def test_some_roles_are_no_token_s(region: Unit, role: str) -> None:
    with pytest.raises(tokens.UnknownRole):
        tokens.create(tokens.Wanted("x", role, region), by=SYSTEM, at=NOW)


def test_an_administrator_makes_no_key_to_the_cases(hire: Hire, act: Act, region: Unit) -> None:
    """He reads no case himself, so no token of his does (security.md, section 4, rule 7)."""
    admin = act(hire("sysadmin"))
    assert set(tokens.given_by(admin, region, NOW)) == {"integration", "reporter", "sysadmin"}
    for role in ("assessor", "ciso", "security_chief"):
        with pytest.raises(PermissionDenied):
            tokens.create(tokens.Wanted("x", role, region), by=admin, at=NOW)
    tokens.create(tokens.Wanted("Larm", "integration", region), by=admin, at=NOW)


def test_who_manages_no_tokens_makes_none(hire: Hire, act: Act, region: Unit) -> None:
    with pytest.raises(PermissionDenied):
        tokens.create(tokens.Wanted("x", "integration", region), by=act(hire("ciso")), at=NOW)
