"""What a benchmark says: one figure, what it is held against, and what it cost."""

import json
from dataclasses import asdict, dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`limit` is the goal in `unit`; `ratio` is figure / limit, or a share of a measured limit."""

    goal: str
    figure: float
    unit: str
    limit: float
    ratio: float
    holds: bool
    sql: int | None = None  # statements a request
    cpu_ms: float | None = None  # of the product's own processes, a request

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    def as_text(self) -> str:
        sql = "" if self.sql is None else f"  {self.sql} SQL"
        cpu = "" if self.cpu_ms is None else f"  {self.cpu_ms:.1f} ms CPU"
        word = "holds" if self.holds else "DOES NOT HOLD"
        return (
            f"{self.goal:32} {self.figure:>10.5g} {self.unit:12} limit {self.limit:<8.5g}"
            f" ratio {self.ratio:<7.3g}{sql}{cpu}  {word}"
        )


def at_most(goal: str, figure: float, unit: str, limit: float, **cost: float | None) -> Figure:
    """A figure that should stay below its limit."""
    return Figure(
        goal=goal, figure=figure, unit=unit, limit=limit, ratio=figure / limit,
        holds=figure <= limit, **cost,  # type: ignore[arg-type]
    )  # fmt: skip


def p50(times: list[float]) -> float:
    return median(times)


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[18] if len(times) > 1 else times[0]
