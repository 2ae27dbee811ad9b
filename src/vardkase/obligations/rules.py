"""What is asked of a legal entity once, and what a fault in one service means for another."""

from collections.abc import Iterable, Mapping

from vardkase.policy.regime_files import catalogue

SYSTEM = "system"


def role_facts() -> list[str]:
    """The facts of the catalogue that an entity answers for all its cases, in its order."""
    return [
        one.name
        for one in catalogue().values()
        if one.name.startswith("org.") and SYSTEM not in one.knows
    ]


def hanging(on: Iterable[int], needs: Mapping[int, Iterable[int]]) -> dict[int, int]:
    """The services that hang on what is hit, however far off: each with what it hangs on.

    `needs` says of each service what it hangs on. What is hit itself is not among them.
    """
    hit, found = set(on), dict[int, int]()
    grows = True
    while grows:
        new = {
            service: next(other for other in others if other in hit)
            for service, others in needs.items()
            if service not in hit and hit.intersection(others)
        }
        found |= new
        hit |= new.keys()
        grows = bool(new)
    return found


def least_level(hit_main: Iterable[bool]) -> int:
    """The least ENISA level that the services hit speak for, 1 to 3 (document 002): 3 if a part of
    the main trust service is hit, 2 if others only, 1 if none. How many users, a person judges."""
    found = list(hit_main)
    return 3 if any(found) else 2 if found else 1
