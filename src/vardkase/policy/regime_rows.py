"""From the rows of a regime's TOML to a `Regime`; the lint has seen to it that they fit."""

from typing import Any

from vardkase.policy.parameter import Parameter
from vardkase.policy.regime import (
    Branch,
    Criterion,
    Duty,
    End,
    Exclusion,
    Field,
    Ground,
    NotCounted,
    Note,
    Recipient,
    Regime,
    Related,
    Secrecy,
    Span,
    Step,
)


def edition(id: str, found: Parameter, value: dict[str, Any], status: str) -> Regime:
    """The regime that `value` of its file says."""
    return Regime(
        id=id,
        version=value["version"],
        sv=found.sv,
        en=found.en,
        status=status,
        legal=tuple(_ground(row, key="ref") for row in value["legal"]),
        content=value.get("content", "full"),
        applies_if=value.get("applies_if"),
        excluded_if=tuple(map(_exclusion, value.get("excluded_if", []))),
        criteria=tuple(map(_criterion, value["criteria"])),
        not_counted=_not_counted(value.get("not_counted")),
        steps=tuple(map(_step, value["steps"])),
        recipients={
            name: tuple(map(_recipient, rows)) for name, rows in value["recipients"].items()
        },
        forms={name: tuple(map(_field, rows)) for name, rows in value.get("forms", {}).items()},
        always=tuple(map(_duty, value.get("always", []))),
        sign_off=value.get("sign_off", {}),
        secrecy=tuple(map(_secrecy, value.get("secrecy", []))),
        related=tuple(Related(r["regime"], r.get("if")) for r in value.get("related", [])),
        supersedes=tuple(value.get("supersedes", [])),
        notes=tuple(map(_note, value.get("notes", []))),
    )


def _ground(row: dict[str, Any], *, key: str = "legal") -> Ground:
    return Ground(row[key], row["level"], row["status"])


def _span(row: dict[str, Any]) -> Span:
    return Span(row.get("from"), row.get("to"))


def _exclusion(row: dict[str, Any]) -> Exclusion:
    return Exclusion(row["if"], row["sv"], row["en"], _ground(row), row.get("stop", False))


def _criterion(row: dict[str, Any]) -> Criterion:
    return Criterion(
        id=row["id"],
        sv=row["sv"],
        en=row["en"],
        ground=_ground(row),
        needs=row.get("needs"),
        if_=row["if"],
        span=_span(row.get("valid", {})),
    )


def _not_counted(row: dict[str, Any] | None) -> NotCounted | None:
    return NotCounted(row["if"], tuple(row["covers"]), _ground(row)) if row else None


def _step(row: dict[str, Any]) -> Step:
    due = row["due"]
    return Step(
        id=row["id"],
        sv=row["sv"],
        en=row["en"],
        ground=_ground(row),
        kind=row.get("kind", "authority"),
        to=row.get("to"),
        form=row.get("form"),
        audience=row.get("audience"),
        if_=row.get("if"),
        unless=row.get("unless"),
        instead=row.get("instead"),
        due=tuple(map(_branch, due if isinstance(due, list) else [due])),
        late_needs=row.get("late_needs"),
    )


def _branch(row: dict[str, Any]) -> Branch:
    mode = next((mode for mode in ("asap", "on_request") if row.get(mode)), "by")
    ends = row.get("earliest") or ([row] if mode == "by" else [])
    return Branch(row.get("if"), mode, tuple(map(_end, ends)))


def _end(row: dict[str, Any]) -> End:
    anchors = row["from"]
    return End(
        (anchors,) if isinstance(anchors, str) else tuple(anchors),
        row["within"],
        row.get("fallback"),
    )


def _recipient(row: dict[str, Any]) -> Recipient:
    return Recipient(row["name"], row.get("channel", ""), row.get("if"), _span(row), _ground(row))


def _field(row: dict[str, Any]) -> Field:
    sources = row["from"]
    return Field(
        id=row["id"],
        sv=row["sv"],
        en=row["en"],
        sources=(sources,) if isinstance(sources, str) else tuple(sources),
        number=row.get("n"),
        required=row.get("required", False),
        may_follow_later=row.get("may_follow_later", False),
        secrecy=row.get("secrecy", ""),
        legal=row.get("legal", ""),
    )


def _duty(row: dict[str, Any]) -> Duty:
    return Duty(row["id"], row["sv"], row["en"], row.get("if"), _ground(row))


def _note(row: dict[str, Any]) -> Note:
    return Note(row["sv"], row["en"], _ground(row), row.get("if"))


def _secrecy(row: dict[str, Any]) -> Secrecy:
    return Secrecy(row["osl"], row["presumption"], row.get("years"), row["sv"], row["en"])
