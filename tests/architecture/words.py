"""The words that people read: taken from code and templates, and looked up in the catalogue."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.utils.translation.template import templatize

from tests.architecture.source import SRC, called, nodes, templates

MARKERS = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "noop", "ngettext", "ngettext_lazy", "pgettext",
    "pgettext_lazy", "npgettext", "npgettext_lazy",
}  # fmt: skip
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
TRANSLATED = re.compile(
    r"\{%\s*blocktrans(?:late)?\b.*?%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}"
    r"|\{%\s*block mainclass\s*%\}.*?\{%\s*endblock",  # stands in an attribute
    re.DOTALL,
)
CALL = re.compile(
    r"""\b(?:n|p|np)?gettext\((?:[^()'"]|u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*")*\)"""
)
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"Vårdkase", "SHA", "API", "PDF", "CSV", "JSON", "URL", "CISO", "kB", "MB", "Svenska",
         "English", "Enter", "Esc", "Tab", "Ctrl"}  # fmt: skip
SILENT = {"script", "style", "code", "kbd"}
READ_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "aria-description"}

type Msgid = tuple[str | None, str]  # context, words


def msgids() -> dict[Msgid, str]:
    """Every text marked for translation, with where it stands."""
    found = dict(of_code())
    for path in templates():
        where = str(path.relative_to(SRC))
        source = templatize(path.read_text(encoding="utf-8"), origin=where)
        tree = ast.parse(as_python(source))
        found |= {msgid: where for node in ast.walk(tree) for msgid in of_call(node)}
    return found


def of_code() -> Iterator[tuple[Msgid, str]]:
    for where, node in nodes(ast.Call):
        for msgid in of_call(node):
            yield msgid, where


def of_call(node: ast.AST) -> Iterator[Msgid]:
    """What a call such as `_("Case")` or `ngettext("a", "b", n)` asks for."""
    if not isinstance(node, ast.Call) or called(node) not in MARKERS or not node.args:
        return
    words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    with_context = called(node).startswith(("pgettext", "npgettext"))
    if len(words) > with_context:
        yield (words[0], words[1]) if with_context else (None, words[0])


def as_python(source: str) -> str:
    """The calls in what Django's extractor makes of a template, one a line."""
    calls = re.findall(
        r"\b(?:n|p|np)?gettext\((?:[^()'\"]|u?'(?:\\.|[^'\\])*'|u?\"(?:\\.|[^\"\\])*\")*\)", source
    )
    return "\n".join(re.sub(r"\bcount\b", "0", call.replace("\n", "\\n")) for call in calls)


class Reader(HTMLParser):
    """Collects what stands in plain words in a template, outside every tag of translation."""

    def __init__(self) -> None:
        super().__init__()
        self.plain: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.plain += [value or "" for name, value in attrs if name in READ_ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.plain.append(data)


def untranslated(path: Path) -> list[str]:
    """Words that a reader sees in one language only."""
    text = TAG.sub(" ", TRANSLATED.sub(" ", path.read_text(encoding="utf-8")))
    reader = Reader()
    reader.feed(text)
    return [part.strip() for part in reader.plain if set(WORD.findall(part)) - NAMES]
