"""`python -m benchmarks [P2 P3 ...] [--rows N] [--json] [--data DIR]`: run goals, print figures."""

import argparse
import importlib
import sys
from pathlib import Path

GOALS = ["P1", "P1S", "P2", "P3", "P4", "P5", "P7", "P8", "P9", "P10"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("goals", nargs="*", metavar="GOAL", help=" ".join(GOALS))
    parser.add_argument("--rows", type=int, default=100_000, help="events in the larger instance")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--data", type=Path, default=Path(".bench"), help="where instances are kept"
    )
    given = parser.parse_args()
    goals = [g.upper() for g in given.goals] or GOALS
    if unknown := set(goals) - set(GOALS):
        parser.error(f"no such goal: {', '.join(sorted(unknown))}; there are {', '.join(GOALS)}")
    every_one_holds = True
    for goal in goals:
        module = importlib.import_module(f"benchmarks.{goal.lower()}")
        for figure in module.run(given.data.absolute(), given.rows):
            print(figure.as_json() if given.json else figure.as_text(), flush=True)
            every_one_holds &= figure.holds
    return 0 if every_one_holds else 1


if __name__ == "__main__":
    sys.exit(main())
