"""What changes in the organisation: units, people, teams, responsibilities, documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from vardkase.access.actor import Actor, Scope
from vardkase.decisionlog.services import decision, permit
from vardkase.lib.changes import Refused, cleaned

from . import rules
from .editing import add, check, edit, stored
from .models import Document, Person, Responsibility, Team, TeamMember, Unit

UNIT = ("name", "phone", "email", "routine", "form_note")
PERSON = ("username", "name", "title", "email", "phone", "unit")
TEAM = ("name", "unit", "crisis", "note")
DOCUMENT = ("title", "version", "link", "step", "since")


def room(unit: Unit) -> Scope:
    """A change of `unit` or of what belongs to it: its log is the room's."""
    return Scope.room("organisation", unit=unit.path)


def add_unit(values: Mapping[str, Any], *, under: Unit, by: Actor, at: datetime) -> Unit:
    """A new unit under `under`; raises `Refused`."""
    ready = cleaned(Unit, values, UNIT)
    with decision("unit.changed", scope=room(under), by=by, at=at) as log:
        unit = Unit(**ready, parent=stored(under), path=f"?{at.timestamp()}")
        check(unit)
        unit.save()
        unit.path = path_under(unit, unit.parent)
        unit.save(update_fields=["path"])
        log.note(unit=unit.pk, under=under.pk, added=ready)
    return unit


def change_unit(
    unit: Unit, values: Mapping[str, Any], *, by: Actor, at: datetime, seen: str = ""
) -> Unit:
    return edit(
        unit, values, fields=UNIT, kind="unit.changed", scope=room(unit), by=by, at=at, seen=seen
    )


def move_unit(unit: Unit, *, under: Unit, by: Actor, at: datetime) -> Unit:
    """Put `unit` with all below it under another; every path follows in the same decision."""
    permit("unit.changed", scope=room(under), by=by)
    with decision("unit.changed", scope=room(unit), by=by, at=at) as log:
        moved, target = stored(unit), stored(under)
        if moved.parent_id is None or target.path.startswith(moved.path):
            raise Refused({"under": _("Choose a unit that is not part of this one.")})
        if target.closed_at:
            raise Refused({"under": _("That unit is closed. Choose another.")})
        old, before = moved.path, moved.parent_id
        moved.parent, moved.path = target, path_under(moved, target)
        check(moved)
        shift(old, moved.path)
        moved.save(update_fields=["parent"])
        log.note(unit=moved.pk, under=[before, target.pk], path=[old, moved.path])
    return moved


def path_under(unit: Unit, parent: Unit | None) -> str:
    path = f"{parent.path if parent else '/'}{unit.pk}/"
    if len(path) > rules.LONGEST_PATH:
        raise Refused({"under": _("The tree is too deep there. Choose a unit nearer the top.")})
    return path


def shift(old: str, new: str) -> None:
    """Let every path that begins with `old` begin with `new`."""
    below = Unit.objects.filter(path__startswith=old)
    longest = max(len(path) for path in below.values_list("path", flat=True))
    if longest - len(old) + len(new) > rules.LONGEST_PATH:
        raise Refused({"under": _("The tree is too deep there. Choose a unit nearer the top.")})
    below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))


def close_unit(unit: Unit, *, by: Actor, at: datetime) -> Unit:
    """Take `unit` out of choices; what belongs to it stays. Its open parts must be moved first."""
    with decision("unit.changed", scope=room(unit), by=by, at=at) as log:
        if unit.parent_id is None:
            raise Refused(_("The organisation itself cannot be closed."))
        if Unit.objects.filter(parent=unit, closed_at=None).exists():
            raise Refused(_("Close or move the units below it first."))
        Unit.objects.filter(pk=unit.pk).update(closed_at=at)
        log.note(unit=unit.pk, closed=True)
    return stored(unit)


def reopen_unit(unit: Unit, *, by: Actor, at: datetime) -> Unit:
    with decision("unit.changed", scope=room(unit), by=by, at=at) as log:
        if unit.parent and unit.parent.closed_at:
            raise Refused(_("Open the unit above it first."))
        Unit.objects.filter(pk=unit.pk).update(closed_at=None)
        log.note(unit=unit.pk, closed=False)
    return stored(unit)


