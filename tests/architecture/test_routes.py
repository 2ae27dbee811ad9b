"""No address without a word on who may knock there (PH01: the second door, PH24: left open)."""

import pytest

from tests.architecture.routes import LIBRARIES, Route, routes
from vardkase.policy.parameter import parameter

WORDS = {"public", "signed in"}


def actions() -> set[str]:
    return set(parameter("access.actions").versions[-1].value)


@pytest.mark.parametrize("route", routes(), ids=lambda r: r.label)
def test_every_address_says_who_may_knock(route: Route) -> None:
    assert route.access, (
        f"{route.label} says nothing. A page takes @needs, @signed_in or @public from web/door.py,"
        " an API operation from api/door.py, under the router's line."
    )
    assert route.access in WORDS | actions(), f"{route.label}: {route.access!r} is no action"


def test_no_library_address_is_listed_that_is_gone() -> None:
    names = {route.name for route in routes() if route.of_library}
    assert set(LIBRARIES) == names


def test_django_s_own_admin_is_not_there() -> None:
    assert not [r.label for r in routes() if "admin:" in r.name or r.pattern.startswith("admin/")]
