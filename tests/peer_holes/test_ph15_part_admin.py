"""PH15, a part becomes the whole: MISP CVE-2026-44380, DefectDojo GHSA-43f3, Cortex
CVE-2018-20226, Dispatch a889722d2. Every act on an account is tried by every role on every role."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from tests.accounts.conftest import LogIn
from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.decisionlog.eyes import Second
from vardkase.organisation import accounts, grants, tokens
from vardkase.organisation.account_queries import accounts as managed
from vardkase.organisation.models import Person, Unit
from vardkase.policy.parameter import DATA, overlay, parameter

type Act = Callable[[Person], Actor]
ROLES = [code for code, row in parameter("roles").at(NOW).value.items() if row["grantable"]]
BO = Second(1, "p0")  # asked elsewhere: here it is the asker's own leave that is tried
ACTS: dict[str, Callable[[Person, Actor], object]] = {
    "invite": lambda p, by: accounts.invite_again(p, by=by, at=NOW, second=BO),
    "reset": lambda p, by: accounts.reset(p, second_factors=True, by=by, at=NOW, second=BO),
    "disable": lambda p, by: accounts.disable(p, reason="x", by=by, at=NOW),
    "enable": lambda p, by: accounts.enable(p, reason="x", by=by, at=NOW),
}


def does(act: str, target: Person, by: Actor) -> bool:
    try:
        ACTS[act](target, by)
    except PermissionDenied:
        return False
    return True


@pytest.mark.parametrize("role", ROLES)
def test_only_an_administrator_touches_accounts(
    hire: Hire, act: Act, region: Unit, role: str
) -> None:
    hire("sysadmin")
    by = act(hire(role))
    for target in ROLES:
        for deed in ACTS:
            assert does(deed, hire(target), by) == (role == "sysadmin"), (role, deed, target)


@pytest.fixture
def heads_administer(tmp_path: Path) -> Iterator[None]:
    """An organisation that lets heads of administration look after accounts in their own part."""
    shutil.copytree(DATA / "access", tmp_path / "access")
    matrix = tmp_path / "access" / "matrix.toml"
    head, tail = matrix.read_text().split("[version.value.roles.unit_head]")
    matrix.write_text(
        head
        + "[version.value.roles.unit_head]"
        + tail.replace('admin_users      = "-"', 'admin_users      = "U"', 1)
    )
    delegation = (DATA / "delegation.toml").read_text()
    kinds = "".join(f'  "person.{k}",\n' for k in ("invited", "reset", "disabled", "enabled"))
    (tmp_path / "delegation.toml").write_text(
        delegation.replace("unit_head = [\n", "unit_head = [\n" + kinds)
    )
    overlay(tmp_path)
    yield
    overlay(None)


def test_who_administers_a_part_reaches_nobody_beyond_it(
    heads_administer: None, hire: Hire, act: Act, region: Unit, hospital: Unit, archive: Unit
) -> None:
    hire("sysadmin")
    by = act(hire("unit_head", hospital))
    assert does("reset", hire("assessor", hospital), by)
    for deed in ACTS:
        assert not does(deed, hire("assessor", archive), by)
        assert not does(deed, hire("assessor", region), by)


def test_a_wider_role_protects_whoever_sits_in_the_part(
    heads_administer: None, hire: Hire, act: Act, region: Unit, hospital: Unit
) -> None:
    """Else the head resets the chief's login, and reads what the chief may read."""
    hire("sysadmin")
    by, chief = act(hire("unit_head", hospital)), hire("handler", hospital)
    grants.give(chief, "ciso", unit=region, reason="x", by=Actor.system(NOW), at=NOW)
    for deed in ACTS:
        assert not does(deed, chief, by)
    assert chief not in managed(by)
    assert by.person in {person.pk for person in managed(by)}


def test_nobody_gives_himself_a_role(hire: Hire, act: Act, region: Unit) -> None:
    me = hire("sysadmin")
    with pytest.raises(PermissionDenied):
        grants.give(me, "ciso", unit=region, reason="x", by=act(me), at=NOW)


@pytest.mark.parametrize("role", ROLES)
def test_a_token_never_opens_more_than_its_maker_has(
    hire: Hire, act: Act, region: Unit, hospital: Unit, role: str
) -> None:
    """Whatever role may make tokens one day: none wider, elsewhere, or cleared for more."""
    by, matrix = act(hire(role, hospital)), parameter("access.matrix").at(NOW).value["roles"]
    free = set(parameter("access.tokens").at(NOW).value["alone"])
    for unit in (hospital, region):
        for given in set(tokens.given_by(by, unit, NOW)) - free:
            for action, letter in matrix[given].items():
                held = matrix[role][action]
                assert "-OMUA".index(letter) <= "-OMUA".index(held)
                assert unit == hospital or letter == "-" or held == "A", (given, action)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"sysadmin", "integration"}))
def test_the_pages_of_administration_are_closed_to_others(
    with_password: Hire, log_in: LogIn, region: Unit, role: str
) -> None:
    target, client = with_password("assessor"), log_in(with_password(role))
    for address in ("konton", "konton/ny", f"konton/{target.pk}", "nycklar", "nycklar/ny"):
        assert client.get(f"/administration/{address}").status_code == 403
    for deed in ("lank", "nollstall", "stang", "oppna"):
        answer = client.post(f"/administration/konton/{target.pk}/{deed}", {"reason": "x"})
        assert answer.status_code == 403
