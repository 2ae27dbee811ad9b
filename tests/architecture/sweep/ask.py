"""Asks one address for one case, and judges the answer by the oracle alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

from django.http import HttpResponse

from tests.access.oracle import OWN, Meeting, letters
from tests.architecture.routes import Route
from tests.architecture.sweep.verbs import NAMES, THINGS, VERBS, Verb
from tests.architecture.sweep.world import NEVER, World
from tests.database import undone
from vardkase.decisionlog.models import Entry
from vardkase.decisionlog.requests import ROOM
from vardkase.events.models import Event

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|data-now="[^"]*"|20\d\d-\d{4,}'
    rb"|\d\d[.:]\d\d"
)
LET_IN = range(200, 400)


@dataclass(frozen=True, slots=True)
class Question:
    route: Route
    method: str
    meeting: Meeting

    def __str__(self) -> str:
        return f"{self.method} /{self.route.pattern} {self.meeting}"

    @property
    def verb(self) -> Verb | None:
        return VERBS.get(self.row)

    @property
    def row(self) -> str:
        return f"{self.method} {self.route.pattern}"

    @property
    def takes_only_post(self) -> bool:
        return self.method == "GET" and f"POST {self.route.pattern}" in VERBS

    @property
    def seen_as(self) -> Meeting:
        """A token is nobody's colleague: it reports nothing, is member of nothing."""
        if not self.route.is_api:
            return self.meeting
        m = self.meeting
        return Meeting(m.role, m.cleared, m.place, m.labels, m.sealed, "none")

    def expected(self) -> int:
        """200 for let in, 403 for forbidden, 404 for not there."""
        action, meeting = str(self.route.access), self.seen_as
        if not has_any(meeting.role, action, person=not self.route.is_api):
            return 403
        handles = action == "read_status" or meeting.expected("read")  # more than a reporter
        if meeting.expected(action) and handles:
            return 200 if self.verb is None or meeting.decides(self.verb.kind) else 403
        return 403 if meeting.expected("read_status") else 404


def has_any(role: str, action: str, *, person: bool) -> bool:
    """Whether the role reaches the action anywhere: the door's first question."""
    if action == "signed in":
        return True
    own = person and action in OWN and role != "sysadmin"
    return own or letters()[role][action] not in "-O"


def parameters(route: Route) -> list[str]:
    return PARAMETER.findall(route.pattern)


def address(route: Route, world: World, case: Event, number: str) -> str:
    """The address of `case`, made ready; `number` stands in it for the case."""

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if name == "number":
            return number
        if name in NAMES:
            return str(NAMES[name](world, case))
        return str(THINGS[route.pattern](world, case).pk)

    return "/" + PARAMETER.sub(fill, route.pattern)


def send(question: Question, world: World, url: str, case: Event) -> HttpResponse:
    world.client.cookies.pop("messages", None)  # what an earlier answer said for the next page
    body = question.verb.sent(world, case) if question.verb else {}
    extra: dict[str, Any] = {}
    if question.route.is_api:
        extra = {"headers": {"Authorization": f"Bearer {world.secret}"}}
        extra |= {"content_type": "application/json"} if question.method != "GET" else {}
    answer: HttpResponse = getattr(world.client, question.method.lower())(url, body, **extra)
    return answer


def faults(question: Question, world: World) -> Iterator[str]:
    """What the answer does that the oracle does not expect."""
    case, verb = world.case(question.meeting), question.verb
    with undone():
        if verb:
            verb.before(world, case)
        url = address(question.route, world, case, case.number)
        before = entries(case) if verb else 0
        answer = send(question, world, url, case)
        written = entries(case) - before if verb else 0
        if answer.status_code == 404:
            yield from oracles(question, world, answer, case, url)
    got, expected = answer.status_code, question.expected()
    if got == 405 and question.takes_only_post:
        return
    refused = verb is not None and verb.refuses and got in (409, 422)
    if not (got in LET_IN or refused if expected == 200 else got == expected):
        yield f"{question}: {got}, not {expected}"
    if verb and written:
        world.done.add(question.row)
    if verb and written != (1 if got in LET_IN else 0):
        yield f"{question}: {got}, and {written} entries in the case's log"


def entries(case: Event) -> int:
    """How much stands in the case's log, and in that of what waits for a second person."""
    return Entry.objects.filter(chain__in=[case.number, ROOM.number]).count()


def oracles(
    question: Question, world: World, answer: HttpResponse, case: Event, url: str
) -> Iterator[str]:
    """Whether hidden differs in any byte from never there."""
    never = send(question, world, url.replace(case.number, NEVER), case)
    if (never.status_code, masked(never)) != (404, masked(answer)):
        yield f"{question}: hidden is not answered as what never was{difference(answer, never)}"


def difference(one: HttpResponse, other: HttpResponse) -> str:
    lines = unified_diff(*(masked(a).decode().splitlines() for a in (one, other)), n=0, lineterm="")
    return "\n".join(["", str(other.status_code), *lines][:8])


def masked(answer: HttpResponse) -> bytes:
    return CHANGING.sub(b"", answer.content)
