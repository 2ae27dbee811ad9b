"""Static files are compressed once, and again when their source is newer."""

import gzip
import os
from pathlib import Path

from vardkase.web.made import compress_all


def test_a_changed_file_is_compressed_anew(tmp_path: Path) -> None:
    source, packed = tmp_path / "a.css", tmp_path / "a.css.gz"
    source.write_text("p { color: red }")
    compress_all(tmp_path)
    assert gzip.decompress(packed.read_bytes()) == source.read_bytes()
    source.write_text("p { color: blue }")
    later = packed.stat().st_mtime + 5
    os.utime(source, (later, later))
    compress_all(tmp_path)
    assert gzip.decompress(packed.read_bytes()) == source.read_bytes()
