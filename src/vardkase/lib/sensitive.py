"""Text that its writer may regret: identity numbers, passwords, addresses, flaws, given terms.

A guess, to warn by and never to refuse by.
"""

import re
from collections.abc import Iterable
from datetime import date

IDENTITY = re.compile(r"(?<!\d)(?:18|19|20)?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?!\d)")
PASSWORD = re.compile(
    r"\b(?:lösenord\w*|password|passwd|pwd|pinkod\w*|pin)\b\s*(?:är|is|=|:)+\s*\S{3,}",
    re.IGNORECASE,
)
FLAW = re.compile(r"\b(?:CVE-\d{4}-\d{4,7}|GHSA(?:-[a-z0-9]{4}){3})\b", re.IGNORECASE)
ADDRESS = re.compile(
    r"(?<!\d)(?<!\d\.)(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]+",
    re.IGNORECASE,
)
COORDINATION = 60  # added to the day of a coordination number (samordningsnummer)


def holds_identity_number(text: str) -> bool:
    """Whether digits in `text` are a possible day and end in the right check digit."""
    return any(is_day(*m.groups()[:3]) and checks("".join(m.groups())) for m in found(text))


def found(text: str) -> Iterable[re.Match[str]]:
    return IDENTITY.finditer(text)


def is_day(year: str, month: str, day: str) -> bool:
    number = int(day) - (COORDINATION if int(day) > COORDINATION else 0)
    try:
        date(2000 + int(year), int(month), number)
    except ValueError:
        return False
    return True


def checks(digits: str) -> bool:
    """Luhn's sum over ten digits (SKV 704): every other digit doubled, from the first."""
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(digits)]
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


def holds_password(text: str) -> bool:
    """Whether `text` says what somebody's password is."""
    return PASSWORD.search(text) is not None


def holds_flaw(text: str) -> bool:
    """Whether `text` names a known vulnerability."""
    return FLAW.search(text) is not None


def holds_address(text: str) -> bool:
    """Whether `text` holds an address of a network."""
    return ADDRESS.search(text) is not None


def holds_any(text: str, terms: Iterable[str]) -> bool:
    """Whether a word of `text` begins with one of `terms`."""
    starts = "|".join(re.escape(term) for term in terms)
    return bool(starts) and re.search(rf"\b(?:{starts})", text, re.IGNORECASE) is not None
