"""What the sweep sends to each address that changes something, and what it must find there first.

A new page or operation that takes POST fails the sweep until it has a row here: the kind of
decision that it makes, and the least that it accepts.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from tests.architecture.sweep.world import World
from tests.conftest import LONG_AGO, NOW
from vardkase.assessment.models import Merge, Referral
from vardkase.assets.models import Asset
from vardkase.communication.models import Affected, Bulletin, Handover, Package, Receipt, Version
from vardkase.conclusions.rules import CLOSING
from vardkase.delivery.models import Notice
from vardkase.detections.models import Detection
from vardkase.events.models import AssetLink, Attachment, Event, Raised, Statement
from vardkase.incidents.models import Action, Incident, Milestone, Part
from vardkase.lib.files import place
from vardkase.obligations.models import Entity, Obligation, SisterReport, Struck, Submission
from vardkase.organisation.models import Grant, Token

SHA256_OF_NOTHING = hashlib.sha256().hexdigest()

type Make = Callable[[World, Event], Any]


@dataclass(frozen=True, slots=True)
class Verb:
    """A change: its kind of decision, what to send, and what is made ready before."""

    kind: str
    body: dict[str, Any] | Make
    before: Make = lambda world, case: None
    refuses: bool = False  # rules of its own may say 409 where access says yes
    succeeds: bool = True  # False: it needs more than this world has; its own tests show it

    def sent(self, world: World, case: Event) -> dict[str, Any]:
        found: dict[str, Any] = self.body(world, case) if callable(self.body) else self.body
        return found


def merged(world: World, case: Event) -> Merge:
    return Merge.objects.create(event=case, into=world.spare, at=NOW, by="p1", was=case.state)


def statement(world: World, case: Event) -> Statement:
    return Statement.objects.create(event=case, question="what", answer="x", at=NOW, by="p1")


def attachment(world: World, case: Event) -> Attachment:
    path = place(settings.FILES, SHA256_OF_NOTHING)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return Attachment.objects.create(
        event=case, name="a.txt", size=0, sha256=SHA256_OF_NOTHING, at=NOW, by="p1"
    )


def referral(world: World, case: Event) -> Referral:
    return Referral.objects.create(
        event=case, person=world.person, question="x", due_at=soon(), at=NOW, by="p1"
    )


def soon() -> Any:
    return timezone.now() + timedelta(days=2)


def handled(world: World, case: Event) -> Incident:
    Event.objects.filter(pk=case.pk).update(state=Event.State.CONFIRMED_INCIDENT)
    return Incident.objects.get_or_create(event=case, defaults={"opened_at": NOW})[0]


def closed(world: World, case: Event) -> None:
    handled(world, case)
    Event.objects.filter(pk=case.pk).update(state=Event.State.CLOSED)


def reached(kind: str) -> Make:
    def make(world: World, case: Event) -> Milestone:
        return Milestone.objects.create(
            incident=handled(world, case), kind=kind, reached=True, reached_at=NOW, reason="x",
            at=NOW, by="p1",
        )  # fmt: skip

    return make


def action(world: World, case: Event) -> Action:
    return Action.objects.create(
        incident=handled(world, case), title="x", kind="recovery", owner=world.colleague, at=NOW,
        by="p1",
    )  # fmt: skip


def part(world: World, case: Event) -> Part:
    return Part.objects.create(
        incident=handled(world, case), person=world.person, part="scribe", at=NOW, by="p1"
    )


def company() -> Entity:
    return Entity.objects.get_or_create(name="Regionbuss AB", defaults={"kind": "company"})[0]


def struck(world: World, case: Event) -> Entity:
    Struck.objects.get_or_create(
        event=case, entity=company(), ended_at=None, defaults={"at": NOW, "by": "p1"}
    )
    return company()


def sister(world: World, case: Event) -> SisterReport:
    return SisterReport.objects.create(event=case, actor="x", at=NOW, by="p1")


def submitted(world: World, case: Event) -> Submission:
    us, _ = Entity.objects.get_or_create(own=True, defaults={"name": "Region Exempel"})
    kept, _ = Obligation.objects.get_or_create(
        event=case, entity=us, regime="eu-gdpr", defaults={"verdict": "undetermined", "at": NOW}
    )
    return Submission.objects.create(
        obligation=kept, step="imy", sent_at=NOW, recipient="IMY", prepared_by="p1", digest="x",
        at=NOW, by="p1",
    )  # fmt: skip


def tied(world: World, case: Event) -> Raised:
    mark = hashlib.blake2b(case.number.encode(), digest_size=16).digest()
    group, _ = Detection.objects.get_or_create(
        fingerprint=mark,
        defaults={
            "source": "x", "kind": "alert", "title": "x", "severity": 1, "count": 1,
            "first_at": NOW, "last_at": NOW, "hour": 0, "received_at": NOW,
        },
    )  # fmt: skip
    Raised.objects.filter(detection=group).update(undone_at=NOW)
    return Raised.objects.create(
        event=case, detection=group, rule="x", severity=1, count=1, at=NOW, by="p1"
    )


def alarmed(world: World, case: Event) -> None:
    once = {"once": f"alarm:{case.number}:x:{world.person.key}", "digest": case.number}
    Notice.objects.create(
        kind="alarm", case=case.number, person=world.person, path="/", at=NOW, **once
    )


def this_asset(world: World, case: Event) -> dict[str, Any]:
    return {"asset": Asset.objects.get(name="Journal").pk, "do": "link"}


def decided(world: World, case: Event) -> dict[str, Any]:
    return {"text": "x", "role": world.person.grants.get().role}


def by_colleague(**more: Any) -> Make:
    return lambda world, case: {"owner": world.colleague.username, **more}


def written(world: World, case: Event) -> Bulletin:
    """A text to the media that somebody else wrote and nobody has approved."""
    made = Bulletin.objects.create(event=case, audience="media", at=NOW, by="p0")
    Version.objects.create(bulletin=made, heading="x", text="x", at=NOW, by="p0")
    return made


def read_and_approved(world: World, case: Event) -> dict[str, Any]:
    return {"approved": True, "expected": Version.objects.latest("pk").pk}


def offered(world: World, case: Event) -> None:
    """The lead, offered to the crisis organisation."""
    handled(world, case)
    Handover.objects.create(
        event=case, to_crisis=True, person=world.colleague, state="x", entries=1, at=NOW, by="p0"
    )


def an_officer(world: World, case: Event) -> None:
    """Personal data is affected, and the colleague is data protection officer."""
    handled(world, case)
    Grant.objects.create(
        person=world.colleague,
        role="dpo",
        unit=world.units["above"],
        labels=case.labels,
        since=LONG_AGO,
        reason="x",
        by="p0",
    )


def handed(world: World, case: Event) -> None:
    made = Package.objects.create(event=case, content={}, digest="x", at=NOW, by="p0")
    Receipt.objects.create(package=made, person=world.person)


def handed_to_its_maker(world: World, case: Event) -> None:
    """To the person whom the token receives for."""
    handed(world, case)
    Token.objects.filter(pk=world.token.pk).update(by=f"p{world.person.pk}")


def somebody(world: World, case: Event) -> Affected:
    """Somebody whom the case affects."""
    return Affected.objects.create(event=case, audience="data_subjects", name="x", at=NOW, by="p0")


# What an address names besides the case: made under that case, and asked for under others too.
THINGS: dict[str, Make] = {
    "arenden/<str:number>/uppgifter/<int:pk>": statement,
    "arenden/<str:number>/filer/<int:pk>": attachment,
    "api/v1/events/<number>/referrals/<pk>/answer": referral,
    "handelser/<str:number>/sla-ihop/<int:pk>/hav": merged,
    "handelser/<str:number>/overforingar/<int:pk>": referral,
    "arenden/<str:number>/roller/<int:pk>/lamna": part,
    "arenden/<str:number>/larm-fran-system/<int:pk>/bort": tied,
    **dict.fromkeys(
        (
            "arenden/<str:number>/atgarder/<int:pk>",
            "arenden/<str:number>/atgarder/<int:pk>/gang",
            "arenden/<str:number>/atgarder/<int:pk>/lamna-over",
        ),
        action,
    ),
    **dict.fromkeys(
        (
            "api/v1/events/<number>/actions/<pk>",
            "api/v1/events/<number>/actions/<pk>/progress",
            "api/v1/events/<number>/actions/<pk>/hand-over",
        ),
        action,
    ),
    "api/v1/events/<number>/parts/<pk>/end": part,
    "api/v1/events/<number>/submissions/<pk>/reply": submitted,
    **dict.fromkeys(
        (
            *(
                f"arenden/<str:number>/information/<int:pk>{end}"
                for end in ("", "/andra", "/granska", "/lamnad", "/alla", "/pdf")
            ),
            *(
                f"api/v1/events/<number>/information/<pk>/{end}"
                for end in ("versions", "verdict", "sent", "law", "complete")
            ),
        ),
        written,
    ),
    "arenden/<str:number>/drabbade/<int:pk>": somebody,
    "arenden/<str:number>/drabbade/<int:pk>/skyddad": somebody,
    "api/v1/events/<number>/affected/<pk>/contact": somebody,
    "api/v1/events/<number>/affected/<pk>/protect": somebody,
    "arenden/<str:number>/rapportering/skickat/<int:pk>/svar": submitted,
    "api/v1/events/<number>/entities/<pk>/end": struck,
    "api/v1/events/<number>/sister-reports/<pk>/end": sister,
    "arenden/<str:number>/rapportering/andras-rapporter/<int:pk>/bort": sister,
    "arenden/<str:number>/rapportering/juridiska-personer/<int:pk>/bort": struck,
}
# What stands for a whole in an address: another case's number, for example.
NAMES: dict[str, Make] = {
    "into": lambda world, case: world.spare.number,
    "regime": lambda world, case: "eu-gdpr",
    "step": lambda world, case: "imy",
    "field": lambda world, case: "controller",
    "kind": lambda world, case: "txt",
    "asset": lambda world, case: journal(case).pk,
    "milestone": lambda world, case: "confirmed",
    "audience": lambda world, case: "media",
}


def colleague(world: World, case: Event) -> dict[str, Any]:
    return {"person": world.colleague.pk}


def a_member(world: World, case: Event) -> None:
    Event.objects.filter(pk=case.pk).update(members=[*case.members, world.colleague.pk])


def in_conflict(world: World, case: Event) -> None:
    Event.objects.filter(pk=case.pk).update(conflicts=[*case.conflicts, world.colleague.pk])


def journal(case: Event) -> Asset:
    return Asset.objects.get_or_create(name="Journal", kind="system", unit=case.unit)[0]


def hit(world: World, case: Event) -> None:
    AssetLink.objects.create(event=case, asset=journal(case), at=NOW, by="p1")


def an_asset(world: World, case: Event) -> None:
    journal(case)


NEXT_YEAR = date.today().year + 1  # noqa: DTZ011  within the ten years that are taken
API = "api/v1/events/<number>"
PAGE = "handelser/<str:number>"
CASE = "arenden/<str:number>"
JUDGED = {"reason": "x", "reached_at": "2026-11-22T09:00"}
CONCLUDED = {"cause_kind": "fault", "cause": "x", "course": "x", "lessons": "x"}
WRITTEN = {"audience": "media", "heading": "x", "text": "x"}
LEFT = {"sent_at": "2026-11-22T09:00", "channel": "x", "unapproved_because": "x"}
ASSESSED = {"outcome": "confirmed_incident", "reason": "x"}
VERBS: dict[str, Verb] = {
    f"POST {API}/assessments": Verb(
        "event.assessed", ASSESSED | {"impact": 2, "urgency": 2, "category": "malware"}
    ),
    f"POST {API}/merges": Verb(
        "event.merged", lambda world, case: {"into": world.spare.number}, refuses=True
    ),
    f"POST {API}/merges/<into>/undo": Verb("event.unmerged", {}, merged, refuses=True),
    f"POST {API}/referrals": Verb(
        "event.referred",
        lambda w, case: {"person": w.colleague.pk, "question": "x", "due_at": soon().isoformat()},
        refuses=True,
    ),
    f"POST {API}/referrals/<pk>/answer": Verb("referral.answered", {"text": "x"}),
    f"POST {API}/questions": Verb("question.asked", {"text": "x"}, refuses=True),
    f"POST {API}/notes": Verb("case.noted", {"text": "x"}),
    f"POST {API}/decisions": Verb("case.decided", decided),
    f"POST {API}/situation": Verb("situation.updated", {"text": "x"}, handled),
    f"POST {API}/relation": Verb("relation.drawn", {"threat": "x"}, handled),
    f"POST {API}/assets": Verb("asset.linked", lambda w, case: {"asset": journal(case).pk}),
    f"POST {API}/assets/<asset>/undo": Verb("asset.unlinked", {}, hit),
    f"POST {API}/parts": Verb(
        "part.set", lambda w, case: {"person": w.colleague.pk, "part": "scribe"}, handled,
        refuses=True,
    ),
    f"POST {API}/parts/<pk>/end": Verb("part.ended", {}),
    f"POST {API}/actions": Verb(
        "action.assigned",
        lambda w, case: {"title": "x", "kind": "recovery", "owner": w.colleague.pk},
        handled,
        refuses=True,
    ),
    f"POST {API}/actions/<pk>/progress": Verb("action.progressed", {"state": "done"}),
    f"POST {API}/actions/<pk>/hand-over": Verb(
        "action.assigned",
        lambda w, case: {"owner": w.colleague.pk, "due_at": soon().isoformat()},
        refuses=True,
    ),
    f"POST {API}/control": Verb("incident.under_control", {"reason": "x"}, handled),
    f"POST {API}/control/revoke": Verb(
        "incident.control_revoked", {"reason": "x"}, reached("under_control")
    ),
    f"POST {API}/restoration": Verb("incident.restored", {"reason": "x"}, handled),
    f"POST {API}/restoration/revoke": Verb(
        "incident.restoration_revoked", {"reason": "x"}, reached("restored")
    ),
    f"POST {API}/conclusions": Verb("conclusion.written", CONCLUDED, handled),
    f"POST {API}/closing": Verb(
        "incident.closed", {"reasons": dict.fromkeys(CLOSING, "x")}, handled
    ),
    f"POST {API}/reopening": Verb("incident.reopened", {"reason": "x"}, closed),
    f"GET {API}/summary": Verb("export.made", {}),
    "POST arenden/<str:number>/uppgifter/<int:pk>": Verb(
        "statement.marked", {"status": "verified"}
    ),
    f"POST {PAGE}/bedom": Verb("event.assessed", ASSESSED | {"matrix": "22", "kind": "malware"}),
    f"POST {PAGE}/sla-ihop": Verb(
        "event.merged", lambda world, case: {"into": world.spare.number}, refuses=True
    ),
    f"POST {PAGE}/sla-ihop/<int:pk>/hav": Verb("event.unmerged", {}, refuses=True),
    f"POST {PAGE}/overfor": Verb(
        "event.referred",
        lambda w, case: {"to": f"person-{w.colleague.pk}", "question": "x",
                         "due_at": soon().strftime("%Y-%m-%dT%H:%M")},
        refuses=True,
    ),
    f"POST {PAGE}/overforingar/<int:pk>": Verb("referral.answered", {"text": "x"}),
    f"POST {PAGE}/fraga": Verb("question.asked", {"text": "x"}, refuses=True),
    f"POST {PAGE}/markning": Verb("event.labelled", {"labels": ["personnel"]}),
    f"POST {PAGE}/medlemmar": Verb("member.added", colleague),
    f"POST {PAGE}/medlemmar/bort": Verb("member.removed", colleague, a_member),
    f"POST {PAGE}/jav": Verb("conflict.added", colleague),
    f"POST {PAGE}/jav/bort": Verb("conflict.removed", colleague, in_conflict),
    f"POST {PAGE}/forsegla": Verb("event.sealed", {"text": "x"}),
    f"POST {PAGE}/oppna": Verb("event.unsealed", {"text": "x"}),
    f"POST {PAGE}/tillgangar": Verb("asset.linked", {"asset": "Journal"}, an_asset),
    f"POST {PAGE}/tillgangar/bort": Verb("asset.unlinked", {"asset": "Journal"}, hit),
    f"POST {CASE}/anteckning": Verb("case.noted", {"text": "x"}),
    f"POST {CASE}/beslut": Verb("case.decided", decided),
    f"POST {CASE}/laget": Verb("situation.updated", {"text": "x"}, handled),
    f"POST {CASE}/samband": Verb("relation.drawn", {"threat": "x"}, handled),
    f"POST {CASE}/tillgangar": Verb("asset.linked", this_asset, an_asset),
    f"POST {CASE}/roller": Verb(
        "part.set", lambda w, case: {"person": w.colleague.username, "part": "scribe"}, handled,
        refuses=True,
    ),
    f"POST {CASE}/roller/<int:pk>/lamna": Verb("part.ended", {}),
    f"POST {CASE}/atgarder/ny": Verb(
        "action.assigned", by_colleague(title="x", kind="recovery"), handled, refuses=True
    ),
    f"POST {CASE}/extra-overvakning": Verb(
        "action.assigned",
        by_colleague(other="Journal", due_at=f"{NEXT_YEAR}-12-24T15:00"),
        lambda w, case: (handled(w, case), an_asset(w, case)),
        refuses=True,
    ),
    f"POST {CASE}/atgarder/<int:pk>/gang": Verb("action.progressed", {"state": "done"}),
    f"POST {CASE}/atgarder/<int:pk>/lamna-over": Verb(
        "action.assigned", by_colleague(due_at="2026-12-24T15:00"), refuses=True
    ),
    f"POST {CASE}/under-kontroll": Verb("incident.under_control", JUDGED, handled),
    f"POST {CASE}/inte-under-kontroll": Verb(
        "incident.control_revoked", {"text": "x"}, reached("under_control")
    ),
    f"POST {CASE}/aterstalld": Verb("incident.restored", JUDGED, handled),
    f"POST {CASE}/inte-aterstalld": Verb(
        "incident.restoration_revoked", {"text": "x"}, reached("restored")
    ),
    f"POST {CASE}/slutsatser": Verb("conclusion.written", CONCLUDED, handled),
    f"POST {CASE}/avsluta": Verb(
        "incident.closed", {f"why_{code}": "x" for code in CLOSING}, handled
    ),
    f"POST {CASE}/ateroppna": Verb("incident.reopened", {"text": "x"}, closed),
    f"POST {CASE}/rapportering/svar": Verb("facts.answered", {"t.personal_data": "true"}),
    f"POST {CASE}/rapportering/<str:regime>/beslut": Verb(
        "obligation.decided", {"outcome": "no_report", "reason": "x"}
    ),
    f"POST {CASE}/rapportering/<str:regime>/<str:step>/skickad": Verb(
        "obligation.sent",
        {"sent_at": "2026-11-22T09:00", "recipient": "x", "alone_because": "x", "late_reason": "x",
         "past_because": "x"},
    ),
    f"POST {CASE}/rapportering/juridiska-personer": Verb(
        "entity.struck", lambda w, case: {"entity": company().pk, "reason": "x"}
    ),
    f"POST {CASE}/rapportering/andras-rapporter": Verb("sister.linked", {"actor": "x"}),
    f"POST {CASE}/rapportering/andras-rapporter/<int:pk>/bort": Verb("sister.unlinked", {}),
    f"POST {API}/sister-reports": Verb("sister.linked", {"actor": "x"}),
    f"POST {API}/sister-reports/<pk>/end": Verb("sister.unlinked", {}),
    f"POST {CASE}/rapportering/<str:regime>/<str:step>/rapport/<str:field>": Verb(
        "report.worded", {"text": "x"}
    ),
    f"POST {API}/obligations/<regime>/steps/<step>/fields/<field>": Verb(
        "report.worded", {"text": "x"}
    ),
    f"POST {API}/entities": Verb(
        "entity.struck", lambda w, case: {"entity": company().pk, "reason": "x"}
    ),
    f"POST {API}/entities/<pk>/end": Verb("entity.unstruck", {"reason": "x"}),
    f"POST {CASE}/rapportering/juridiska-personer/<int:pk>/bort": Verb(
        "entity.unstruck", {"reason": "x"}
    ),
    f"POST {CASE}/rapportering/skickat/<int:pk>/svar": Verb(
        "obligation.replied", {"text": "x"}
    ),
    f"POST {API}/facts": Verb(
        "facts.answered", {"facts": {"t.personal_data": True}}
    ),
    f"POST {API}/obligations/<regime>/decision": Verb(
        "obligation.decided", {"outcome": "no_report", "reason": "x"}
    ),
    f"POST {API}/obligations/<regime>/steps/<step>": Verb(
        "obligation.sent",
        {"sent_at": "2026-11-22T09:00:00Z", "recipient": "x", "alone_because": "x",
         "late_reason": "x", "past_because": "x"},
    ),
    f"POST {API}/submissions/<pk>/reply": Verb(
        "obligation.replied", {"text": "x"}
    ),
    f"POST {CASE}/larm-fran-system/<int:pk>/bort": Verb("alarm.parted", {}),
    f"POST {CASE}/larm": Verb("alarm.acknowledged", {}, alarmed),
    f"POST {CASE}/larm/lamna-over": Verb(
        "alarm.handed_over", lambda w, case: {"person": w.colleague.username}, refuses=True
    ),
    f"POST {CASE}/ledning/lamna-over": Verb(
        "lead.handed_over", lambda w, case: {"state": "x", "to": w.colleague.username}, handled,
        refuses=True,
    ),
    f"POST {CASE}/ledning/ta-over": Verb("lead.taken", {}, offered),
    f"POST {API}/lead": Verb(
        "lead.handed_over",
        lambda w, case: {"state": "x", "to_crisis": True, "person": w.colleague.pk}, handled,
        refuses=True,
    ),
    f"POST {API}/lead/take": Verb("lead.taken", {}, offered),
    f"POST {CASE}/dataskyddsombud/underlag": Verb("dpo.informed", {}, an_officer, refuses=True),
    f"POST {CASE}/dataskyddsombud/mottaget": Verb("dpo.received", {}, handed),
    f"POST {CASE}/dataskyddsombud/bedomning": Verb("dpo.opined", {"text": "x"}),
    f"POST {API}/dpo": Verb("dpo.informed", {}, an_officer, refuses=True),
    f"POST {API}/dpo/opinion": Verb("dpo.opined", {"text": "x"}),
    f"POST {CASE}/drabbade/lista": Verb(
        "affected.listed", {"audience": "data_subjects", "rows": "namn\nx", "keep": "1"}
    ),
    f"POST {CASE}/drabbade/antal": Verb(
        "affected.listed", {"audience": "data_subjects", "number": "3"}
    ),
    f"POST {CASE}/drabbade/alla": Verb(
        "affected.contacted", {"audience": "data_subjects", "channel": "letter"}, somebody
    ),
    f"POST {CASE}/drabbade/<int:pk>": Verb(
        "affected.contacted", {"channel": "letter", "outcome": "sent"}
    ),
    f"POST {CASE}/drabbade/<int:pk>/skyddad": Verb("affected.protected", {"safe_way": "x"}),
    f"POST {CASE}/drabbade/gallra": Verb("affected.erased", {"reason": "x"}, somebody),
    f"POST {API}/affected": Verb(
        "affected.listed",
        {"audience": "data_subjects", "people": [{"name": "x", "protected": False}]},
    ),
    f"POST {API}/affected/number": Verb(
        "affected.listed", {"audience": "data_subjects", "number": 3}
    ),
    f"POST {API}/affected/<pk>/contact": Verb(
        "affected.contacted", {"channel": "letter", "outcome": "sent"}
    ),
    f"POST {CASE}/rapportering/enisa-niva": Verb("level.decided", {"level": "3", "reason": "x"}),
    f"POST {API}/enisa-level": Verb("level.decided", {"level": 3, "reason": "x"}),
    f"POST {API}/affected/<pk>/protect": Verb("affected.protected", {"safe_way": "x"}),
    f"POST {API}/affected/all": Verb(
        "affected.contacted", {"audience": "data_subjects", "channel": "letter"}, somebody
    ),
    f"POST {API}/affected/erasure": Verb(
        "affected.erased", {"reason": "x"}, somebody, refuses=True, succeeds=False
    ),
    f"POST {API}/dpo/receipt": Verb("dpo.received", {}, handed_to_its_maker, refuses=True),
    f"POST {CASE}/information/ny": Verb("information.drafted", WRITTEN),
    f"POST {CASE}/information/<int:pk>/andra": Verb(
        "information.drafted", {"heading": "y", "text": "y"}
    ),
    f"POST {CASE}/information/<int:pk>/granska": Verb("information.approved", {"word": "approve"}),
    f"POST {CASE}/information/<int:pk>/lamnad": Verb("information.sent", LEFT),
    f"POST {CASE}/information/<int:pk>/alla": Verb(
        "information.completed", {"reason": "x"}, refuses=True, succeeds=False
    ),
    f"POST {CASE}/information/behovs-inte/<str:milestone>/<str:audience>": Verb(
        "information.waived", {"reason": "x"}
    ),
    f"GET {CASE}/information/<int:pk>/pdf": Verb("information.printed", {}),
    f"POST {API}/information": Verb("information.drafted", WRITTEN),
    f"POST {API}/information/<pk>/versions": Verb(
        "information.drafted", {"heading": "y", "text": "y"}
    ),
    f"POST {API}/information/<pk>/verdict": Verb("information.approved", read_and_approved),
    f"POST {API}/information/<pk>/sent": Verb(
        "information.sent", LEFT | {"sent_at": "2026-11-22T09:00:00Z"}
    ),
    f"POST {API}/information/<pk>/complete": Verb(
        "information.completed", {"reason": "x"}, refuses=True, succeeds=False
    ),
    f"POST {API}/information/waivers": Verb(
        "information.waived", {"milestone": "confirmed", "audience": "media", "reason": "x"}
    ),
    f"GET {CASE}/rapportering/<str:regime>/<str:step>/fil/<str:kind>": Verb("export.made", {}),
    f"GET {API}/obligations/<step>/report.<kind>": Verb("export.made", {}),
    f"GET {CASE}/sammanfattning.pdf": Verb("export.made", {}),
    f"GET {CASE}/sammanfattning.json": Verb("export.made", {}),
}  # fmt: skip
# Public, or about nobody's case: tested where they are made.
ELSEWHERE = {
    "POST api/v1/reports",
}
