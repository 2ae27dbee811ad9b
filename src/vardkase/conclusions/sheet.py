"""Everything small that hangs on one case, in one statement: the case page pays for it once."""

import json
from collections import Counter
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from vardkase.assessment.models import Assessment, Referral
from vardkase.events.models import AssetLink, Attachment, Event, Raised, Ticket
from vardkase.incidents.models import Action, Incident, Milestone, Part, Relation, Situation, Watch
from vardkase.incidents.rules import IMPROVING, Facts, Traits
from vardkase.lib.built import Blank, Built

from .models import Conclusion
from .rows import Alarmed, Concluded, Drew, File, Handed, Hit, Reached, Taking, ToDo, Watched, Wrote

MOST = 100  # rows of one sort that are read; a case that has more shows the first


@dataclass(frozen=True, slots=True)
class Sheet:
    """One case. `incident` is None while the event is none."""

    incident: int | None
    opened_at: datetime | None
    assessed_at: datetime | None
    effects: dict[str, str]
    open_referrals: int
    situation: Wrote | None
    relation: Drew | None
    conclusion: Concluded | None
    milestones: tuple[Reached, ...]
    actions: tuple[ToDo, ...]
    parts: tuple[Taking, ...]
    assets: tuple[Hit, ...]
    attachments: tuple[File, ...]
    tickets: tuple[Handed, ...]
    alarms: tuple[Alarmed, ...]
    watches: tuple[Watched, ...]

    def standing(self, kind: str) -> Reached | None:
        """The row that counts for a milestone, if it is reached."""
        last = next((m for m in reversed(self.milestones) if m.kind == kind), None)
        return last if last and last.reached else None

    def since(self, kind: str) -> datetime | None:
        row = self.standing(kind)
        return row.reached_at if row else None

    def facts(self, case: Event) -> Facts:
        """What the steps and the closing of `case` depend on."""
        said = self.conclusion
        kept = [action for action in self.actions if action.state != Action.State.DROPPED]
        return Facts(
            state=case.state,
            reported_at=case.reported_at,
            received_at=case.received_at,
            noticed_at=case.discovered_at or case.happened_at,
            assessed_at=self.assessed_at,
            effects=self.effects,
            open_referrals=self.open_referrals,
            opened_at=self.opened_at,
            under_control_at=self.since(Milestone.Kind.UNDER_CONTROL),
            restored_at=self.since(Milestone.Kind.RESTORED),
            closed_at=self.since(Milestone.Kind.CLOSED),
            open_actions=Counter(action.kind for action in self.actions if action.is_open),
            improvements=sum(action.kind in IMPROVING for action in kept),
            concluded_at=said.at if said else None,
            cause_kind=said.cause_kind if said else "",
            harm=f"{said.direct_harm} {said.indirect_harm}" if said else "",
            disclosed=said.disclosed if said else "",
            altered=said.altered if said else "",
        )

    def traits(self, case: Event) -> Traits:
        """What the case is compared with earlier ones by."""
        cause = self.conclusion.cause_kind if self.conclusion else ""
        assets = frozenset(asset.pk for asset in self.assets)
        return Traits(assets, case.category, case.unit_id, cause)


def sheet(case: Event) -> Sheet:
    """Everything small that hangs on `case`; one statement. Ask access before you show it."""
    (found,) = SHEET.rows(case=case.pk)
    row = dict(zip(columns(), found, strict=True))
    return Sheet(
        incident=row["incident_id"],
        opened_at=row["opened_at"],
        assessed_at=row["assessed_at"],
        effects=json.loads(row["effects"] or "{}"),
        open_referrals=row["open_referrals"] or 0,
        situation=one(Wrote, row["situation"]),
        relation=one(Drew, row["relation"]),
        conclusion=one(Concluded, row["conclusion"]),
        milestones=all_of(Reached, row["milestones"]),
        actions=all_of(ToDo, row["actions"]),
        parts=all_of(Taking, row["parts"]),
        assets=all_of(Hit, row["assets"]),
        attachments=all_of(File, row["files"]),
        tickets=all_of(Handed, row["ticketed"]),
        alarms=all_of(Alarmed, row["alarmed"]),
        watches=all_of(Watched, row["watched"]),
    )