def add_person(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Person:
    """A person without a way to log in: that comes with an invitation. Raises `Refused`."""
    ready = person_values(values)
    person = Person()
    person.set_unusable_password()
    scope = room(ready["unit"])
    return add(person, ready, fields=PERSON, kind="person.changed", scope=scope, by=by, at=at)


def change_person(
    person: Person, values: Mapping[str, Any], *, by: Actor, at: datetime, seen: str = ""
) -> Person:
    ready, scope = person_values(values), room(person.unit)
    permit("person.changed", scope=room(ready.get("unit", person.unit)), by=by)
    return edit(
        person, ready, fields=PERSON, kind="person.changed", scope=scope, by=by, at=at, seen=seen
    )


def person_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with the login name as it is compared; raises `Refused`."""
    ready = dict(values)
    if "username" in ready:
        ready["username"] = rules.login_name(str(ready["username"]))
        if not ready["username"]:
            raise Refused(
                {"username": _("Use a to z, digits, dot, hyphen, underscore and @; 2 to 80 signs.")}
            )
    return ready


def add_team(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Team:
    scope = room(values["unit"])
    return add(Team(), values, fields=TEAM, kind="team.changed", scope=scope, by=by, at=at)


def change_team(
    team: Team, values: Mapping[str, Any], *, by: Actor, at: datetime, seen: str = ""
) -> Team:
    permit("team.changed", scope=room(values.get("unit", team.unit)), by=by)
    return edit(
        team, values, fields=TEAM, kind="team.changed", scope=room(team.unit), by=by, at=at,
        seen=seen,
    )  # fmt: skip


def close_team(team: Team, *, by: Actor, at: datetime) -> None:
    with decision("team.changed", scope=room(team.unit), by=by, at=at) as log:
        Team.objects.filter(pk=team.pk, closed_at=None).update(closed_at=at)
        log.note(team=team.pk, closed=True)


def set_calling_order(team: Team, people: list[Person], *, by: Actor, at: datetime) -> None:
    """Who is in the team, the first to be called first; who is left out is in it no more."""
    with decision("team.changed", scope=room(team.unit), by=by, at=at) as log:
        now = {m.person_id: m for m in TeamMember.objects.filter(team=team, ended_at=None)}
        before = list(now)
        for place, person in enumerate(dict.fromkeys(people), 1):
            member = now.pop(person.pk, None) or TeamMember(team=team, person=person)
            member.place = place
            member.save()
        TeamMember.objects.filter(pk__in=[m.pk for m in now.values()]).update(ended_at=at)
        log.note(team=team.pk, members=[before, [person.pk for person in people]])


def give_responsibility(
    person: Person, code: str, *, unit: Unit, by: Actor, at: datetime
) -> Responsibility:
    """Name `person` as the one who answers for `code` in `unit`; raises `Refused`."""
    with decision("unit.changed", scope=room(unit), by=by, at=at) as log:
        row = Responsibility(code=code, person=person, unit=unit, since=at)
        if code not in rules.responsibilities(at, on="unit"):
            raise Refused({"code": _("Choose one of the responsibilities.")})
        if Responsibility.objects.filter(
            code=code, person=person, unit=unit, ended_at=None
        ).exists():
            raise Refused({"person": _("This person has that responsibility already.")})
        row.save()
        log.note(unit=unit.pk, responsible={"code": code, "person": person.pk})
    return row


def end_responsibility(row: Responsibility, *, by: Actor, at: datetime) -> None:
    with decision("unit.changed", scope=room(row.unit), by=by, at=at) as log:
        Responsibility.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)
        log.note(unit=row.unit_id, responsible_no_more={"code": row.code, "person": row.person_id})


def add_document(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Document:
    """A governing document; an earlier version of the same title in that step ends with it."""
    ready = cleaned(Document, {"step": Document.Step.ALL, **values}, DOCUMENT)
    with decision("organisation.changed", scope=Scope.room("organisation"), by=by, at=at) as log:
        older = Document.objects.filter(title=ready["title"], step=ready["step"], ended_at=None)
        replaced = [row.pk for row in older]
        older.update(ended_at=at)
        document = Document.objects.create(**ready)
        log.note(document=document.pk, title=document.title, version=document.version)
        log.note(link=document.link, replaces=replaced)
    return document


def end_document(document: Document, *, by: Actor, at: datetime) -> None:
    with decision("organisation.changed", scope=Scope.room("organisation"), by=by, at=at) as log:
        Document.objects.filter(pk=document.pk, ended_at=None).update(ended_at=at)
        log.note(document=document.pk, ended=True)
