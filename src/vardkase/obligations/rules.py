"""What is asked of a legal entity once, and not again in each case. Pure."""

from vardkase.policy.regime_files import catalogue

SYSTEM = "system"


def role_facts() -> list[str]:
    """The facts of the catalogue that an entity answers for all its cases, in its order."""
    return [
        one.name
        for one in catalogue().values()
        if one.name.startswith("org.") and SYSTEM not in one.knows
    ]
