"""What is made of the sources before it is served: words for gettext, static files compressed.

`python -m vardkase.web.made`; only what is older than its source is made again.
"""

import gzip
from pathlib import Path

from vardkase.lib.catalogue import compile_all

STATIC = Path(__file__).with_name("static")
PACKED = {".css", ".js", ".svg"}


def compress_all(folder: Path = STATIC) -> None:
    """Lay a `.gz` beside each text file; the web server prefers it where a browser takes it."""
    for source in sorted(folder.rglob("*")):
        target = source.with_name(f"{source.name}.gz")
        if source.suffix in PACKED and is_older(target, source):
            target.write_bytes(gzip.compress(source.read_bytes(), mtime=0))


def is_older(target: Path, source: Path) -> bool:
    return not target.exists() or target.stat().st_mtime <= source.stat().st_mtime


if __name__ == "__main__":
    compile_all()
    compress_all()
