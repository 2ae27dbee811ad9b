"""PDF documents by Typst. Text goes in as data, never as part of the program that lays it out."""

import json
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import typst

STANDARDS: Any = ["a-2a", "ua-1"]  # archivable, and readable by a screen reader
AT_ONCE = BoundedSemaphore(2)  # of a process's threads; others wait their turn
PATIENCE = 20.0  # seconds to wait for it


class Busy(RuntimeError):
    """Too many documents are being laid out; try again soon."""


def pdf(template: Path, data: dict[str, Any]) -> bytes:
    """The document that `template` makes of `data`, which it reads by

    `#let data = json(bytes(sys.inputs.data))`. PDF/A wants a title and a date: let the template
    `#set document(title: data.title, date: datetime(..data.date))`. Raises `Busy`.
    """
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise Busy
    try:
        made: bytes = typst.compile(
            str(template),
            root=str(template.parent),
            sys_inputs={"data": json.dumps(data)},
            font_paths=fonts(),
            pdf_standards=STANDARDS,
        )
    finally:
        AT_ONCE.release()
    return made


@cache
def fonts() -> typst.Fonts:
    """Those of the machine and Typst's own, looked for once."""
    return typst.Fonts(include_system_fonts=True)
