"""What is essential to society raises the question of national security by itself (S2-057)."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.assets.models import Asset
from vardkase.events import hits
from vardkase.events.models import AssetLink, Event
from vardkase.events.rules import Report
from vardkase.organisation.models import Person, Unit
from vardkase.workflow.report import report

QUESTION = "Kan händelsen röra Sveriges säkerhet?"

type SignedIn = Callable[[Person], Client]


@pytest.fixture
def water(hospital: Unit) -> Asset:
    return Asset.objects.create(
        name="Ånga och vatten", kind="system", unit=hospital, essential=True,
        other_names="styrdator-7, SCADA",
    )  # fmt: skip


def told(hospital: Unit, system: str = "") -> Event:
    sent = Report(what="Larm.", unit=hospital.pk, system=system)
    return report(sent, by=Actor.reporter(NOW), at=NOW).event


@pytest.mark.parametrize(
    ("system", "raised"),
    [
        ("ånga och vatten", True),
        ("Servern för Ånga och Vatten i källaren", True),
        ("styrdator-7", True),
        ("scada", True),
        ("Journalen", False),
        ("ca", False),
        ("%", False),
        ("", False),
    ],
)
def test_a_name_in_the_report_is_enough(
    water: Asset, hospital: Unit, system: str, raised: bool
) -> None:
    assert bool(hits.essential(told(hospital, system))) is raised


def test_a_link_is_enough_while_it_stands(water: Asset, hospital: Unit) -> None:
    event = told(hospital)
    link = AssetLink.objects.create(event=event, asset=water, at=NOW, by="p1")
    assert hits.essential(event) == [water]
    AssetLink.objects.filter(pk=link.pk).update(ended_at=NOW)
    assert hits.essential(event) == []


@pytest.mark.says("S2-057", "som har identifierats som samhällsviktigt")
def test_whoever_assesses_is_asked(
    water: Asset, hospital: Unit, hire: Hire, signed_in: SignedIn
) -> None:
    plain, named = told(hospital, "Journalen"), told(hospital, "SCADA")
    web = signed_in(hire("assessor"))
    assert QUESTION not in web.get(f"/handelser/{plain.number}/bedom").content.decode()
    page = web.get(f"/handelser/{named.number}/bedom").content.decode()
    assert QUESTION in page
    assert "010-100 00 02" in page
    assert f"/handelser/{named.number}/vilka-ser#forsegla" in page or "#seal" in page


def test_the_case_page_asks_until_the_case_is_closed(
    water: Asset, hospital: Unit, hire: Hire, signed_in: SignedIn
) -> None:
    event, web = told(hospital), signed_in(hire("ciso"))
    AssetLink.objects.create(event=event, asset=water, at=NOW, by="p1")
    assert QUESTION in web.get(f"/arenden/{event.number}").content.decode()
    Event.objects.filter(pk=event.pk).update(state="closed")
    assert QUESTION not in web.get(f"/arenden/{event.number}").content.decode()


def test_staff_is_asked_on_the_receipt_and_the_follow_up(
    water: Asset, hospital: Unit, hire: Hire, signed_in: SignedIn
) -> None:
    web = signed_in(hire("reporter", hospital))
    as_me = {"as": web.get("/rapportera").context["sender"].key}
    page = web.post("/rapportera", {"what": "Larm.", "system": "SCADA", **as_me})
    assert QUESTION in page.content.decode()
    number = Event.objects.get().number
    assert QUESTION in web.get(f"/mina-rapporter/{number}").content.decode()


def test_a_stranger_does_not_learn_what_is_essential(
    water: Asset, hospital: Unit, client: Client
) -> None:
    page = client.post("/rapportera", {"what": "Larm.", "system": "SCADA"})
    assert page.status_code == 200
    assert QUESTION not in page.content.decode()
