"""How the fictitious region handled its incidents: actions, milestones, conclusions, an end."""

from datetime import datetime, timedelta
from typing import Any

from vardkase.events.models import Event
from vardkase.incidents.models import Action
from vardkase.organisation.models import Person
from vardkase.organisation.queries import actor_of
from vardkase.workflow.conclude import Review, Unfinished, close, conclude
from vardkase.workflow.handle import (
    Chain,
    Judged,
    Task,
    assign_action,
    decide,
    declare_restored,
    declare_under_control,
    draw_relation,
    note,
    progress_action,
    update_situation,
)

from .informing import inform, leave
from .reporting import send, settle
from .world import World

LEADER = "eva.rask"  # may read every case of the year, and decides its end
RESOLVER, CLEARED = "johan.ek", "lena.fors"  # the second where a label closes the case to the first
STEPS = ("open", "control", "restored", "closed")
CAUSES = {
    "technical_failure": "fault", "malware": "crime", "technical_attack": "crime",
    "breach_of_rule": "negligence", "compromise_of_functions": "negligence",
    "natural_disaster": "outside", "infrastructure_failure": "outside",
}  # fmt: skip


class Handling:
    """One incident from its assessment to as far as it came."""

    def __init__(self, event: Event, row: dict[str, Any], world: World, at: datetime) -> None:
        self.row, self.world, self.begun, self.at = row, world, at, at
        self.event = Event.objects.select_related("unit").get(pk=event.pk)
        self.pace = timedelta(minutes=20) if row["ago"] < 3 else timedelta(hours=3)

    def by(self, username: str) -> Any:
        return actor_of(self.world.people[username], self.at)

    def wait(self) -> dict[str, Any]:
        """Time passes; who acts and when, for the next verb."""
        self.at += self.pace
        self.event = Event.objects.select_related("unit").get(pk=self.event.pk)
        return {"by": self.by(LEADER), "at": self.at}

    @property
    def resolver(self) -> Person:
        return self.world.people[CLEARED if self.row.get("labels") else RESOLVER]

    def run(self) -> None:
        reached = STEPS.index(self.row.get("end", "open"))
        task = self.first_action()
        self.settle()
        if self.row.get("story"):
            self.tell(self.row["story"])
        if reached >= STEPS.index("control"):
            progress_action(task, Action.State.DONE, "Klart.", **self.wait())
            declare_under_control(self.event, self.judged("Det sprider sig inte."), **self.wait())
        if reached >= STEPS.index("restored"):
            declare_restored(self.event, self.judged("Arbetet går som vanligt."), **self.wait())
        if reached == STEPS.index("closed"):
            self.end()

    def settle(self) -> None:
        """Whether it must be reported; of young cases that is still asked."""
        self.wait()
        self.at = settle(self.event, self.row, self.world, self.at)

    def first_action(self) -> Action:
        title = self.row.get("action", "Begränsa skadan och säkra loggar")
        owner, due = self.resolver, self.at + timedelta(hours=8)
        return assign_action(self.event, Task(title, "immediate", owner, due), **self.wait())

    def judged(self, reason: str) -> Judged:
        return Judged(reason=reason, reached_at=self.at)

    def tell(self, story: dict[str, Any]) -> None:
        for text in story["notes"]:
            note(self.event, text, **self.wait())
        for text in story["decisions"]:
            decide(self.event, text, **self.wait())
        draw_relation(self.event, Chain(**story["chain"]), **self.wait())
        for title, kind, owner, hours in story["actions"]:
            due = self.at + timedelta(hours=hours)
            task = Task(title, kind, self.world.people[owner], due)
            assign_action(self.event, task, **self.wait())
        update_situation(self.event, story["situation"], **self.wait())
        self.wait()
        inform(self.event, story["information"], self.world, self.at)

    def end(self) -> None:
        improvement = Task(
            self.row["lesson"][:120], "preventive", self.resolver,
            self.at + timedelta(days=30),
        )  # fmt: skip
        review = Review(
            cause_kind=CAUSES.get(self.row["category"], "way_of_working"),
            cause=self.row["reason"],
            course=f"{self.row['what']} {self.row['reason']}",
            direct_harm="Merarbete för enheten.",
            lessons=self.row["lesson"],
            disclosed="no",
            altered="no",
            checked_how="Loggarna för tiden är genomgångna.",
        )
        conclude(self.event, review, [improvement], **self.wait())
        done = self.event.incident.actions.get(kind="preventive")
        if self.row["ago"] > 60:
            progress_action(done, Action.State.DONE, "Infört.", **self.wait())
        if self.row.get("care_harm"):
            self.wait()
            send(self.event, "final", self.world, self.at)
        self.close()

    def close(self) -> None:
        """With a reason for whatever is missing, as the page asks for it."""
        text = "Avslutat efter uppföljning."
        try:
            close(self.event, {}, text=text, **self.wait())
        except Unfinished as unfinished:
            reasons = dict.fromkeys(unfinished.missing, "Bedöms inte behövas i det här ärendet.")
            close(self.event, reasons, text=text, **self.wait())
        self.wait()
        leave(self.event, self.world, self.at)
