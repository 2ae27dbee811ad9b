"""What is told whom, by page and by program: the same entries in the log."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.api.conftest import Call, Open
from tests.api.test_equal import filled, on_page, written
from tests.conftest import LONG_AGO, NOW, Hire

from vardkase.access.actor import Actor, Grant
from vardkase.communication.models import Version
from vardkase.decisionlog.models import Entry
from vardkase.events.models import Event
from vardkase.organisation.models import Grant as Held
from vardkase.organisation.models import Person, Token, Unit
from vardkase.workflow.oblige import answer

CHIEF = Actor("p0", "Chef", NOW, (Grant("ciso", "/"),))
FACTS = {"org.controller": True, "t.personal_data": True, "t.risk_to_individuals": "high"}
UNEQUAL = {
    "information", "digest", "handover", "package", "packages", "offered_at", "sent_at",
    "prepared_by",
}  # fmt: skip
SINCE, WHEN = "2026-11-22T07:00", "2026-11-22T07:00:00+01:00"
LETTER = {"channel": "Brev", "unapproved_because": "Natt."}
TEXT, SUBJECTS = {"heading": "Läget", "text": "Vi arbetar."}, {"audience": "data_subjects"}
AGAIN = {"heading": "Läget nu", "text": "Vi arbetar än."}
RETURNED, LAW = {"reason": "Kortare."}, "rapportering/eu-gdpr"
STEPS = (
    ("information/ny", TEXT | {"audience": "media", "milestone": "confirmed"},
     "information", TEXT | {"audience": "media", "milestone": "confirmed"}),
    ("information/{text}/granska", RETURNED | {"word": "return"},
     "information/{text}/verdict", RETURNED | {"approved": False, "expected": "{version}"}),
    ("information/{text}/andra", AGAIN, "information/{text}/versions", AGAIN),
    ("information/{text}/granska", RETURNED | {"word": "approve"},
     "information/{text}/verdict", RETURNED | {"approved": True, "expected": "{version}"}),
    ("information/{text}/lamnad", {"channel": "Webben", "sent_at": SINCE},
     "information/{text}/sent", {"channel": "Webben", "sent_at": WHEN}),
    ("information/behovs-inte/confirmed/staff", RETURNED,
     "information/waivers", RETURNED | {"milestone": "confirmed", "audience": "staff"}),
    ("drabbade/lista", SUBJECTS | {"rows": "namn\nAnna\nBo\nIda", "keep": "1"},
     "affected", SUBJECTS | {"people": [{"name": n, "protected": False} for n in "abc"]}),
    ("drabbade/antal", {"audience": "users", "number": "3"},
     "affected/number", {"audience": "users", "number": 3}),
    ("drabbade/{one}/skyddad", {"safe_way": "x"}, "affected/{one}/protect", {"safe_way": "x"}),
    ("information/ny", TEXT | SUBJECTS, "information", TEXT | SUBJECTS),
    ("information/{text}/lamnad", LETTER | {"sent_at": SINCE},
     "information/{text}/sent", LETTER | {"sent_at": WHEN}),
    ("drabbade/alla", SUBJECTS | {"channel": "letter"},
     "affected/all", SUBJECTS | {"channel": "letter"}),
    ("information/{text}/alla", {"reason": "Okänd."},
     "information/{text}/complete", {"reason": "Okänd."}),
    ("drabbade/{one}", {"channel": "safe", "outcome": "reached"},
     "affected/{one}/contact", {"channel": "safe", "outcome": "reached"}),
    ("dataskyddsombud/underlag", {"x": ""}, "dpo", {}),
    ("dataskyddsombud/mottaget", {"x": ""}, "dpo/receipt", {}),
    ("dataskyddsombud/bedomning", {"text": "Anmäl."}, "dpo/opinion", {"text": "Anmäl."}),
    ("ledning/lamna-over", {"state": "Nere."}, "lead", {"state": "Nere.", "to_crisis": True}),
    ("ledning/ta-over", {"x": ""}, "lead/take", {}),
    (f"{LAW}/beslut", RETURNED | {"outcome": "report"},
     "obligations/eu-gdpr/decision", RETURNED | {"outcome": "report"}),
    (f"{LAW}/imy/skickad",
     {"sent_at": SINCE, "recipient": "IMY", "alone_because": "Natt."},
     "obligations/eu-gdpr/steps/imy",
     {"sent_at": WHEN, "recipient": "IMY", "alone_because": "Natt."}),
    (f"{LAW}/imy/rapport/groups", {"text": "Anställda.", "secrecy": "OSL 39:3"},
     "obligations/eu-gdpr/steps/imy/fields/groups", {"text": "Anställda.", "secrecy": "OSL 39:3"}),
    ("rapportering/andras-rapporter", {"actor": "IT AB"}, "sister-reports", {"actor": "IT AB"}),
)  # fmt: skip


@pytest.fixture
def chief(hire: Hire, region: Unit) -> Person:
    """Head of protective security, and data protection officer too."""
    found = hire("security_chief")
    Held.objects.create(
        person=found, role="dpo", unit=region, since=LONG_AGO, reason="x", by="system"
    )
    for role in ("media_contact", "tib"):
        hire(role)
    return found


def names_in(case: Event) -> dict[str, Any]:
    last = Version.objects.filter(bulletin__event=case).last()
    one = case.affected.order_by("pk").first()
    return {
        "number": case.number,
        "text": last.bulletin_id if last else 0,
        "version": last.pk if last else 0,
        "one": one.pk if one else 0,
    }


def told(case: Event) -> list[Any]:
    return [
        (kind, {name: fact for name, fact in facts.items() if name not in UNEQUAL}, grounds)
        for kind, facts, grounds in written(case)
    ]


@pytest.mark.parametrize("key", ["", "0123456789abcdef"])
def test_communication_and_reports_leave_the_same_log(
    opened: Open, call: Call, chief: Person, signed_in: Callable[[Person], Client], key: str
) -> None:
    by_hand, by_program, browser = opened(), opened(), signed_in(chief)
    for case in (by_hand, by_program):
        answer(case, FACTS, by=CHIEF, at=NOW)
    for role in ("security_chief", "dpo"):
        call("GET", f"/events/{by_program.number}/information", role=role)
    Token.objects.update(by=chief.key)
    for n, (page, form, path, sent) in enumerate(STEPS):
        on_page(browser, page, form, names_in(by_hand))
        names, mark = names_in(by_program), key and f"{key}{n}"
        address = f"/events/{by_program.number}/{filled(path, names)}"
        role = "dpo" if path.startswith("dpo/") or path.endswith("/imy") else "security_chief"
        said = call("POST", address, filled(sent, names), role=role, key=mark)
        assert said.status_code in (200, 201), (path, said.content)
        once_more = len(written(by_program))
        if key:
            call("POST", address, filled(sent, names), role=role, key=mark)
            assert len(written(by_program)) == once_more, path
    assert told(by_hand) == told(by_program)
    assert Entry.objects.filter(chain=by_hand.number).count() > len(STEPS)
