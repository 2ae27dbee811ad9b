"""The page and the program are two doors to one verb: they leave the same entries in the log."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.api.conftest import Call, Open
from tests.conftest import Hire

from vardkase.assets.models import Asset
from vardkase.conclusions.rules import CLOSING
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import body
from vardkase.events.models import Event
from vardkase.incidents.models import Action, Part
from vardkase.organisation.models import Person, Unit

SINCE = "2026-11-22T07:00"
WHEN = f"{SINCE}:00+01:00"
REVIEW = {
    "cause_kind": "crime", "cause": "Stulet konto.", "course": "Natten.", "lessons": "Tvåfaktor.",
    "disclosed": "no", "checked_how": "Loggarna.",
}  # fmt: skip
OPEN_ENDS = dict.fromkeys(CLOSING, "Övning.")
ASSESSED = {"outcome": "confirmed_incident", "reason": "x"}

BETTER = {"title": "Byt VPN", "kind": "preventive"}
STEPS = (
    ("/handelser/{number}/bedom", ASSESSED | {"matrix": "22", "kind": "malware"},
     "assessments", ASSESSED | {"impact": 2, "urgency": 2, "category": "malware"}),
    ("anteckning", {"text": "Ringde.", "at": SINCE}, "notes", {"text": "Ringde.", "at": WHEN}),
    ("beslut", {"text": "Stäng.", "role": "ciso", "appointment": "Dnr 7"},
     "decisions", {"text": "Stäng.", "role": "ciso", "appointment": "Dnr 7"}),
    ("laget", {"text": "Nere."}, "situation", {"text": "Nere."}),
    ("samband", {"threat": "Utpressare"}, "relation", {"threat": "Utpressare"}),
    ("tillgangar", {"asset": "{server}", "do": "link"}, "assets", {"asset": "{server}"}),
    ("tillgangar", {"asset": "{server}", "do": "unlink"}, "assets/{server}/undo", None),
    ("roller", {"person": "{login}", "part": "scribe"},
     "parts", {"person": "{hugo}", "part": "scribe"}),
    ("roller/{part}/lamna", {}, "parts/{part}/end", None),
    ("atgarder/ny", {"title": "Koppla bort", "kind": "immediate", "owner": "{login}"},
     "actions", {"title": "Koppla bort", "kind": "immediate", "owner": "{hugo}"}),
    ("atgarder/{action}/lamna-over", {"owner": "{login}", "due_at": "2026-12-24T15:00"},
     "actions/{action}/hand-over", {"owner": "{hugo}", "due_at": "2026-12-24T15:00:00+01:00"}),
    ("atgarder/{action}/gang", {"state": "done", "note": "Klart."},
     "actions/{action}/progress", {"state": "done", "note": "Klart."}),
    ("under-kontroll", {"reason": "Stilla.", "reached_at": SINCE, "criteria": ["not_spreading"]},
     "control", {"reason": "Stilla.", "reached_at": WHEN, "criteria": ["not_spreading"]}),
    ("inte-under-kontroll", {"text": "Spred sig."}, "control/revoke", {"reason": "Spred sig."}),
    ("aterstalld", {"reason": "Går.", "reached_at": SINCE},
     "restoration", {"reason": "Går.", "reached_at": WHEN}),
    ("inte-aterstalld", {"text": "Nej."}, "restoration/revoke", {"reason": "Nej."}),
    ("slutsatser", REVIEW | {f"a0-{k}": v for k, v in BETTER.items()} | {"a0-owner": "{login}"},
     "conclusions", REVIEW | {"improvements": [BETTER | {"owner": "{hugo}"}]}),
    ("avsluta", {"text": "Slut."} | {f"why_{code}": why for code, why in OPEN_ENDS.items()},
     "closing", {"text": "Slut.", "reasons": OPEN_ENDS}),
    ("ateroppna", {"text": "Nytt."}, "reopening", {"reason": "Nytt."}),
    ("sammanfattning.json", None, "summary", None),
)  # fmt: skip


@pytest.fixture
def world(hire: Hire, hospital: Unit) -> dict[str, Any]:
    hugo = hire("handler", hospital)
    server = Asset.objects.create(name="Filserver G:", kind="system", unit=hospital)
    return {"hugo": hugo.pk, "login": hugo.username, "server": server.pk}


def filled(value: Any, names: dict[str, Any]) -> Any:
    """`value` with `{hugo}` and the like filled in; a text that is one name alone is its value."""
    if isinstance(value, dict):
        return {key: filled(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, names) for part in value]
    alone = value[1:-1] if isinstance(value, str) else ""
    return names.get(alone, value.format(**names) if isinstance(value, str) else value)


def names_in(case: Event, world: dict[str, Any]) -> dict[str, Any]:
    """What can be named in a case as it stands now."""
    part = Part.objects.filter(incident__event=case).last()
    action = Action.objects.filter(incident__event=case).first()
    return world | {
        "number": case.number,
        "part": part.pk if part else 0,
        "action": action.pk if action else 0,
    }


def written(case: Event) -> list[tuple[str, dict[str, Any], list[str]]]:
    """The log of a case without what two cases cannot share: who, when, and ids of rows."""
    found = []
    for entry in Entry.objects.filter(chain=case.number).order_by("place"):
        said = body(entry)
        facts = {name: told for name, told in said["facts"].items() if name != "action"}
        found.append((entry.kind, facts, said["grounds"]))
    return found


def on_page(browser: Client, page: str, form: dict[str, Any] | None, names: dict[str, Any]) -> None:
    address = filled(page if page[0] == "/" else "/arenden/{number}/" + page, names)
    if form is None:
        assert browser.get(address).status_code == 200, page
    else:
        answer = browser.post(address, filled(form, names))
        assert answer.status_code == 302, (page, answer.content.decode()[-3000:])


@pytest.mark.parametrize("key", ["", "0123456789abcdef"])
def test_pages_and_programs_leave_the_same_log(
    opened: Open, call: Call, hire: Hire, signed_in: Callable[[Person], Client],
    world: dict[str, Any], key: str,
) -> None:  # fmt: skip
    by_hand, by_program, browser = opened(), opened(), signed_in(hire("ciso"))
    for n, (page, form, path, sent) in enumerate(STEPS):
        on_page(browser, page, form, names_in(by_hand, world))
        names = names_in(by_program, world)
        method, address = "GET" if form is None else "POST", f"/events/{{number}}/{path}"
        said = call(method, filled(address, names), filled(sent, names), key=key and f"{key}{n}")
        assert said.status_code in (200, 201), (path, said.content)
    assert written(by_hand) == written(by_program)


def test_a_report_leaves_the_same_entry(call: Call, client: Client) -> None:
    client.post("/rapportera", {"what": "Filer krypterade."})
    call("POST", "/reports", {"what": "Filer krypterade."})
    by_hand, by_program = Event.objects.order_by("pk")
    assert written(by_hand) == written(by_program)
