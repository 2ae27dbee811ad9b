"""What is missing before a case can be closed. Pure."""

from collections.abc import Mapping

from vardkase.incidents.rules import Facts, conditions

CLOSING = (
    "confirmed",
    "referrals_answered",
    "immediate_done",
    "under_control",
    "recovery_done",
    "restored",
    "concluded",
    "cause_known",
    "harm_written",
    "disclosure_checked",
    "alteration_checked",
    "improvement",
)
OF_THE_CONCLUSION = frozenset({"cause_known", "harm_written"})  # not asked before there is one


def missing(facts: Facts) -> tuple[str, ...]:
    """The conditions of closing that do not hold, in the order of the work (s. 12-14)."""
    known = conditions(facts)
    asked = [c for c in CLOSING if known["concluded"] or c not in OF_THE_CONCLUSION]
    return tuple(code for code in asked if not known[code])


def unexplained(absent: tuple[str, ...], reasons: Mapping[str, str]) -> tuple[str, ...]:
    """Those of `absent` that nobody has given a reason for."""
    return tuple(code for code in absent if not reasons.get(code, "").strip())
