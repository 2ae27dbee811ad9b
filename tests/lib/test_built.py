"""A statement is built once, and each asking fills in its own values."""

from typing import Any

from django.db import connection
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


def test_a_question_gives_models_with_what_they_point_at(region: Unit, hospital: Unit) -> None:
    one = Built(lambda: Unit.objects.filter(pk=Blank("pk")).select_related("parent").defer("email"))
    (found,) = one.objects(pk=hospital.pk)
    assert (found, found.name, found.parent.name) == (hospital, hospital.name, region.name)
    assert one.objects(pk=0) == []
    assert found.get_deferred_fields() == {"email"}


def test_a_percent_sign_that_is_always_asked_for_stays_one(region: Unit) -> None:
    region.name = "100 %s"
    region.save()
    known = Built(lambda: Unit.objects.filter(name="100 %s", pk=Blank("pk")).values_list("pk"))
    assert known.rows(pk=region.pk) == [(region.pk,)]


def test_the_database_plans_it_once_for_a_connection(region: Unit) -> None:
    planned = (
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%organisation_unit%'"
    )
    named = Built(lambda: Unit.objects.filter(name=Blank("name")).values_list("pk", "phone"))
    anew = Built(
        lambda: Unit.objects.filter(path=Blank("path")).values_list("pk"), planned_anew=True
    )
    counts = []
    for name in ("", "a", "b"):
        named.rows(name=name), anew.rows(path=name)
        with connection.cursor() as cursor:
            cursor.execute(planned)
            counts.append(cursor.fetchone()[0])
    assert counts == [counts[0]] * 3
    assert counts[0] > 0
