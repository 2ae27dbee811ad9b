"""What an attacker tried on information, people affected and the officer's material."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.communication.affected import One
from vardkase.communication.models import Receipt
from vardkase.communication.queries import bulletin
from vardkase.decisionlog.models import Entry
from vardkase.delivery.models import Notice
from vardkase.events.models import Event
from vardkase.organisation.models import Person
from vardkase.workflow import affected, dpo, inform
from vardkase.workflow.acting import NotNow
from vardkase.workflow.oblige import Sent, answer, record_sent

type Act = Callable[[Person], Actor]
type SignIn = Callable[[Person], Client]

SUBJECTS = "data_subjects"


@pytest.mark.parametrize("page", ["", "/skyddad"])
def test_reading_one_of_the_affected_stands_in_the_log_too(
    incident: Event, by_ingrid: Actor, ingrid: Person, signed_in: SignIn, page: str
) -> None:
    affected.enlist(incident, SUBJECTS, [One("Anna Al")], by=by_ingrid, at=NOW)
    at = f"/arenden/{incident.number}/drabbade/{incident.affected.get().pk}{page}"
    assert "Anna Al" in signed_in(ingrid).get(at).content.decode()
    assert Entry.objects.filter(chain=incident.number, kind="affected.read").count() == 1


def test_a_safe_way_is_replaced_by_whoever_may_see_it(
    incident: Event, by_ingrid: Actor, ingrid: Person, hire: Hire, signed_in: SignIn
) -> None:
    people = [One("Bo Ek", "", True, "Skatteverket"), One("Ida", "", True)]
    affected.enlist(incident, SUBJECTS, people, by=by_ingrid, at=NOW)
    bo, ida = incident.affected.order_by("pk")
    at, said = f"/arenden/{incident.number}/drabbade", {"safe_way": "Angriparens adress"}
    manager, officer = signed_in(ingrid), signed_in(hire("dpo"))
    assert "/skyddad" not in manager.get(f"{at}/{bo.pk}").content.decode()
    assert manager.post(f"{at}/{bo.pk}/skyddad", said).status_code == 403
    assert manager.post(f"{at}/{ida.pk}/skyddad", said).status_code == 302
    assert officer.post(f"{at}/{bo.pk}/skyddad", {"safe_way": "Ombudet"}).status_code == 302
    bo.refresh_from_db()
    assert bo.safe_way == "Ombudet"


def test_blanks_are_no_reason(incident: Event, act: Act, hire: Hire) -> None:
    by = act(hire("ciso"))
    made = inform.write(incident, inform.Written("media", "x", "y"), by=by, at=NOW)
    kept, left = bulletin(incident, made.pk, NOW), inform.Left(NOW, "x", unapproved_because=" ")
    with pytest.raises(NotNow, match="own_text"):
        inform.judge(kept, approved=True, reason="  ", by=by, at=NOW)
    with pytest.raises(NotNow, match="not_approved"):
        inform.record(kept, left, by=by, at=NOW)
    sent = Sent("warning", NOW, "x", alone_because=" ")
    with pytest.raises(NotNow, match="alone"):
        record_sent(incident, "se-nis2-csl", sent, by=by, at=NOW)


def test_one_tap_says_that_all_material_has_come(
    incident: Event, hire: Hire, act: Act, by_ingrid: Actor, signed_in: SignIn
) -> None:
    david = hire("dpo")
    answer(incident, {"t.personal_data": True}, by=act(hire("ciso")), at=NOW)
    for _time in range(2):
        dpo.hand_over(incident, by=by_ingrid, at=NOW)
    assert signed_in(david).post(f"/arenden/{incident.number}/larm").status_code == 302
    assert not Receipt.objects.filter(received_at=None).exists()


def test_a_year_that_cannot_be_read_back_is_refused(
    incident: Event, ingrid: Person, by_ingrid: Actor, signed_in: SignIn
) -> None:
    made = inform.write(incident, inform.Written("staff", "x", "y"), by=by_ingrid, at=NOW)
    at, client = f"/arenden/{incident.number}/information/{made.pk}", signed_in(ingrid)
    sent = {"sent_at": "0001-01-01T00:00", "channel": "x"}
    assert client.post(f"{at}/lamnad", sent).status_code == 422
    assert client.get(at).status_code == 200


def test_a_writer_who_may_no_longer_read_the_case_is_told_nothing_of_his_text(
    incident: Event, hire: Hire, act: Act, mia: Person
) -> None:
    writes = hire("tib")
    made = inform.write(incident, inform.Written("media", "x", "y"), by=act(writes), at=NOW)
    Event.objects.filter(pk=incident.pk).update(conflicts=[writes.pk])
    incident.refresh_from_db()
    kept = bulletin(incident, made.pk, NOW)
    inform.judge(kept, approved=True, by=act(mia), at=NOW)
    assert not Notice.objects.filter(person=writes).exists()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_table_keeps_its_letters_whatever_wrote_it(
    incident: Event, ingrid: Person, signed_in: SignIn, encoding: str
) -> None:
    file = SimpleUploadedFile("a.csv", "namn;adress\nÅsa Öst;Ängen 1\n".encode(encoding))
    at = f"/arenden/{incident.number}/drabbade/lista"
    page = signed_in(ingrid).post(at, {"audience": SUBJECTS, "file": file})
    assert "Åsa Öst;Ängen 1" in page.content.decode()
