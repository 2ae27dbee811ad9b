"""A statement is built once, and each asking fills in its own values."""

from typing import Any

from django.db.models import QuerySet

from vardkase.lib.built import AnyOf, Blank, Built
from vardkase.organisation.models import Unit


def under(built: list[str]) -> QuerySet[Unit, Any]:
    built.append("once")
    return Unit.objects.filter(parent=Blank("above")).order_by("name").values_list("name")


def test_it_is_built_once_and_asked_with_other_values(region: Unit, hospital: Unit) -> None:
    built: list[str] = []
    parts = Built(lambda: under(built))
    assert (hospital.name,) in parts.rows(above=hospital.parent_id)
    assert parts.rows(above=0) == []
    assert built == ["once"]


def test_what_is_given_stays_a_value(region: Unit) -> None:
    named = Built(lambda: Unit.objects.filter(name=Blank("name")).values_list("pk"))
    assert named.rows(name=region.name) == [(region.pk,)]
    assert named.rows(name="' OR true --") == []
    assert named.rows(name="%s") == []


def test_a_list_may_be_empty(region: Unit, hospital: Unit) -> None:
    some = Built(lambda: Unit.objects.filter(AnyOf("pk", "ids")).values_list("pk").order_by())
    assert some.rows(ids=[]) == []
    assert sorted(some.rows(ids=[region.pk, hospital.pk])) == sorted([(region.pk,), (hospital.pk,)])
