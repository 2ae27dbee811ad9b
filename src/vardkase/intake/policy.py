"""A source's dated policy: how serious its words are, what is one group, what raises no alert.

It lies as `policy.toml` in the source's folder; an organisation lays its own rows over it in
DATA/policy/intake/NAME.toml, NAME being the source's with `_` for `-`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from vardkase.detections.alert import Severity
from vardkase.policy.parameter import Parameter, Version, parameter


@dataclass(frozen=True, slots=True)
class Policy:
    zone: ZoneInfo  # of times that tell none
    otherwise: Severity  # when the sender tells none, or a word that the table lacks
    severity: dict[str, Severity]  # by the sender's word, in lower case
    fingerprint: tuple[str, ...]  # as in `Source`
    skip: dict[str, frozenset[str]]  # values, in lower case, that raise no alert, by their name
    names: dict[str, tuple[str, ...]]  # the sender's names for a thing of ours, the best first
    tell: dict[str, str]  # other words that one source alone needs

    def serious(self, word: object) -> Severity:
        """How serious the sender's `word` is: "High", "3", 3."""
        return self.severity.get(str(word).strip().lower(), self.otherwise)

    def skips(self, value: Callable[[str], str | None]) -> bool:
        """Whether one of the names has a value that raises no alert; "*" is any value."""
        for name, skipped in self.skip.items():
            told = value(name)
            if told is not None and ("*" in skipped or told.strip().lower() in skipped):
                return True
        return False


class _Made(NamedTuple):
    """The policy last asked for: a batch asks for each of its lines, at one moment."""

    of: Parameter
    at: datetime
    version: Version
    policy: Policy


_made: dict[str, _Made] = {}
_ids: dict[str, str] = {}


def policy(source: str, at: datetime) -> Policy:
    """The policy of the source of that name (`snort-fast`) in force at `at`."""
    found = parameter(_ids.get(source) or _id(source))
    known = _made.get(source)
    if known is None or known.of is not found or known.at != at:
        version = found.at(at)
        is_same = known is not None and known.version is version
        made = known.policy if known and is_same else _policy(version.value)
        known = _made[source] = _Made(found, at, version, made)
    return known.policy


def fingerprint_of(source: str) -> tuple[str, ...]:
    """The names of the newest row, read once when the program starts: see `Source`."""
    names: list[str] = parameter(_id(source)).versions[-1].value["fingerprint"]
    return tuple(names)


def _id(source: str) -> str:
    return _ids.setdefault(source, f"intake.{source.replace('-', '_')}")


def _policy(value: dict[str, Any]) -> Policy:
    return Policy(
        zone=ZoneInfo(value["zone"]),
        otherwise=Severity[value["otherwise"].upper()],
        severity={
            word.lower(): Severity[told.upper()] for word, told in value.get("severity", {}).items()
        },
        fingerprint=tuple(value["fingerprint"]),
        skip={
            name: frozenset(word.lower() for word in told)
            for name, told in value.get("skip", {}).items()
        },
        names={name: tuple(told) for name, told in value.get("names", {}).items()},
        tell=dict(value.get("tell", {})),
    )
