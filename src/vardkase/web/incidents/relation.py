"""The relation map of the instruction (s. 6) for one case, as boxes and arrows and as a text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from vardkase.conclusions.rows import Drew, Hit
from vardkase.events.models import Event
from vardkase.lib.text import pieces

WIDE, HIGH, LINE = 178, 66, 20  # of a box; characters that fit on a line of it
LEFT, GAP = 4, 260


@dataclass(frozen=True, slots=True)
class Box:
    """One link of the chain; `known` is False while nobody has said what it is."""

    code: str
    kind: str
    text: str
    x: int
    y: int
    shade: bool
    known: bool
    lines: list[str] = field(default_factory=list)

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + WIDE // 2, self.y + HIGH // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    path: str
    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the text: a box, and how it leads on to the next."""

    box: Box
    leads: str


@dataclass(frozen=True, slots=True)
class Map:
    boxes: list[Box]
    arrows: list[Arrow]
    chain: list[Link]
    says: str
    width: int = 836
    height: int = 340


def relation_map(case: Event, drawn: Drew | None, assets: Iterable[Hit]) -> Map:
    """Threat, unwanted event and vulnerability above; event, incident, consequence, asset below."""
    boxes = {box.code: box for box in all_boxes(case, drawn, list(assets))}
    arrows = list(all_arrows(boxes))
    chain = [Link(boxes[code], leads) for code, leads in in_words()]
    told = [f"{link.box.kind}: {link.box.text}" for link in chain if link.box.known]
    return Map(list(boxes.values()), arrows, chain, _("Relation map. %s.") % "; ".join(told))


def all_boxes(case: Event, drawn: Drew | None, assets: list[Hit]) -> Iterator[Box]:
    said = drawn or Drew(0, "", "", "", "", case.reported_at, "")
    hit = assets[0].name if assets else case.system
    if len(assets) > 1:
        hit = _("%(name)s and %(n)d more") % {"name": hit, "n": len(assets) - 1}
    yield box("threat", _("Threat"), said.threat, 0, 12)
    yield box("unwanted_event", _("Unwanted event"), said.unwanted_event, 1, 12)
    yield box("vulnerability", _("Vulnerability"), said.vulnerability, 2, 12)
    yield box("event", _("Security event"), case.title, 0, 142, shade=True)
    yield box("incident", _("Incident"), named(case), 1, 142, shade=True)
    yield box("asset", _("Information asset"), hit, 2, 142, shade=True)
    yield box("consequence", _("Consequence"), said.consequence, 1, 262, shade=True)


def named(case: Event) -> str:
    if case.state in (Event.State.UNASSESSED, Event.State.WAITING, Event.State.NOT_INCIDENT):
        return str(Event.State(case.state).label)
    return f"{case.number}, P{case.priority}"


def box(code: str, kind: str, text: str, column: int, y: int, *, shade: bool = False) -> Box:
    shown = text or _("Not known yet")
    x = LEFT + column * GAP + (65 if y > 100 else 0)
    return Box(code, kind, shown, x, y, shade, bool(text), wrapped(shown))


def wrapped(text: str) -> list[str]:
    """`text` on at most two lines of a box, hidden characters by their names."""
    plain = "".join(f"[{piece}]" if mark else piece for mark, piece in pieces(text[:200]))
    rows = [""]
    for word in plain.split():
        if len(rows[-1]) + len(word) >= LINE and rows[-1]:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    if len(rows) > 2 or len(text) > 200:
        rows = [rows[0], f"{rows[min(1, len(rows) - 1)][: LINE - 1]}…"]
    return [row if len(row) <= LINE else f"{row[: LINE - 1]}…" for row in rows]


def all_arrows(boxes: dict[str, Box]) -> Iterator[Arrow]:
    yield across(boxes["threat"], boxes["unwanted_event"], _("brings about"))
    yield across(boxes["unwanted_event"], boxes["vulnerability"], _("exploits"))
    yield down(boxes["unwanted_event"], boxes["event"], _("may lead to"))
    yield down(boxes["vulnerability"], boxes["asset"], _("exposes"))
    yield across(boxes["event"], boxes["incident"], _("judged as"))
    yield across(boxes["incident"], boxes["asset"], _("affects"))
    yield down(boxes["incident"], boxes["consequence"], _("leads to"))


def across(start: Box, end: Box, text: str) -> Arrow:
    y = start.middle[1]
    x1, x2 = start.x + WIDE, end.x - 2
    return Arrow(f"M{x1} {y}L{x2} {y}", text, (x1 + x2) // 2, y - 8)


def down(start: Box, end: Box, text: str) -> Arrow:
    (x1, _y1), (x2, _y2) = start.middle, end.middle
    y1, y2 = start.y + HIGH, end.y - 2
    return Arrow(f"M{x1} {y1}L{x2} {y2}", text, (x1 + x2) // 2 + 52, (y1 + y2) // 2 + 4)


def in_words() -> list[tuple[str, str]]:
    return [
        ("threat", _("brings about")),
        ("unwanted_event", _("exploits")),
        ("vulnerability", _("may lead to")),
        ("event", _("judged as")),
        ("incident", _("leads to")),
        ("consequence", _("affects")),
        ("asset", ""),
    ]
