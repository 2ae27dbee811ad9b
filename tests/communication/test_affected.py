"""Those who are told personally: need to know, protected identities, numbers in the report."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.communication.affected import Listed, One, listed, totals
from vardkase.communication.models import Affected, Contact
from vardkase.communication.rules import may_reach
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body, verify
from vardkase.events.models import Event
from vardkase.lib.sheet_reader import Unreadable
from vardkase.organisation.models import Person
from vardkase.workflow import affected
from vardkase.workflow.acting import NotNow
from vardkase.workflow.four_eyes import confirm, do

type Act = Callable[[Person], Actor]
type SignIn = Callable[[Person], Client]

TABLE = "Namn;Adress;Skyddad;Säker väg\nAnna Al;Storgatan 1;nej;\nBo Ek;;ja;Skatteverket\n"
ANNA, BO = One("Anna Al", "Storgatan 1"), One("Bo Ek", "", True, "Skatteverket")
PEOPLE = [ANNA, BO, One("Ida", "", True)]
SUBJECTS = "data_subjects"


def wrote(case: Event) -> list[dict[str, Any]]:
    rows = Entry.objects.filter(chain=case.number, kind__startswith="affected.").order_by("place")
    return [body(row)["facts"] for row in rows]


@pytest.fixture
def told(incident: Event, by_ingrid: Actor) -> list[Affected]:
    affected.enlist(incident, SUBJECTS, PEOPLE, by=by_ingrid, at=NOW)
    return list(incident.affected.order_by("pk"))


def test_a_table_is_read_as_people_with_protection() -> None:
    found = listed(TABLE.encode())
    assert found == Listed([ANNA, BO])
    assert found.protected == 1


@pytest.mark.parametrize(("row", "fault"), [("Anna;;kanske;", "ja eller nej"), (";x;;", "Namnet")])
def test_an_unclear_row_is_a_fault_and_never_a_guess(row: str, fault: str) -> None:
    found = listed(f"namn;adress;skyddad;säker väg\n{row}".encode())
    assert found.rows == []
    assert found.faults[0][0] == 2


def test_a_table_without_names_is_refused() -> None:
    with pytest.raises(Unreadable):
        listed(b"adress\nStorgatan 1")


@pytest.mark.parametrize(
    ("channel", "protected", "safe_way", "may"),
    [
        ("letter", False, "", True),
        ("mail", True, "", False),
        ("letter", True, "Skatteverket", False),
        ("telephone", True, "Skatteverket", False),
        ("safe", True, "Skatteverket", True),
        ("safe", True, "", False),
        ("pigeon", False, "", False),
    ],
)
def test_a_protected_identity_is_reached_by_the_marked_safe_way_alone(
    channel: str, protected: bool, safe_way: str, may: bool
) -> None:
    assert may_reach(channel, protected=protected, safe_way=safe_way) == may


def test_each_way_and_proof_is_kept_and_counted(
    incident: Event, told: list[Affected], by_ingrid: Actor
) -> None:
    anna, bo, ida = told
    affected.reach_all(incident, SUBJECTS, "letter", "Sändning 7", by=by_ingrid, at=NOW)
    assert [row.affected for row in Contact.objects.all()] == [anna]  # nobody protected
    affected.reach(anna, "letter", "returned", by=by_ingrid, at=NOW)
    affected.reach(bo, "safe", "reached", "Kvitto 3", by=by_ingrid, at=NOW)
    with pytest.raises(NotNow, match="protected_way"):
        affected.reach(ida, "letter", "sent", by=by_ingrid, at=NOW)
    (one,) = totals(incident)
    assert (one.number, one.reached, one.returned, one.waiting, one.hidden) == (3, 1, 1, 1, 2)
    assert [row.outcome for row in anna.contacts.order_by("pk")] == ["sent", "returned"]


def test_the_log_says_how_many_and_never_who(
    incident: Event, told: list[Affected], by_ingrid: Actor
) -> None:
    affected.reach(told[1], "safe", "reached", by=by_ingrid, at=NOW)
    assert wrote(incident)[0] == {"audience": SUBJECTS, "number": 3, "protected": 2}
    assert not any(one.name in str(wrote(incident)) for one in PEOPLE)
    assert verify(incident.number).ok


def test_those_whom_policy_tells_together_are_not_listed(incident: Event, by_ingrid: Actor) -> None:
    for audience in ("staff", "media", "kungen"):
        with pytest.raises(NotNow, match="unknown_audience"):
            affected.count(incident, audience, 3, by=by_ingrid, at=NOW)


def test_the_number_alone_is_enough(incident: Event, by_ingrid: Actor) -> None:
    affected.count(incident, SUBJECTS, 140, by=by_ingrid, at=NOW)
    affected.count(incident, SUBJECTS, 160, by=by_ingrid, at=NOW)
    (one,) = totals(incident)
    assert (one.number, one.listed) == (160, False)


def test_only_whoever_needs_the_list_has_it(
    incident: Event, told: list[Affected], hire: Hire, act: Act, signed_in: SignIn
) -> None:
    path = f"/arenden/{incident.number}/drabbade"
    for role in ("ciso", "assessor", "tib", "media_contact", "auditor"):
        assert signed_in(hire(role)).get(path).status_code == 403, role
    with pytest.raises(PermissionDenied):
        affected.enlist(incident, SUBJECTS, PEOPLE, by=act(hire("ciso")), at=NOW)


def test_a_protected_name_is_for_fewer_still_and_reading_is_logged(
    incident: Event, told: list[Affected], ingrid: Person, hire: Hire, signed_in: SignIn
) -> None:
    path = f"/arenden/{incident.number}/drabbade"
    manager = signed_in(ingrid).get(path).content.decode()
    officer = signed_in(hire("dpo")).get(path).content.decode()
    assert "Anna Al" in manager
    assert "Bo Ek" not in manager
    assert "Skatteverket" not in manager
    assert "Bo Ek" in officer
    assert "Bo Ek" not in signed_in(ingrid).get(f"{path}/{told[1].pk}").content.decode()
    assert Entry.objects.filter(chain=incident.number, kind="affected.read").count() == 2
    for page in ("", "/logg", "/sammanfattning", "/information"):
        html = signed_in(ingrid).get(f"/arenden/{incident.number}{page}").content.decode()
        assert "Anna Al" not in html, page


def test_a_table_is_looked_at_before_it_is_kept(
    incident: Event, ingrid: Person, signed_in: SignIn
) -> None:
    client, path = signed_in(ingrid), f"/arenden/{incident.number}/drabbade/lista"
    sent = {"audience": SUBJECTS, "rows": TABLE}
    assert "2 personer" in client.post(path, sent).content.decode()
    assert not Affected.objects.exists()
    wrong = {**sent, "rows": "namn;skyddad\nAnna;kanske", "keep": "1"}
    assert client.post(path, wrong).status_code == 422
    assert client.post(path, {**sent, "keep": "1"}).status_code == 302
    assert Affected.objects.filter(protected=True).count() == 1


def test_what_is_needed_no_longer_is_erased_and_the_numbers_stay(
    incident: Event, told: list[Affected], by_ingrid: Actor, hire: Hire, act: Act
) -> None:
    affected.reach(told[0], "letter", "reached", "Kvitto Anna", by=by_ingrid, at=NOW)
    terms = {"number": incident.number, "reason": "Gallringsbeslut 2026:4"}
    with pytest.raises(PermissionDenied):
        do("affected.erased", terms, by=by_ingrid, at=NOW)
    officer, chief = hire("dpo"), hire("ciso")
    Person.objects.filter(pk=chief.pk).update(password="chosen")
    asked = do("affected.erased", terms, by=act(officer), at=NOW)
    assert incident.affected.filter(erased_at=None).count() == 3
    with pytest.raises(PermissionDenied):
        confirm(asked, by=act(officer), at=NOW, reason="Det är bråttom.")
    confirm(asked, by=act(chief), at=NOW)
    assert set(incident.affected.values_list("name", "address", "safe_way")) == {("", "", "")}
    assert Contact.objects.get().proof == ""
    (one,) = totals(incident)
    assert (one.number, one.reached) == (3, 1)


def test_a_copy_of_the_database_names_nobody(told: list[Affected], settings: LazySettings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, address, safe_way FROM communication_affected")
        held = str(cursor.fetchall())
    for word in ("Anna", "Storgatan", "Bo Ek", "Skatteverket"):
        assert word not in held
    assert Affected.objects.get(pk=told[0].pk).address == "Storgatan 1"
    settings.SECRET_KEY = "another instance"
    assert Affected.objects.get(pk=told[0].pk).name == "[?]"


def test_an_identity_that_proves_protected_later_is_marked_with_its_way(
    incident: Event, told: list[Affected], ingrid: Person, signed_in: SignIn
) -> None:
    client, path = signed_in(ingrid), f"/arenden/{incident.number}/drabbade"
    anna = told[0]
    sent = {"safe_way": "Skatteverkets förmedling"}
    assert client.post(f"{path}/{anna.pk}/skyddad", sent).status_code == 302
    assert "Anna Al" not in client.get(path).content.decode()
    for channel, status in (("letter", 422), ("safe", 302)):
        tried = client.post(f"{path}/{anna.pk}", {"channel": channel, "outcome": "sent"})
        assert tried.status_code == status, channel
    assert "Skatteverket" not in str(wrote(incident))
