"""Files that were followed, and were rotated away while nobody read."""

import glob
import re
from contextlib import suppress
from operator import itemgetter
from pathlib import Path

from vardkase.detections.models import FileMark

from .files import Reader, called
from .source import Source

ROTATED = re.compile(r"[.\-_]\d[\d.\-_T:]*")  # what a file's name ends with when it was renamed


def left_behind(source: Source, path: Path) -> list[Reader]:
    """Files beside `path` that were rotated away while nobody read, the oldest first: the one that
    was being read, and those that came and went after it."""
    marks = dict(FileMark.objects.filter(name=called(path)).values_list("file", "at"))
    found = []
    for beside in path.parent.glob(f"{glob.escape(path.name)}?*"):
        with suppress(OSError):
            info = beside.stat()
            key = f"{source.name}:{info.st_dev}:{info.st_ino}"
            is_new = bool(marks) and info.st_mtime > max(marks.values()).timestamp()
            if key in marks or (is_new and ROTATED.fullmatch(beside.name[len(path.name) :])):
                reader = Reader(source, beside)
                if reader.offset or is_new:
                    found.append((info.st_mtime, reader))
    return [reader for _, reader in sorted(found, key=itemgetter(0))]
