"""What ModSecurity writes into a web server's log: words, then `[name "value"]` again and again.

ModSecurity Reference Manual, Audit and Error Log Format.
"""

import re

from ..priority import LEVEL_WORDS, SEVERITIES
from .about import LOOKED_AT, about
from .log import Log

LONGEST = 8_000  # characters that are read
_PART = re.compile(r'\[(id|msg|severity|hostname|uri|data|unique_id) "([^"]{0,500})"\]')


def modsecurity(text: str) -> Log | None:
    """The rule that struck; None if the message is none such."""
    if "ModSecurity: " not in text:
        return None
    told = {name: value for name, value in _PART.findall(text[:LONGEST]) if value}
    if "id" not in told:
        return None
    start = text.index("ModSecurity: ")
    who = about(text[: max(start, LOOKED_AT)], "", {}, {})
    said = told.get("msg") or text[start + 13 : start + 200].partition(" [")[0]
    return Log(
        title=f"ModSecurity: {said}",
        rule=f"ModSecurity/{told['id']}",
        severity=_level(told.get("severity", "")),
        about=who._replace(target=told.get("hostname", "")),
        fields=told,
    )


def _level(word: str) -> str:
    """By its word, or by syslog's number."""
    number = int(word) if word in "01234567" and len(word) == 1 else LEVEL_WORDS.get(word.lower())
    return "" if number is None else SEVERITIES[number]
