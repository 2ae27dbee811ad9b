"""Who reports to the police, who is injured, and what was secured: proposed from the case."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from vardkase.assets.models import Asset
from vardkase.assets.queries import owning_unit
from vardkase.events.models import Event
from vardkase.obligations.models import Submission
from vardkase.organisation.models import Unit
from vardkase.organisation.queries import head_of
from vardkase.policy.parameter import parameter

HEAD = {"sv": "Chefen för", "en": "Head of"}


def hit(case: Event) -> list[Asset]:
    """What the case hit, with its unit."""
    return list(Asset.objects.filter(event_links__event=case, event_links__ended_at=None)
                .select_related("unit").order_by("pk"))  # fmt: skip


def proposed(
    case: Event, assets: Iterable[Asset], sent: Iterable[Submission], facts: Mapping[str, Any],
    *, at: datetime, language: str,
) -> dict[str, str]:  # fmt: skip
    """By whose the things are that were hit; what somebody answers goes before it.

    The unit with most insight reports (S2-102), the head of the unit that mainly owns what was hit
    is the injured party (S2-103). The central security function reports by exception, with a
    reason that stays in the case.
    """
    unit = owning_unit(assets) or case.unit
    central = parameter("roles").at(at).value["esm"][language]
    secured = [f"{file.name}, SHA-256 {file.sha256}" for file in case.attachments.order_by("pk")]
    numbers = [row.known_as for row in sent if row.known_as]
    said = {
        "police.unit": central if facts.get("police.central_because") else unit.name,
        "police.injured_party": injured(unit, language),
        "police.k_number": numbers[-1] if numbers else "",
        "evidence.list": "\n".join(secured),
    }
    return {name: text for name, text in said.items() if text}


def injured(unit: Unit, language: str) -> str:
    head = head_of(unit)
    words = f"{HEAD[language]} {unit.name}"
    return f"{words}: {head.name}" if head else words
