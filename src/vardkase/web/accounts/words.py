"""What roles and decisions are called, in the reader's language and the organisation's words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language

from vardkase.organisation.account_queries import Happening
from vardkase.organisation.queries import names, organisation
from vardkase.policy.parameter import parameter, profile


def language() -> str:
    return "en" if get_language() == "en" else "sv"


def role_names() -> dict[str, str]:
    """Every role's name; the profile of the organisation's kind may have one of its own."""
    at, found = timezone.now(), organisation()
    own = profile(found.kind).at(at).value.get("roles", {}) if found else {}
    rows = parameter("roles").at(at).value
    return {code: own.get(code, row)[language()] for code, row in rows.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """A happening in words."""

    at: datetime
    what: str
    about: str
    by: str
    reason: str


def told(happenings: list[Happening]) -> list[Told]:
    kinds = parameter("decisions").at(timezone.now()).value
    keys = {h.by for h in happenings} | {f"p{h.facts.get('person')}" for h in happenings}
    known = names(keys) | {"system": "Vårdkase"}
    return [
        Told(
            h.at,
            kinds[h.kind][language()] if h.kind in kinds else h.kind,
            known.get(f"p{h.facts.get('person')}", str(h.facts.get("name", ""))),
            known.get(h.by, h.by),
            str(h.facts.get("reason", "")),
        )
        for h in happenings
    ]
