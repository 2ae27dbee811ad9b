"""Roles are given by somebody else, for a time and a reason, and end without a trace being lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.conftest import LONG_AGO, NOW
from vardkase.access.actor import Actor
from vardkase.decisionlog.eyes import Second
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body
from vardkase.lib.changes import Refused
from vardkase.organisation import grants
from vardkase.organisation.models import Grant, Person, Unit
from vardkase.organisation.queries import actor_of

type Hire = Callable[..., Person]
type Act = Callable[[Person], Actor]


@pytest.mark.parametrize("giver", ["sysadmin", "ciso"])
def test_a_role_holds_in_a_unit_with_labels_and_until_its_end(
    hospital: Unit, hire: Hire, act: Act, giver: str
) -> None:
    anna, by, second = hire("reporter"), act(hire(giver)), Second(1, hire("ciso").key)
    grants.give(
        anna, "assessor", unit=hospital, labels=["patient"], until=NOW + timedelta(days=1),
        reason="Vikarie för Bo", by=by, at=NOW, second=second,
    )  # fmt: skip
    held = next(g for g in actor_of(anna, NOW).grants if g.role == "assessor")
    assert (held.unit, held.labels) == (hospital.path, {"patient"})
    assert "assessor" not in actor_of(anna, NOW + timedelta(days=1)).roles
    facts = body(Entry.objects.get(kind="grant.given"))["facts"]
    assert (facts["reason"], facts["role"]) == ("Vikarie för Bo", "assessor")
    assert facts["person"] == anna.pk


@pytest.mark.parametrize("giver", ["sysadmin", "ciso"])
def test_nobody_gives_himself_a_role(region: Unit, hire: Hire, act: Act, giver: str) -> None:
    anna = hire(giver)
    with pytest.raises(grants.ToOneself):
        grants.give(anna, "assessor", unit=region, reason="x", by=act(anna), at=NOW)
    assert Grant.objects.filter(person=anna).count() == 1


@pytest.mark.parametrize("giver", ["assessor", "incident_manager", "unit_head", "security_chief"])
def test_giving_roles_is_not_everyones(region: Unit, hire: Hire, act: Act, giver: str) -> None:
    with pytest.raises(PermissionDenied):
        grants.give(hire("reporter"), "ciso", unit=region, reason="x", by=act(hire(giver)), at=NOW)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("role", {"role": "system"}),
        ("role", {"role": "anonymous"}),
        ("role", {"role": "emperor"}),
        ("labels", {"labels": ["secret"]}),
        ("until", {"until": NOW}),
        ("until", {"since": NOW + timedelta(days=2), "until": NOW + timedelta(days=1)}),
        ("reason", {"reason": " "}),
    ],
)
def test_what_cannot_be_granted_is_said_at_its_field(
    region: Unit, hire: Hire, act: Act, field: str, given: dict[str, object]
) -> None:
    terms = {"role": "assessor", "reason": "x"} | given
    with pytest.raises(Refused) as refused:
        grants.give(hire("reporter"), unit=region, by=act(hire("sysadmin")), at=NOW, **terms)  # type: ignore[arg-type]
    assert list(refused.value.errors) == [field]


def test_an_ended_grant_stays_as_a_row(region: Unit, hire: Hire, act: Act) -> None:
    bo, by = hire("assessor"), act(hire("sysadmin"))
    held = Grant.objects.get(person=bo)
    grants.end(held, reason="Slutar", by=by, at=NOW)
    held.refresh_from_db()
    assert (held.since, held.until) == (LONG_AGO, NOW)
    assert "assessor" not in actor_of(bo, NOW).roles
    with pytest.raises(Refused):
        grants.end(held, reason="Slutar", by=by, at=NOW)


def test_the_last_administrator_stays(region: Unit, hire: Hire, act: Act) -> None:
    anna, boss = hire("sysadmin"), act(hire("ciso"))
    with pytest.raises(Refused):
        grants.end(Grant.objects.get(person=anna), reason="x", by=boss, at=NOW)
    hire("sysadmin")
    grants.end(Grant.objects.get(person=anna), reason="x", by=boss, at=NOW)
