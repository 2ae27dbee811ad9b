"""What roles and decisions are called, in the reader's language and the organisation's words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vardkase.organisation.account_queries import Happening
from vardkase.organisation.models import Grant
from vardkase.organisation.queries import names, organisation
from vardkase.policy.parameter import parameter, profile
from vardkase.web.words import local


def language() -> str:
    return "en" if get_language() == "en" else "sv"


def role_names() -> dict[str, str]:
    """Every role's name; the profile of the organisation's kind may have one of its own."""
    at, found = timezone.now(), organisation()
    own = profile(found.kind).at(at).value.get("roles", {}) if found else {}
    rows = parameter("roles").at(at).value
    return {code: own.get(code, row)[language()] for code, row in rows.items()}


def told_grants(held: Iterable[Grant]) -> list[tuple[str, list[str], Grant]]:
    """Each role by its name, with the names of its labels."""
    roles, rows = role_names(), parameter("access.labels").at(timezone.now()).value
    return [
        (
            roles.get(grant.role, grant.role),
            [local(rows[code]) if code in rows else code for code in grant.labels],
            grant,
        )
        for grant in held
    ]


MINE = {
    "person.reset": _("Your login was reset"),
    "person.disabled": _("Your account was closed"),
    "person.enabled": _("Your account was opened again"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A happening in words."""

    at: datetime
    what: str
    about: str
    by: str
    reason: str


def told_to_me(happenings: list[Happening]) -> list[Told]:
    """What others did to my login, as I am told it."""
    return [replace(row, what=str(MINE.get(h.kind, row.what))) for h, row in pairs(happenings)]


def told(happenings: list[Happening]) -> list[Told]:
    return [row for h, row in pairs(happenings)]


def pairs(happenings: list[Happening]) -> list[tuple[Happening, Told]]:
    kinds = parameter("decisions").at(timezone.now()).value
    keys = {h.by for h in happenings} | {f"p{h.facts.get('person')}" for h in happenings}
    known = names(keys) | {"system": "Vårdkase"}
    return [
        (
            h,
            Told(
                h.at,
                kinds[h.kind][language()] if h.kind in kinds else h.kind,
                known.get(f"p{h.facts.get('person')}", str(h.facts.get("name", ""))),
                known.get(h.by, h.by),
                str(h.facts.get("reason", "")),
            ),
        )
        for h in happenings
    ]
