"""Passwords: length is the rule, and what everybody tries first is refused."""

from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import ValidationError

from tests.accounts.conftest import LogIn
from tests.conftest import NOW, Hire
from vardkase.organisation.models import Person
from vardkase.organisation.passwords import is_guessable
from vardkase.policy.parameter import parameter
from vardkase.web.accounts.passwords import OwnRules

WORDS = parameter("access.passwords").at(NOW).value["words"]


@pytest.mark.parametrize(
    "password",
    [
        "Sommar2026!!", "lösenord1234", "L0senord!!!!", "qwertyuiop123", "aaaaaaaaaaaa",
        "123456789012", "198505121234", "abcdefghijkl", "P@ssw0rdP@ssw0rd", "Hösten2026??",
        "abcabcabcabc", "VinterVinter1",
    ],
)  # fmt: skip
def test_guessable(password: str) -> None:
    assert is_guessable(password, WORDS)


@pytest.mark.parametrize(
    "password",
    ["min katt äter gröna ärtor", "x8F$k2LmQ9zPv", "fyra blåa hästar", "Отличный пароль ночью"],
)
def test_not_guessable(password: str) -> None:
    assert not is_guessable(password, WORDS)


def test_the_names_of_organisation_and_person_are_guessed_first(region: object) -> None:
    anna = Person(name="Anna Bergström", username="anna.bergstrom", email="")
    for password in ("Region-Exempel-2026", "AnnaBergström99", "anna.bergstrom1!"):
        with pytest.raises(ValidationError):
            OwnRules().validate(password, anna)
    OwnRules().validate("en mening om sju höns", anna)


def test_length_is_the_only_other_rule(region: object) -> None:
    with pytest.raises(ValidationError):
        OwnRules().validate("xkwqvbnzmfr")
    OwnRules().validate("xkwqvbnzmfrh")


REAL = "vardkase.web.accounts.hashing.Argon2"


def test_a_kept_password_costs_46_mib_and_two_passes_to_try(
    settings: Any, with_password: Hire, log_in: LogIn
) -> None:
    """Above the least of OWASP's cheat sheet; the rest of the suite is spared this."""
    settings.PASSWORD_HASHERS = [REAL]
    anna = with_password("assessor")
    assert anna.password.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert not identify_hasher(anna.password).must_update(anna.password)
    log_in(anna)
