"""The words of the user interface: `web/locale/LANG/*.po` joined and compiled for gettext.

`python -m vardkase.lib.catalogue` after a change; `./dev` does it at every installation.
"""

from pathlib import Path

import polib

from .console import LOCALE


class Contradiction(ValueError):
    """Two files translate the same words differently."""


def join(folder: Path) -> polib.POFile:
    """All entries of the .po files in `folder`; raises `Contradiction`."""
    joined, seen = polib.POFile(), dict[tuple[str, str | None], polib.POEntry]()
    joined.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for path in sorted(folder.glob("*.po")):
        for entry in polib.pofile(str(path)):
            key = (entry.msgid, entry.msgctxt)
            if key in seen and seen[key].msgstr != entry.msgstr:
                raise Contradiction(f"{path.name}: {entry.msgid!r} is translated otherwise before")
            if key not in seen:
                seen[key] = entry
                joined.append(entry)
    return joined


def compile_all(locale: Path = LOCALE) -> None:
    """Write `LC_MESSAGES/django.mo` for each language, unless it is newer than its sources."""
    for folder in sorted(p for p in locale.iterdir() if p.is_dir()):
        target = folder / "LC_MESSAGES" / "django.mo"
        sources = [p.stat().st_mtime for p in folder.glob("*.po")]
        if target.exists() and sources and target.stat().st_mtime > max(sources):
            continue
        target.parent.mkdir(exist_ok=True)
        join(folder).save_as_mofile(str(target))


if __name__ == "__main__":
    compile_all()
