"""The design's own small engine over its own sketches, and ours: the same facts, the same answers.

Ours knows more (facts that follow, other regimes, more criteria), so theirs is given what we have
concluded, and compared on the criteria and the steps that both have.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import SHARED
from vardkase.policy.facts import completed
from vardkase.policy.judge import judge, plain
from vardkase.policy.parameter import SWEDEN
from vardkase.policy.regime_files import catalogue

yaml = pytest.importorskip("yaml")
pytestmark = pytest.mark.skipif(SHARED is None, reason="the design is not here")
SKETCHES = ("se-nis2-csl", "eu-gdpr", "se-eidas")
START = datetime(2016, 1, 1, tzinfo=UTC)
VERDICTS = {"reportable": "reportable", "undetermined": "undetermined"}
VERDICTS |= {"not reportable": "not_reportable", "not applicable": "not_applicable"}


def engine() -> Any:
    """`run` of the design's check.py, without the cases that it prints."""
    assert SHARED is not None
    source = (SHARED / "design" / "regimes" / "check.py").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(compile(source.split("L=lambda")[0], "check.py", "exec"), names)  # noqa: S102
    return names["run"]


def sketch(id: str) -> Any:
    assert SHARED is not None
    path = SHARED / "design" / "regimes" / f"{id}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


RUN = engine() if SHARED else None
DRAWN = {id: sketch(id) for id in SKETCHES} if SHARED else {}

yes_no = st.booleans()
# near every border there is: nights when the clocks change, days when a text begins, month ends
days = st.sampled_from(
    ["2018-05-24", "2020-12-31", "2024-05-19", "2024-10-17", "2026-01-14", "2026-03-28"]
    + ["2026-06-30", "2026-10-24", "2027-01-31", "2028-02-28"]
)
times = st.builds(
    lambda day, minutes: (
        datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minutes)
    ).astimezone(SWEDEN),
    days,
    st.integers(0, 60 * 72),
)
sectors = st.lists(
    st.sampled_from(["public_administration", "healthcare_provider", "digital_infrastructure"]),
    unique=True,
)
NUMBERS = {
    "t.activity_limited_hours": [0, 1, 1.01, 4, 4.5, 13],
    "t.workaround_hours": [0, 6, 12, 12.5, 49],
    "t.trust_service_down_minutes": [0, 20, 20.5, 61],
    "t.trust_service_down_minutes_in_calendar_week": [0, 60, 61],
    "t.tsp_users_cia_pct": [0, 0.1, 0.11],
    "t.tsp_users_cia_count": [0, 100, 101],
    "t.enisa_level": [1, 2, 3, 5],
}
FLAGS = [
    *("org.csl_entity", "org.trust_service_provider", "org.qualified_tsp", "org.controller"),
    *("incident.in_security_sensitive_part", "incident.ongoing", "form.imy.complete"),
    *("t.serious_disruption", "t.financial_loss_significant", "t.harm_to_others_significant"),
    *("t.planned_maintenance", "t.service_recipients_adversely_affected", "t.personal_data"),
    *("t.art34_3_exception", "t.tsp_process_breach_significant"),
    "t.identifiable_individuals_affected",
]
TIMES = ["occurred_at", "handled_at", "submitted:notification", "submitted:situation"]
FACTS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(FLAGS, yes_no),
    **dict.fromkeys([*TIMES, "submitted:imy"], times),
    **{name: st.sampled_from(values) for name, values in NUMBERS.items()},
    "org.sectors": sectors,
    "t.risk_to_individuals": st.sampled_from(["unlikely", "risk", "high"]),
    "regime.se-lex-maria": st.sampled_from(["reportable", "not_reportable"]),
}
cases = st.builds(
    lambda known_at, rest: {"known_at": known_at, **rest},
    times,
    st.fixed_dictionaries({}, optional=FACTS),
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SKETCHES), cases, times)
def test_both_engines_say_the_same(id: str, facts: dict[str, Any], now: datetime) -> None:
    ours = plain(judge(id, facts, at=now))
    theirs = RUN(DRAWN[id], completed(facts, catalogue()), now)
    if isinstance(theirs, str):
        assert ours["verdict"] == ("excluded" if "excluded" in theirs else "not_applicable")
        return
    verdict, hits, unknown = heading(theirs[0])
    assert set(hits) <= set(ours["hits"])
    ids = {row["id"] for row in criteria(id)}
    assert set(ours["hits"]) & ids == set(hits)
    if id != "se-nis2-csl":  # theirs has no lex Maria to ask
        assert set(ours["unknown"]) & ids == set(unknown)
    assert verdict != "reportable" or ours["verdict"] == verdict
    assert id != "eu-gdpr" or ours["verdict"] == verdict
    if ours["steps"] and theirs[1:]:
        both(ours["steps"], theirs[1:])
        mine = {row["id"] for row in steps(id)} & {step["id"] for step in ours["steps"]}
        assert id == "se-eidas" or mine == {each[0] for each in theirs[1:]}


def heading(line: str) -> tuple[str, list[str], list[str]]:
    verdict, _, rest = line.partition(" hits=")
    hits, _, unknown = rest.partition(" unknown=")
    return VERDICTS[verdict], yaml.safe_load(hits), yaml.safe_load(unknown)


def criteria(id: str) -> list[dict[str, Any]]:
    return [
        row for version in DRAWN[id].get("versions", [DRAWN[id]]) for row in version["criteria"]
    ]


def steps(id: str) -> list[dict[str, Any]]:
    return [row for version in DRAWN[id].get("versions", [DRAWN[id]]) for row in version["steps"]]


def both(ours: list[dict[str, Any]], theirs: list[tuple[str, ...]]) -> None:
    """The steps they have, with the moment and the recipient they say."""
    said = {step["id"]: step for step in ours}
    for id, due, *recipient in theirs:
        step = said[id]
        assert recipient in ([], [step["recipient"]])
        if due.startswith("20"):
            assert datetime.fromisoformat(step["due"]) == datetime.fromisoformat(due)
        elif due.startswith("waits for"):
            assert step["waits_for"] == due.removeprefix("waits for ")
        else:
            assert step["due"] == due.replace(" ", "_")
