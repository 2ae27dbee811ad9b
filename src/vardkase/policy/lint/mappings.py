"""What a mapping of somebody's JSON must look like: `mappings.NAME`, read by `json:NAME`."""

import re
from collections.abc import Iterator
from typing import Any

from vardkase.policy.lint.lines import Place
from vardkase.policy.lint.page import Remark
from vardkase.policy.lint.shapes import (
    SERIOUS,
    SOURCE_KIND,
    by_words,
    each,
    one_of,
    table,
    words,
    zone,
)

PATH = re.compile(r"[^.\[\]]+(\[(\d{1,6}|\*)?\]|\.[^.\[\]]+)*")
FORMAT = re.compile(r"(%[aAbBdHIjmMpSfyYzZ%]|[^%])+")
OF_ALERT = ("title", "rule", "source_host", "target_host", "user", "ref", "severity", "kind")


def path(value: Any, place: Place) -> Iterator[Remark]:
    if not isinstance(value, str) or len(value) > 200 or not PATH.fullmatch(value):
        yield Remark(
            place,
            f"{value!r} är ingen sökväg: skriv till exempel event.name, hosts[0].ip eller tags[].",
            f"{value!r} is no path: write event.name, hosts[0].ip or tags[], for instance.",
        )


def paths(value: Any, place: Place) -> Iterator[Remark]:
    """One path, or several, the best first."""
    yield from each(path)(value, place) if isinstance(value, list) else path(value, place)


def time_format(value: Any, place: Place) -> Iterator[Remark]:
    if not isinstance(value, str) or not FORMAT.fullmatch(value):
        yield Remark(
            place,
            f"{value!r} är inget tidsformat: skriv till exempel %Y-%m-%d %H:%M:%S.",
            f"{value!r} is no format of time: write %Y-%m-%d %H:%M:%S, for instance.",
        )


_table = table(
    {
        "list": path,
        "needs": each(path),
        "rule": paths,
        "source_host": paths,
        "target_host": paths,
        "user": paths,
        "ref": paths,
        "occurred": paths,
        "time_formats": each(time_format),
        "severity": paths,
        "severities": by_words(SERIOUS),
        "source_kind": SOURCE_KIND,
        "kind": one_of("alert", "vulnerability"),
        "fields": each(path),
        "skip": by_words(each(words)),
    },
    title=paths,
    zone=zone,
    otherwise=SERIOUS,
    fingerprint=each(words),
)


def mapping(value: Any, place: Place) -> Iterator[Remark]:
    yield from _table(value, place)
    if isinstance(value, dict):
        yield from _grounds(value, place)
        yield from _skipped(value, place)


def _grounds(value: dict[str, Any], place: Place) -> Iterator[Remark]:
    """What makes a group must be something that the mapping reads."""
    known = {*OF_ALERT, *(f for f in _listed(value.get("fields")) if isinstance(f, str))}
    for row, name in enumerate(_listed(value.get("fingerprint"))):
        if isinstance(name, str) and name.strip() and name not in known:
            yield Remark(
                (*place, "fingerprint", row),
                f"{name} läses inte: skriv den under fields, eller välj {', '.join(OF_ALERT)}.",
                f"{name} is not read: write it under fields, or choose {', '.join(OF_ALERT)}.",
            )


def _skipped(value: dict[str, Any], place: Place) -> Iterator[Remark]:
    skipped = value.get("skip")
    for name in skipped if isinstance(skipped, dict) else ():
        yield from path(name, (*place, "skip", name))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
