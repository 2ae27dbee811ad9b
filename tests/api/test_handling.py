"""Steps 3 and 4 over HTTP: everything that the pages can do, for programs that hold a token."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.api.conftest import Call
from tests.conftest import Hire

from vardkase.assets.models import Asset
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.queries import verify
from vardkase.events.models import Event
from vardkase.organisation.models import Person, Unit

REVIEW = {
    "cause_kind": "crime", "cause": "Stulet konto.", "course": "Natten till tisdagen.",
    "lessons": "Tvåfaktor överallt.", "direct_harm": "Tolv timmars stopp.",
}  # fmt: skip
KEY = "0123456789abcdef"

type To = Callable[..., Any]


@pytest.fixture
def to(call: Call, incident: Event) -> To:
    """`to("POST", "notes", {...})`: as `call`, about the incident."""
    return lambda method, rest, body=None, **more: call(
        method, f"/events/{incident.number}/{rest}", body, **more
    )


@pytest.fixture
def hugo(hire: Hire, hospital: Unit) -> Person:
    return hire("handler", hospital)


@pytest.fixture
def server(hospital: Unit) -> Asset:
    return Asset.objects.create(name="Filserver G:", kind="system", unit=hospital)


def test_a_case_goes_from_incident_to_closed_over_http(
    to: To, incident: Event, hugo: Person, server: Asset
) -> None:
    """Both steps, each operation once, and the chain of the log is whole."""
    made = to("POST", "parts", {"person": hugo.pk, "part": "scribe"}).json()
    task = {"title": "Koppla bort G:", "kind": "immediate", "owner": hugo.pk}
    action = to("POST", "actions", task).json()
    later = (timezone.now() + timedelta(days=1)).isoformat()
    better = {"title": "Tvåfaktor på VPN", "owner": hugo.pk, "due_at": later}
    sent: list[tuple[str, Any, int]] = [
        ("situation", {"text": "G: är bortkopplad."}, 201),
        ("relation", {"threat": "Utpressare", "consequence": "Ingen når filer"}, 201),
        ("assets", {"asset": server.pk}, 201),
        ("notes", {"text": "Ringde driften.", "at": "2026-11-22T03:00:00+01:00"}, 201),
        ("decisions", {"text": "G: kopplas bort.", "appointment": "Dnr 7"}, 201),
        (f"actions/{action['id']}/hand-over", {"owner": hugo.pk, "due_at": later}, 200),
        (f"actions/{action['id']}/progress", {"state": "done", "note": "Klart."}, 201),
        ("control", {"reason": "Sprider sig inte.", "criteria": ["not_spreading"]}, 201),
        ("control/revoke", {"reason": "Spred sig."}, 201),
        ("control", {"reason": "Nu sprider den sig inte."}, 201),
        ("restoration", {"reason": "Allt går."}, 201),
        ("restoration/revoke", {"reason": "Inte allt."}, 201),
        ("restoration", {"reason": "Nu går allt."}, 201),
        (f"parts/{made['id']}/end", None, 200),
        ("conclusions", REVIEW | {"improvements": [better]}, 201),
        (f"assets/{server.pk}/undo", None, 200),
        ("closing", {"text": "Klart."}, 201),
        ("reopening", {"reason": "Ny uppgift."}, 201),
    ]  # fmt: skip
    for rest, body, status in sent:
        answer = to("POST", rest, body)
        assert answer.status_code == status, (rest, answer.content)
    incident.refresh_from_db()
    assert incident.state == "confirmed_incident"
    assert verify(incident.number).ok


def test_where_the_case_stands_is_one_answer(to: To, hugo: Person, server: Asset) -> None:
    to("POST", "situation", {"text": "G: är nere."})
    to("POST", "assets", {"asset": server.pk})
    task = {"title": "Koppla bort G:", "kind": "immediate", "owner": hugo.pk}
    to("POST", "actions", task)
    said = to("GET", "handling").json()
    assert (said["state"], said["step"]) == ("confirmed_incident", 3)
    assert [step["code"] for step in said["steps"] if step["standing"] == "now"] == ["handle"]
    assert said["situation"]["text"] == "G: är nere."
    assert [row["name"] for row in said["assets"]] == ["Filserver G:"]
    assert [(row["owner"], row["owner_name"]) for row in said["actions"]] == [(hugo.pk, hugo.name)]
    todo = {row["code"]: row["en"] for row in said["missing"]}
    assert todo["immediate_done"] == "Immediate actions are open."
    assert said["mandates"] == ["ciso"]
    assert said["names"][said["situation"]["by"]] == "ciso"


def test_closing_names_what_is_missing_with_what_to_do(to: To) -> None:
    answer = to("POST", "closing", {"reasons": {"concluded": "Görs i ärende 7."}})
    assert (answer.status_code, answer["content-type"]) == (422, "application/problem+json")
    told = {row["field"]: row["message"] for row in answer.json()["errors"]}
    assert "reasons.concluded" not in told
    assert told["reasons.restored"] == "Judge whether the function is restored."
    every = {field.removeprefix("reasons."): "Övning." for field in told} | {"concluded": "x"}
    assert to("POST", "closing", {"reasons": every}).status_code == 201


@pytest.mark.parametrize(
    ("rest", "body", "sentence"),
    [
        ("control/revoke", {"reason": "x"}, "That is not decided, so it cannot be taken back."),
        ("parts", {"part": "king"}, "Choose one of the parts in the list."),
        ("decisions", {"text": "x", "role": "handler"}, "You may not decide in that role."),
        ("reopening", {"reason": "x"}, "The case is open."),
        ("control", {"reason": "x", "criteria": ["luck"]}, "Choose criteria that stand"),
        ("actions", {"due_at": "9999-01-01T00:00:00Z"}, "Choose a time within ten years."),
    ],
)
def test_what_cannot_be_done_now_is_told_in_the_words_of_the_page(
    to: To, hugo: Person, rest: str, body: dict[str, Any], sentence: str
) -> None:
    defaults: dict[str, Any] = {
        "parts": {"person": hugo.pk},
        "actions": {"title": "x", "kind": "immediate", "owner": hugo.pk},
    }
    answer = to("POST", rest, defaults.get(rest, {}) | body)
    assert (answer.status_code, answer["content-type"]) == (409, "application/problem+json")
    assert answer.json()["detail"].startswith(sentence)


def test_a_closed_case_says_that_it_is_to_be_opened_first(to: To, incident: Event) -> None:
    Event.objects.filter(pk=incident.pk).update(state="closed")
    answer = to("POST", "situation", {"text": "x"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == "The case is closed. Open it again first."


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        ("situation", {"text": "Nere."}),
        ("relation", {"threat": "Okänd"}),
        ("conclusions", REVIEW),
    ],
)
def test_who_writes_over_another_unseen_is_told_what_to_send(
    to: To, rest: str, body: dict[str, Any]
) -> None:
    first = to("POST", rest, body | {"expected": 0}).json()
    again = to("POST", rest, body | {"expected": 0})
    assert (again.status_code, again.json()["title"]) == (409, "Written meanwhile")
    assert f"expected: {first['id']}" in again.json()["detail"]
    assert to("POST", rest, body | {"expected": first["id"]}).status_code == 201


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        ("notes", {"text": "Ringde."}),
        ("decisions", {"text": "Stäng."}),
        ("situation", {"text": "Nere."}),
        ("relation", {"threat": "Okänd"}),
        ("conclusions", REVIEW),
    ],
)
def test_the_same_sending_twice_is_stored_once(
    to: To, incident: Event, rest: str, body: dict[str, Any]
) -> None:
    assert to("POST", rest, body, key=KEY).status_code == 201
    written = Entry.objects.filter(chain=incident.number).count()
    again = to("POST", rest, body, key=KEY)
    assert (again.status_code, again.json()["title"]) == (409, "Done before")
    assert Entry.objects.filter(chain=incident.number).count() == written


def test_a_key_stands_for_one_sending_and_belongs_to_its_token(to: To) -> None:
    assert to("POST", "notes", {"text": "Ett."}, key=KEY).status_code == 201
    other = to("POST", "notes", {"text": "Två."}, key=KEY)
    assert (other.status_code, other.json()["title"]) == (409, "Sent before")
    another_token = to("POST", "notes", {"text": "Två."}, key=KEY, role="incident_manager")
    assert another_token.status_code == 201
    assert to("POST", "notes", {"text": "Tre."}, key="short").status_code == 422
    assert [to("POST", "notes", {"text": "Fyra."}).status_code for _ in range(2)] == [201, 201]


def test_a_refused_sending_leaves_its_key_unused(to: To) -> None:
    assert to("POST", "control/revoke", {"reason": "x"}).status_code == 409
    wrong = {"reason": "x", "criteria": ["luck"]}
    assert to("POST", "control", wrong, key=KEY).status_code == 409
    assert to("POST", "control", {"reason": "x"}, key=KEY).status_code == 201


@pytest.mark.parametrize(
    ("rest", "body", "field"),
    [
        ("notes", {"text": " \n"}, "text"),
        ("notes", {"text": "a\x00b"}, "text"),
        ("notes", {"text": "x", "at": "2099-01-01T00:00:00Z"}, "at"),
        ("actions", {"title": " ", "kind": "recovery", "owner": 1}, "title"),
        ("actions", {"title": "x", "kind": "magic", "owner": 1}, "kind"),
        ("actions", {"title": "x", "kind": "recovery", "owner": "1"}, "owner"),
        ("control", {"reason": "x", "reached_at": "2026-11-22T09:00:00"}, "reached_at"),
        ("conclusions", REVIEW | {"disclosed": "no"}, "checked_how"),
        ("conclusions", REVIEW | {"lessons": "\ud800"}, "lessons"),
        ("relation", {"threat": "x" * 201}, "threat"),
    ],
)
def test_what_is_not_understood_is_refused_at_its_field(
    to: To, incident: Event, rest: str, body: dict[str, Any], field: str
) -> None:
    before = Entry.objects.count()
    answer = to("POST", rest, body)
    assert answer.status_code == 422
    assert any(field in row["field"] for row in answer.json()["errors"]), answer.json()
    assert Entry.objects.count() == before


def test_a_person_or_thing_that_is_not_there_is_not_found(to: To, hugo: Person) -> None:
    Person.objects.filter(pk=hugo.pk).update(is_active=False)
    task = {"title": "x", "kind": "recovery", "owner": hugo.pk}
    assert to("POST", "actions", task).status_code == 404
    assert to("POST", "assets", {"asset": 2**62}).status_code == 404
    for rest in ("actions/9/progress", "actions/9/hand-over"):
        body = {"state": "done", "owner": 1}
        assert to("POST", rest, body).status_code == 404
    assert to("POST", f"actions/{2**63}/progress", {"state": "done"}).status_code == 422


def test_the_log_is_read_page_by_page_and_tells_whom_it_names(to: To, hugo: Person) -> None:
    for n in range(7):
        to("POST", "notes", {"text": f"rad {n}"})
    to("POST", "parts", {"person": hugo.pk, "part": "scribe"})
    seen, after = list[dict[str, Any]](), ""
    for _ in range(10):
        page = to("GET", f"log?limit=3&after={after}").json()
        seen += page["items"]
        assert len(page["items"]) <= 3
        if not (after := page["next"]):
            break
    places = [row["place"] for row in seen]
    assert places == sorted(range(1, len(places) + 1), reverse=True)
    assert [row["facts"].get("text") for row in seen[1:3]] == ["rad 6", "rad 5"]
    newest = to("GET", "log?limit=1").json()
    assert newest["items"][0]["en"] == "Somebody was given a part in the case"
    assert newest["names"][newest["items"][0]["facts"]["person"]] == hugo.name


@pytest.mark.parametrize("after", ["x", "WzEsMl0", "WyJhIl0"])
def test_a_cursor_that_is_not_ours_is_told_so(to: To, after: str) -> None:
    assert to("GET", f"log?after={after}").status_code == 422


def test_who_may_not_read_the_log_reads_what_every_reader_sees(
    to: To, call: Call, incident: Event, hugo: Person
) -> None:
    to("GET", "summary")
    whole = [row["kind"] for row in to("GET", "log").json()["items"]]
    part = [row["kind"] for row in to("GET", "log", role="tib").json()["items"]]
    assert "export.made" in whole
    assert "export.made" not in part
    assert "event.assessed" in part


@pytest.mark.says(
    "S2-045",
    "vad som hänt, när det hänt, vem som hanterat det och vilka beslut som fattats och av vem",
)
def test_the_summary_is_the_page_s_and_stands_in_the_log(to: To, incident: Event) -> None:
    said = to("GET", "summary").json()
    assert said["number"] == incident.number
    assert set(said) >= {"what", "when", "who", "decisions"}
    assert Entry.objects.filter(chain=incident.number, kind="export.made").count() == 1


def test_actions_of_all_cases_come_the_most_overdue_first(to: To, call: Call, hugo: Person) -> None:
    now = timezone.now()
    for days in (3, -2, 1):
        due = (now + timedelta(days=days)).isoformat()
        task = {"title": f"om {days}", "kind": "recovery", "owner": hugo.pk, "due_at": due}
        to("POST", "actions", task)
    to("POST", "actions", {"title": "utan tid", "kind": "preventive", "owner": hugo.pk})
    first = call("GET", "/actions?limit=3").json()
    assert [row["title"] for row in first["items"]] == ["om -2", "om 1", "om 3"]
    rest = call("GET", f"/actions?limit=3&after={first['next']}").json()
    assert [row["title"] for row in rest["items"]] == ["utan tid"]
    done = first["items"][0]
    to("POST", f"actions/{done['id']}/progress", {"state": "done", "note": "Klart."})
    assert len(call("GET", "/actions").json()["items"]) == 3
    assert len(call("GET", "/actions?state=all&kind=recovery").json()["items"]) == 3
    steps = to("GET", f"actions/{done['id']}").json()["steps"]
    assert [(step["state"], step["note"]) for step in steps] == [("done", "Klart.")]


def test_conclusions_are_kept_newest_first(to: To) -> None:
    for lessons in ("Ett.", "Två."):
        to("POST", "conclusions", REVIEW | {"lessons": lessons})
    assert [row["lessons"] for row in to("GET", "conclusions").json()] == ["Två.", "Ett."]


def test_what_follows_from_conclusions_is_assigned_with_them(
    to: To, hugo: Person, incident: Event
) -> None:
    body = REVIEW | {"improvements": [{"title": "Tvåfaktor", "owner": hugo.pk}]}
    before = Entry.objects.filter(chain=incident.number).count()
    assert to("POST", "conclusions", body).status_code == 201
    (made,) = to("GET", "handling").json()["actions"]
    assert (made["title"], made["kind"]) == ("Tvåfaktor", "preventive")
    assert Entry.objects.filter(chain=incident.number).count() == before + 2
