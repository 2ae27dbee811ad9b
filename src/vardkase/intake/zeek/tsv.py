"""Zeek's own log format: rows under a header that may change in the middle of a file."""

import re

from ..source import NotUnderstood

_HEX = re.compile(r"\\x([0-9A-Fa-f]{2})")
_DIRECTIVE = re.compile(
    r"#(separator|set_separator|empty_field|unset_field|path|open|close|fields|types)\b"
)

_SORT = re.compile(r"(?!Notice::ACTION)[A-Z]\w{0,60}::[A-Z]\w{0,60}")
_EPOCH = re.compile(r"\d{9,10}\.\d{1,9}")
_BEFORE = ("ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p")
_AFTER = ("note", "msg", "sub", "src", "dst", "p", "n", "peer_descr", "actions")


class Header:
    """What the directives read so far say of the rows to come."""

    def __init__(self) -> None:
        self.begin("\t")

    def begin(self, separator: str) -> None:
        self.separator = separator or "\t"
        self.path = ""
        self.empty, self.unset = "(empty)", "-"
        self.fields: list[str] = []

    def directive(self, line: str) -> bool:
        """Whether `line` is a directive; if so, it holds from here on."""
        found = _DIRECTIVE.match(line)
        if found is None:
            return line.startswith("#")
        name, rest = found[1], line[found.end() :]
        if name == "separator":
            self.begin(unescaped(rest.strip(" \t") or rest[1:]))
            return True
        values = rest.removeprefix(self.separator).removeprefix(" ").split(self.separator)
        if name == "fields":
            self.fields = [value.strip() for value in values]
        elif name == "path":
            self.path = values[0].strip()
        elif name == "empty_field":
            self.empty = values[0]
        elif name == "unset_field":
            self.unset = values[0]
        return True

    def row(self, line: str) -> dict[str, str]:
        """The set values of a row under their names; raises `NotUnderstood`."""
        if not self.fields:
            return bare_notice(line)
        values = line.split(self.separator)
        if len(values) != len(self.fields):
            raise NotUnderstood(
                f"The row has {len(values)} values, and its header {len(self.fields)} fields."
            )
        return {
            name: unescaped(value)
            for name, value in zip(self.fields, values, strict=True)
            if value not in (self.unset, self.empty)
        }


def bare_notice(line: str) -> dict[str, str]:
    """A notice that lost its header: what stands before and after its sort is always the same."""
    values = line.split("\t")[:40]
    place = next((n for n, value in enumerate(values) if _SORT.fullmatch(value)), 0)
    if place < len(_BEFORE) or not _EPOCH.fullmatch(values[0]):
        raise NotUnderstood("The row comes without the header (#fields) that says what it is.")
    told = [*zip(_BEFORE, values, strict=False), *zip(_AFTER, values[place:], strict=False)]
    return {"_path": "notice"} | {n: unescaped(v) for n, v in told if v not in ("-", "(empty)")}


def unescaped(value: str) -> str:
    r"""Without Zeek's `\xNN`, each of which is one byte of UTF-8."""
    if "\\x" not in value:
        return value
    raw = bytearray()
    at = 0
    for found in _HEX.finditer(value):
        raw += value[at : found.start()].encode("utf-8", "surrogatepass")
        raw.append(int(found[1], 16))
        at = found.end()
    raw += value[at:].encode("utf-8", "surrogatepass")
    return raw.decode("utf-8", "replace").replace("\0", "\u2400")
