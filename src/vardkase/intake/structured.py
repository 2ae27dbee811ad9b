"""Structured data of RFC 5424: `[ID name="value" ...]...`, with its escapes, in one pass."""

import re

_OPEN = re.compile(r'\[([^\s=\]"\[:]{1,64})(?=[ \]])')
_NAME = re.compile(r' {1,4}([^\s=\]"]{1,64})="')
_VALUE = re.compile(r'(?:[^"\\]|\\.)*+', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\\]])')


def read_data(text: str, at: int) -> tuple[dict[str, str], int]:
    """The parameters that begin at `at`, and where they end.

    `-` is none. What is no structured data after all (a message that begins with a bracket, one
    cut in the middle) is left to be the message.
    """
    if text.startswith("-", at) and text[at + 1 : at + 2] in ("", " "):
        return {}, at + 1
    data: dict[str, str] = {}
    while text.startswith("[", at):
        end = _element(text, at, data)
        if end is None:
            break
        at = end
    return data, at


def _element(text: str, at: int, data: dict[str, str]) -> int | None:
    opened = _OPEN.match(text, at)
    if opened is None:
        return None
    found: dict[str, str] = {}
    at = opened.end()
    while name := _NAME.match(text, at):
        value = _VALUE.match(text, name.end())
        end = value.end() if value else name.end()
        if not text.startswith('"', end):
            return None
        found[f"{opened[1]}.{name[1]}"] = _ESCAPE.sub(r"\1", text[name.end() : end])
        at = end + 1
    closing = at + (len(text[at : at + 4]) - len(text[at : at + 4].lstrip(" ")))
    if not text.startswith("]", closing):
        return None
    data.update(found or {opened[1]: ""})
    return closing + 1
