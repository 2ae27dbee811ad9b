"""Which of all combinations the suite tries: every pair of two factors at least once."""

import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, islice, product

from tests.access.oracle import PLACES, RELATIONS, Meeting
from tests.architecture.sweep.world import LABELS

CLEARED: tuple[tuple[str, ...], ...] = ((), ("patient",))
FACTORS = (CLEARED, PLACES, LABELS, (False, True), RELATIONS)

type Row = tuple[object, ...]


def every(role: str) -> Iterator[Meeting]:
    for row in product(*FACTORS):
        yield Meeting(role, *row)  # type: ignore[arg-type]


def pairwise(role: str, *, seed: int, most: int, first: Callable[[Meeting], bool]) -> list[Meeting]:
    """Up to `most` meetings that cover all pairs of factors; the same for the same seed.

    One of them is `first`, if any is: those whom a door lets in are few, and must be seen in.
    """
    rows: list[Row] = list(product(*FACTORS))
    random.Random(seed).shuffle(rows)  # noqa: S311
    fitting = (row for row in rows if first(Meeting(role, *row)))  # type: ignore[arg-type]
    chosen = list(islice(fitting, 1)) or rows[: most == 1]
    if len(chosen) >= most:  # the suite asks for little, thousands of times
        return [Meeting(role, *row) for row in chosen]  # type: ignore[arg-type]
    left = {pair for row in rows for pair in pairs(row)}
    left -= {pair for row in chosen for pair in pairs(row)}
    while left and len(chosen) < most:
        best = max(rows, key=lambda row: len(left & pairs(row)))
        chosen.append(best)
        left -= pairs(best)
    return [Meeting(role, *row) for row in chosen]  # type: ignore[arg-type]


@cache
def pairs(row: Row) -> frozenset[tuple[int, object, int, object]]:
    return frozenset((i, row[i], j, row[j]) for i, j in combinations(range(len(row)), 2))
