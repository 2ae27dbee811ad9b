"""When a supplier's contact must be asked again. Pure."""

from datetime import date

from vardkase.policy.parameter import Version


def is_due(verified_on: date | None, *, months: Version, today: date) -> bool:
    """Whether the contact was confirmed `months.value` calendar months ago or longer, or never.

    Region Skåne, dnr 1700202, s. 9 asks for a single point of contact; how often is an example.
    """
    if verified_on is None:
        return True
    passed = (today.year - verified_on.year) * 12 + today.month - verified_on.month
    return bool(passed - (today.day < verified_on.day) >= months.value)