def built() -> QuerySet[Any, Any]:
    return Event.objects.filter(pk=Blank("case")).order_by().values(**columns())


@cache
def columns() -> dict[str, Any]:
    mine = OuterRef("pk")
    judged = Assessment.objects.filter(event=mine)
    incident = Incident.objects.filter(event=mine)
    of_incident = {"incident__event": mine}
    return {
        "incident_id": Subquery(incident.values("pk")),
        "opened_at": Subquery(incident.values("opened_at")),
        "assessed_at": Subquery(judged.order_by("pk").values("at")[:1]),
        "effects": Subquery(judged.order_by("-pk").values("effects")[:1]),
        "open_referrals": Subquery(counted(Referral.objects.filter(event=mine, answer=None))),
        "situation": last(Situation.objects.filter(**of_incident), Wrote),
        "relation": last(Relation.objects.filter(**of_incident), Drew),
        "conclusion": last(Conclusion.objects.filter(**of_incident), Concluded),
        "milestones": many(Milestone.objects.filter(**of_incident), Reached),
        "actions": many(
            Action.objects.filter(**of_incident), ToDo, owner_name="owner__name"
        ),
        "parts": many(
            Part.objects.filter(**of_incident, ended_at=None),
            Taking, name="person__name", title="person__title", phone="person__phone",
        ),
        "assets": many(
            AssetLink.objects.filter(event=mine, ended_at=None),
            Hit,
            **{name: f"asset__{name}" for name in names(Hit)}
            | {"supplier": "asset__supplier__name", "supplier_phone": "asset__supplier__phone"},
        ),
        "files": many(Attachment.objects.filter(event=mine), File),
        "ticketed": many(Ticket.objects.filter(event=mine), Handed),
        "watched": many(
            Watch.objects.filter(action__incident__event=mine),
            Watched,
            name="asset__name", state="action__state", until_at="action__due_at",
        ),
        "alarmed": many(
            Raised.objects.filter(event=mine, undone_at=None),
            Alarmed,
            **{name: f"detection__{name}" for name in ("title", "source", "severity", "count")},
        ),
    }  # fmt: skip


def names(of: type) -> list[str]:
    return [field.name for field in fields(of)]


def many(rows: QuerySet[Any], of: type, **elsewhere: str) -> ArraySubquery:
    """The first `MOST` of `rows`, oldest first, as objects with the fields of `of`."""
    paths = {name: name for name in names(of)} | elsewhere
    found = JSONObject(**{name: F(path) for name, path in paths.items()})
    return ArraySubquery(rows.order_by("pk").values(found=found)[:MOST])


def counted(rows: Any) -> Any:
    return rows.order_by().values("event").annotate(number=Count("pk")).values("number")


def last(rows: QuerySet[Any], of: type) -> Subquery:
    """The last of `rows` as an object with the fields of `of`."""
    found = JSONObject(**{name: F(name) for name in names(of)})
    return Subquery(rows.order_by("-pk").values(found=found)[:1])


def one[T](of: type[T], row: str | None) -> T | None:
    return made(of, row) if row else None


def all_of[T](of: type[T], rows: list[str]) -> tuple[T, ...]:
    return tuple(made(of, row) for row in rows)


def made[T](of: type[T], row: str) -> T:
    """`row` as `of`; PostgreSQL writes moments in JSON as ISO 8601."""
    return of(
        **{
            name: datetime.fromisoformat(value)
            if value and (name == "at" or name.endswith("_at"))
            else value
            for name, value in json.loads(row).items()
        }
    )


SHEET = Built(built)
