"""`key=value` out of a line, quoted or not, each character looked at a bounded number of times."""

import re

_KEY = re.compile(
    r"(?:^|(?<=[\s,;|\[(\]])|(?<=\[\())(?P<name>[A-Za-z_@$][\w.\-/@$\[\]]{0,100})[ ]?"
    r"(?:=|::?(?=\"))"
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.|"")*+)"(?=[\s,;|\])]|$)', re.DOTALL)
_SLOPPY = re.compile(r'"([^"]*+)"')
_SINGLE = re.compile(r"'((?:[^'\\]|\\.)*+)'(?=[\s,;|\])]|$)", re.DOTALL)
_WORD = re.compile(r"\S*")
MOST = 1_000  # pairs of one line that are read
_FLAG = re.compile(r"[A-Z][A-Z0-9]{1,15}")
_ESCAPE = re.compile(r'\\(["\'\\nrt=])')
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def pairs(text: str) -> list[tuple[str, str]]:
    """Every pair in its order. Words without a key belong to the value before them.

    Flags of packet filters (`SYN`, `DF`) do not: they become pairs of their own, without a value.
    """
    found: list[tuple[str, str]] = []
    key = _KEY.search(text)
    while key and len(found) < MOST:
        value, at = _quoted(text, key.end())
        after = _KEY.search(text, at)
        if value is None:
            value = text[at : after.start() if after else len(text)]
            found += _bare(key["name"], value)
        else:
            found.append((key["name"], value))
        key = after
    return found


def _quoted(text: str, at: int) -> tuple[str | None, int]:
    for form in (_QUOTED, _SLOPPY) if text.startswith('"', at) else (_SINGLE,):
        quoted = form.match(text, at)
        if quoted:
            return unescaped(quoted[1]), quoted.end()
    return None, at


def unescaped(value: str) -> str:
    value = value.replace('""', '"') if '""' in value else value
    if "\\" not in value:
        return value
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), value)


def _bare(name: str, value: str) -> list[tuple[str, str]]:
    value = value.strip().rstrip(",;|])").strip()
    first = _WORD.match(value)
    rest = value[first.end() :].split() if first else []
    if rest and all(_FLAG.fullmatch(word) for word in rest[:40]):
        return [(name, first[0] if first else ""), *((word, "") for word in rest)]
    return [(name, value.strip('"'))]
