"""XML from strangers: read in a stream, no entities, nothing fetched, depth and size bounded.

Only the elements asked for are kept, each until the next is read: a report of 100 MB needs as
much memory as its largest finding.
"""

import logging
import re
from collections.abc import Iterator
from xml.parsers import expat

from .source import NotUnderstood, Unreadable

log = logging.getLogger(__name__)
CHUNK = 65_536  # bytes
DEEPEST = 100  # levels
LARGEST = 200_000  # characters of text that are kept of one element
WIDEST = 20_000  # elements that are kept within one that is asked for
CUT = frozenset({  # a report that ends in the middle, as one that is still being written does
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
})  # fmt: skip
UTF16 = re.compile(rb"<\?xml[^>]{0,60}encoding=.utf-?16", re.IGNORECASE)


class Node:
    """One element: name, attributes, the elements in it, its own text, and what it stands in."""

    __slots__ = ("attributes", "inside", "name", "parent", "size", "words")

    def __init__(self, name: str, attributes: dict[str, str], parent: "Node | None") -> None:
        self.name = name
        self.attributes = attributes
        self.parent = parent
        self.inside: list[Node] = []
        self.words: list[str] = []
        self.size = 0

    @property
    def own(self) -> str:
        return "".join(self.words).strip()

    def all(self, path: str) -> "list[Node]":
        """The elements under `path`: `ports/port`."""
        found = [self]
        for name in path.split("/"):
            found = [inner for node in found for inner in node.inside if inner.name == name]
        return found

    def text(self, *paths: str) -> str:
        """The text of the first of the paths that has one."""
        return next((node.own for path in paths for node in self.all(path) if node.own), "")

    def attribute(self, name: str) -> str:
        """An attribute of this element, or of the nearest around it that has it."""
        node: Node | None = self
        while node is not None:
            if name in node.attributes:
                return node.attributes[name]
            node = node.parent
        return ""


class Stream:
    """What expat tells, made into the elements that are asked for."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.root = ""
        self.seen: set[str] = set()
        self.open: list[Node] = []
        self.keeping = 0  # how many of the open elements are asked for, or stand in one that is
        self.kept = 0
        self.ready: list[Node] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.root = self.root or name
        if len(self.open) >= DEEPEST:
            raise NotUnderstood("The XML is nested too deeply to be read.")
        if len(self.seen) < 500:
            self.seen.add(name)
        node = Node(name, attributes, self.open[-1] if self.open else None)
        self.open.append(node)
        if self.keeping or name in self.wanted:
            self.keeping += 1

    def end(self, _name: str) -> None:
        node = self.open.pop()
        if not self.keeping:
            return
        self.keeping -= 1
        if node.name in self.wanted and not self.keeping:
            self.ready.append(node)
            self.kept = 0
        elif self.kept < WIDEST and node.parent:
            node.parent.inside.append(node)
            self.kept += 1

    def text(self, words: str) -> None:
        if self.keeping and self.open[-1].size < LARGEST:
            self.open[-1].words.append(words)
            self.open[-1].size += len(words)


def elements(body: bytes, *wanted: str, roots: frozenset[str]) -> Iterator[Node]:
    """Each of the elements `wanted`, outermost, in a document whose root is one of `roots`.

    Of one that ends in the middle, those that are whole. Raises `NotUnderstood`, and `Unreadable`
    where the bytes are not of the encoding they claim.
    """
    stream = Stream(frozenset(wanted))
    parser = _parser(stream, "utf-8" if UTF16.match(body[:200]) else None)
    found = False
    for start in range(0, len(body) + 1, CHUNK):
        part = body[start : start + CHUNK]
        try:
            parser.Parse(part, start + CHUNK > len(body))
        except expat.ExpatError as fault:
            if fault.code not in CUT or not (found or stream.ready):
                raise _said(fault, body) from None
            log.warning("an XML report ends at line %d, in the middle", fault.lineno)
        except (LookupError, ValueError, UnicodeError) as fault:
            if isinstance(fault, NotUnderstood):
                raise
            raise NotUnderstood(f"The XML cannot be read: {fault}.") from None
        if stream.root and stream.root not in roots:
            raise NotUnderstood(f"The XML is a {stream.root[:60]}, not what this source reads.")
        found = found or bool(stream.ready)
        yield from stream.ready
        stream.ready.clear()


def _parser(stream: Stream, encoding: str | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartElementHandler = stream.start
    parser.EndElementHandler = stream.end
    parser.CharacterDataHandler = stream.text
    parser.EntityDeclHandler = _refuse
    parser.UnparsedEntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    return parser


def _refuse(*_told: object) -> int:
    raise NotUnderstood("The XML declares entities, which a report has no need of: not read.")


def _said(fault: expat.ExpatError, body: bytes) -> NotUnderstood | Unreadable:
    try:
        body.decode()
    except UnicodeDecodeError:
        if b"encoding" not in body[:100]:
            return Unreadable(f"Line {fault.lineno} of the XML is not UTF-8.")
    return NotUnderstood(f"The XML breaks at line {fault.lineno}: {expat.ErrorString(fault.code)}.")
