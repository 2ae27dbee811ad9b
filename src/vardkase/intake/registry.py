"""Which sources there are: every folder of `intake` that holds a `source.py`.

The file holds `SOURCE`; where one folder reads many kinds by name (`json:MAPPING`), it holds
`named(rest)` instead, which gives the source of what follows the colon or raises `LookupError`.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any

import vardkase.intake as here

from .source import Source


class UnknownSource(LookupError):
    """No folder reads this kind. `names` are those that are known."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.names = names()


def source(name: str) -> Source:
    """The source called `name`; raises `UnknownSource`."""
    found = modules().get(name)
    if found is not None and hasattr(found, "SOURCE"):
        plain: Source = found.SOURCE
        return plain
    kind, colon, rest = name.partition(":")
    found = modules().get(kind)
    if not colon or found is None or not hasattr(found, "named"):
        raise UnknownSource(name)
    named: Callable[[str], Source] = found.named
    try:
        return named(rest)
    except LookupError:
        raise UnknownSource(name) from None


def names() -> list[str]:
    """What may stand in `?source=`, a family by its prefix: `json:`."""
    return [name if hasattr(m, "SOURCE") else f"{name}:" for name, m in modules().items()]


@cache
def modules() -> dict[str, Any]:
    """Folder by folder, loaded once: `snort_fast` is called `snort-fast`."""
    found = {}
    for each in pkgutil.iter_modules(here.__path__):
        if each.ispkg:
            place = f"{here.__name__}.{each.name}.source"
            if importlib.util.find_spec(place):
                module = importlib.import_module(place)
                found[called(each.name, module)] = module
    return dict(sorted(found.items()))


def called(folder: str, module: Any) -> str:
    source: Source | None = getattr(module, "SOURCE", None)
    return source.name if source else folder.rstrip("_").replace("_", "-")
