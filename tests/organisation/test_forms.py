"""The forms change what they list and nothing else, keep what was written, see who was first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests.world import World, build
from vardkase.decisionlog.models import Entry
from vardkase.organisation.models import Grant, Person, Team, Unit

FORMS = {
    "unit-edit": {"name": "Nytt namn", "phone": "2"},
    "person-edit": {"name": "Nytt namn", "username": "anna", "phone": "2"},
    "team-edit": {"name": "Nytt namn"},
    "asset-edit": {"name": "Nytt namn", "kind": "archive", "owner": "anna"},
    "supplier-edit": {"name": "Nytt namn", "phone": "2"},
}
DISPLAYED = {"sort_key"}  # follows the name


@pytest.fixture
def world(hospital: Unit) -> World:
    return build(hospital)


@pytest.fixture
def ciso(hire: Callable[..., Person], signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(hire("ciso"))


def row_of(world: World, form: str) -> Model:
    rows = {"unit": world.ward, "person": world.anna, "team": world.team}
    more = {"asset": world.journal, "supplier": world.supplier}
    return (rows | more)[form.partition("-")[0]]


def filled(world: World, form: str) -> dict[str, Any]:
    at = {} if form in {"unit-edit", "supplier-edit"} else {"unit": world.ward.pk}
    return FORMS[form] | at


@pytest.mark.parametrize("form", FORMS)
def test_every_other_column_of_the_model_stays_whatever_is_posted(
    world: World, ciso: Client, form: str
) -> None:
    """PH04: mass assignment. The form is sent with every column's name, 99 in each."""
    row = row_of(world, form)
    model = type(row)
    before = model._default_manager.filter(pk=row.pk).values().get()
    listed = filled(world, form)
    odd = {field.attname: "99" for field in model._meta.concrete_fields}
    many = {relation.get_accessor_name(): "99" for relation in model._meta.related_objects}
    sendable = {name: value for name, value in (odd | many).items() if name not in columns(form)}
    answer = ciso.post(reverse(form, args=[row.pk]), sendable | listed)
    assert answer.status_code == 302, answer.content.decode()
    after = model._default_manager.filter(pk=row.pk).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= columns(form) | DISPLAYED
    assert "name" in changed


def columns(form: str) -> set[str]:
    """The columns that the form lists, and so may change."""
    from_form = {
        "unit-edit": {"name", "phone", "email", "routine", "form_note"},
        "person-edit": {"username", "name", "title", "email", "phone", "unit_id", "unit"},
        "team-edit": {"name", "unit_id", "unit", "crisis", "note"},
        "asset-edit": {
            "name", "kind", "unit_id", "owner_id", "supplier_id", "unit", "owner", "supplier",
            "confidentiality", "integrity", "availability", "essential", "crisis_plan",
            "fallback", "safeguards", "other_names", "note",
        },
        "supplier-edit": {
            "name", "contact", "phone", "email", "deputy", "deputy_phone", "around_the_clock",
            "on_call_phone", "routine", "verified_on",
        },
    }  # fmt: skip
    return from_form[form]


def test_who_was_slower_sees_what_stands_there_now_and_decides(world: World, ciso: Client) -> None:
    address = reverse("unit-edit", args=[world.ward.pk])
    seen = ciso.get(address).context["form"]["seen"].value()
    ciso.post(address, {"name": "Först", "seen": seen})
    late = ciso.post(address, {"name": "Sist", "phone": "7", "seen": seen})
    text = late.content.decode()
    assert late.status_code == 422
    assert "Nu står det: Först" in text
    assert 'value="Sist"' in text
    again = late.context["form"]["seen"].value()
    assert ciso.post(address, {"name": "Sist", "phone": "7", "seen": again}).status_code == 302
    assert Unit.objects.get(pk=world.ward.pk).name == "Sist"


def test_a_form_that_comes_back_keeps_what_was_written(world: World, ciso: Client) -> None:
    sent = {
        "name": "",
        "kind": "system",
        "unit": world.ward.pk,
        "note": "Viktigt",
        "owner": "nobody",
    }
    answer = ciso.post(reverse("asset-new"), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Viktigt" in text
    assert "Fel: Ny tillgång" in text
    assert "Ingen heter så" in text


HOSTILE = ["a\x00b", "x" * 100_000, "9" * 400]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda v: v[:5])
@pytest.mark.parametrize("form", [*FORMS, "unit-move", "grant-new", "team-members", "team-turn"])
def test_no_text_breaks_a_form(world: World, ciso: Client, form: str, value: str) -> None:
    names = "name phone email unit under kind owner role labels since until reason people person"
    row = row_of(world, "person" if form == "grant-new" else form)
    answer = ciso.post(reverse(form, args=[row.pk]), dict.fromkeys(names.split(), value))
    assert answer.status_code == 422
    assert not Entry.objects.filter(by=f"p{Person.objects.get(grants__role='ciso').pk}").exists()


def test_nobody_finds_a_button_to_give_himself_a_role(world: World, ciso: Client) -> None:
    own = Person.objects.get(grants__role="ciso")
    assert "Ge en roll" not in ciso.get(reverse("person", args=[own.pk])).content.decode()
    sent = {"role": "sysadmin", "unit": own.unit_id, "reason": "x"}
    assert ciso.post(reverse("grant-new", args=[own.pk]), sent).status_code == 403
    assert Grant.objects.filter(person=own).count() == 1


def test_a_new_role_ends_the_persons_sessions(
    world: World, ciso: Client, hire: Callable[..., Person], signed_in: Callable[[Person], Client]
) -> None:
    bo = hire("assessor")
    client = signed_in(bo)
    assert client.get(reverse("assets")).status_code == 200
    sent = {"role": "handler", "unit": bo.unit_id, "reason": "Behövs"}
    assert ciso.post(reverse("grant-new", args=[bo.pk]), sent).status_code == 302
    assert client.get(reverse("assets")).status_code == 302  # to the login page


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "Ta först bort markeringen på den gruppen."), ("en", "Take the mark from that team")],
)
def test_a_second_crisis_organisation_is_refused_with_what_to_do(
    world: World, ciso: Client, language: str, words: str
) -> None:
    Team.objects.create(name="Krisledningen", unit=world.ward, crisis=True)
    ciso.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    said = filled(world, "team-edit") | {"crisis": "on"}
    answer = ciso.post(reverse("team-edit", args=[world.team.pk]), said)
    assert answer.status_code in (409, 422)
    assert words in answer.content.decode()
    assert "one_team_is" not in answer.content.decode()
