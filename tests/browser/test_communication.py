"""Whom to tell, a text and the word on it, as the incident manager and the media contact see it."""

import pytest
from django.utils import timezone

from tests.browser.conftest import Look
from tests.communication.conftest import mia
from tests.conftest import Hire
from tests.incidents.conftest import by_ingrid, incident, ingrid, make
from vardkase.communication.affected import One
from vardkase.communication.queries import bulletin
from vardkase.events.models import Event
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of
from vardkase.workflow import dpo
from vardkase.workflow.affected import enlist
from vardkase.workflow.inform import Left, Written, record, write
from vardkase.workflow.lead import hand_over, take

__all__ = ["by_ingrid", "incident", "ingrid", "make", "mia"]

STAFF = Written(
    "staff", "Filserver G: är bortkopplad",
    "Filerna på G: går inte att öppna.\n\nSkriv på papper, blankett 7. Nästa besked kl. 12.",
    "confirmed",
)  # fmt: skip
MEDIA = Written(
    "media", "Störningar på sjukhuset",
    "Sjukhuset har störningar i ett av sina system. Vården pågår som vanligt med reservrutiner.",
    "confirmed",
)  # fmt: skip


@pytest.fixture
def told(incident: Event, ingrid: Person) -> Event:
    """A sent text to the staff, one to the media that waits, and one that was not needed."""
    at = timezone.now()
    by = actor_of(ingrid, at)
    first = write(incident, STAFF, by=by, at=at)
    left = Left(at, "Intranätet", "alla på sjukhuset", 4200)
    record(bulletin(incident, first.pk, at), left, by=by, at=at)
    write(incident, MEDIA, by=by, at=at)
    return incident


@pytest.mark.parametrize(
    ("path", "name", "who"),
    [
        ("", "case-informs", "ingrid"),
        ("/information", "information", "ingrid"),
        ("/information/ny?till=users&vid=confirmed", "information-new", "ingrid"),
        ("/information/{}", "information-one", "mia"),
        ("/information/{}/granska", "information-judge", "mia"),
        ("/information/{}/lamnad", "information-sent", "ingrid"),
    ],
)
def test_a_page_has_no_faults(
    path: str, name: str, who: str, told: Event, ingrid: Person, mia: Person, look: Look
) -> None:
    text = told.bulletins.get(audience="media").pk
    person = {"ingrid": ingrid, "mia": mia}[who]
    look(f"/arenden/{told.number}{path.format(text)}", name, person=person)


def test_the_lead_waits_is_taken_and_is_shown(
    told: Event, ingrid: Person, hire: Hire, look: Look
) -> None:
    officer, at = hire("tib"), timezone.now()
    by = actor_of(ingrid, at)
    hand_over(told, "Filservern är bortkopplad.", to_crisis=True, to=officer, by=by, at=at)
    look(f"/arenden/{told.number}/ledning", "lead-waits", person=officer)
    look(f"/arenden/{told.number}/ledning/lamna-over", "lead-hand-over", person=ingrid)
    take(told, by=actor_of(officer, at), at=at)
    look(f"/arenden/{told.number}", "lead-taken", person=ingrid)


def test_the_officer_s_page_has_no_faults(
    told: Event, ingrid: Person, hire: Hire, look: Look
) -> None:
    officer, at = hire("dpo"), timezone.now()
    dpo.hand_over(told, by=actor_of(ingrid, at), at=at)
    dpo.opine(told, "Bör anmälas: uppgifterna är känsliga.", by=actor_of(officer, at), at=at)
    look(f"/arenden/{told.number}/dataskyddsombud", "dpo", person=officer)


def test_the_list_of_those_affected_has_no_faults(told: Event, ingrid: Person, look: Look) -> None:
    at = timezone.now()
    people = [One("Anna Al", "Storgatan 1"), One("Bo Ek", "", True, "Skatteverket")]
    enlist(told, "data_subjects", people, by=actor_of(ingrid, at), at=at)
    hidden = told.affected.get(protected=True).pk
    look(f"/arenden/{told.number}/drabbade", "affected", person=ingrid)
    look(f"/arenden/{told.number}/drabbade/lista", "affected-list", person=ingrid)
    look(f"/arenden/{told.number}/drabbade/{hidden}", "affected-reach", person=ingrid)
