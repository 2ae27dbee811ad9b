"""Before the first day: one link, one founding, and nothing left open behind it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOW
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.lib.ids import fingerprint
from vardkase.organisation import links
from vardkase.organisation.models import Invitation, Organisation, Unit
from vardkase.organisation.queries import actor_of, organisation
from vardkase.organisation.setup import Founding, found, new_setup_token

ANSWERS = Founding(
    name="Region Exempel",
    kind="region",
    administrator="Anna Berg",
    username="anna",
    duty_phone="010-100 00 01",
    security_phone="010-100 00 02",
)


def link(at=NOW) -> int:
    secret = new_setup_token(at)
    assert secret is not None
    return links.find(secret, at, founding=True).pk


def test_the_link_is_kept_as_a_fingerprint_only(db: None) -> None:
    secret = new_setup_token(NOW)
    assert secret is not None
    assert len(secret) * 6 >= 128
    assert Invitation.objects.get().digest == fingerprint(secret)


def test_a_new_start_makes_a_new_link_and_the_old_one_is_dead(db: None) -> None:
    old = new_setup_token(NOW) or ""
    new = new_setup_token(NOW + timedelta(minutes=1)) or ""
    later = NOW + timedelta(minutes=2)
    with pytest.raises(links.DeadLink):
        links.find(old, later, founding=True)
    assert links.find(new, later, founding=True)


def test_a_link_grows_old(db: None) -> None:
    secret = new_setup_token(NOW) or ""
    assert links.find(secret, NOW + timedelta(days=7, seconds=-1), founding=True)
    with pytest.raises(links.DeadLink):
        links.find(secret, NOW + timedelta(days=7), founding=True)


def test_founding_makes_organisation_units_and_an_administrator(db: None) -> None:
    anna = found(ANSWERS, link=link(), at=NOW)
    assert organisation() == Organisation.objects.get(name="Region Exempel", kind="region")
    assert actor_of(anna, NOW).roles == {"sysadmin"}
    assert not anna.has_usable_password()
    root = Unit.objects.get(parent=None)
    assert root.path == f"/{root.pk}/"
    hospital = Unit.objects.get(name="Sjukhus")
    assert hospital.path == f"/{root.pk}/{hospital.pk}/"
    assert Unit.objects.get(name="It och medicinsk teknik").parent == Unit.objects.get(
        name="Koncernkontoret"
    )


@pytest.mark.parametrize("kind", Organisation.Kind.values)
@pytest.mark.says("S1-29", "behöver varieras och utformas utifrån din organisations behov")
def test_every_kind_of_organisation_has_units_to_begin_with(db: None, kind: str) -> None:
    found(replace(ANSWERS, kind=kind, language="en"), link=link(), at=NOW)
    assert Unit.objects.exclude(parent=None).count() >= 3


def test_founding_is_logged_by_the_system_and_names_no_secret(db: None) -> None:
    anna = found(ANSWERS, link=link(), at=NOW)
    entry = Entry.objects.filter(kind="organisation.founded").get()
    assert (entry.by, entry.chain) == ("system", "room:organisation")
    assert body(entry)["facts"] == {
        "name": "Region Exempel",
        "kind": "region",
        "administrator": anna.pk,
    }
    assert verify().ok


def test_nobody_founds_twice(db: None) -> None:
    number = link()
    found(ANSWERS, link=number, at=NOW)
    with pytest.raises(links.DeadLink):
        found(ANSWERS, link=number, at=NOW)
    assert new_setup_token(NOW) is None
    assert Organisation.objects.count() == 1


def test_an_invitation_of_a_person_founds_nothing(db: None) -> None:
    anna = found(ANSWERS, link=link(), at=NOW)
    secret = links.make(anna, "invite", NOW)
    with pytest.raises(links.DeadLink):
        links.find(secret, NOW, founding=True)
    assert links.find(secret, NOW).person == anna
