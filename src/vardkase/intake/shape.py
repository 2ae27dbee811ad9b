"""Which sort a message is of, where its sender does not name it: its words without its numbers."""

import re

SHAPED = 160  # characters of a message that say which sort it is
_REQUEST = re.compile(r'"([A-Z]{3,16}) [^"]{0,4000} HTTP/[^"]{1,20}"?(?: (\d{3})\b)?')
_NUMBERED = re.compile(  # a word of SHAPED that holds a digit; looked for at its beginning only
    r"(?<![^\s'\"()\[\]{}=,;|<>])[^\s'\"()\[\]{}=,;|<>0-9]*+[0-9][^\s'\"()\[\]{}=,;|<>]*+"
)


def shape(text: str) -> str:
    """The sort of a message: its words, with a # for each that holds a digit."""
    return _NUMBERED.sub("#", text)


def asked(text: str) -> str:
    """The sort of a web server's line: method and answer, whatever was asked for."""
    found = _REQUEST.search(text) if " HTTP/" in text else None
    if found is None:
        return ""
    before = shape(text[: found.start()][:SHAPED])
    return f'{before}"{found[1]}" {found[2] or ""}'.strip()
