"""An object of JSON as a syslog message's words, by the names that its product has for things."""

from ..json_text import loads
from ..policy import Policy
from ..priority import LEVEL_WORDS, SEVERITIES
from ..shape import SHAPED, shape
from ..source import NotUnderstood, Unreadable
from ..values import leaves, table, text
from .about import About, first_of
from .log import Log

_SORTS = ("event_type", "eventtype", "rule", "signature", "eventid", "event_id", "type", "action")
_WORDS = (
    *("threat_name", "alert", "signature", "message", "msg", "title", "event_name", "description"),
    *("detail", "name", "action", "event_type", "eventtype", "event", "type"),
)
_LEVELS = ("severity", "level", "priority", "loglevel")


def said_json(said: str, ours: Policy) -> Log | None:
    """What the object tells; None if it is none, or tells nothing that can be a title."""
    try:
        record = table(loads(said[said.find("{") :].encode("utf-8", "replace")))
    except (NotUnderstood, Unreadable):
        return None
    told: dict[str, str] = {}
    for path, value in leaves(record):
        told.setdefault(path.rpartition(".")[2].lower(), text(value))
    title, sort = first_of(told, _WORDS), first_of(told, _SORTS)
    if not title:
        return None
    level = LEVEL_WORDS.get(first_of(told, _LEVELS).lower())
    who = (first_of(told, ours.names.get(n, ())) for n in ("source_host", "target_host", "user"))
    return Log(
        title=f"{sort}: {title}" if sort and sort != title else title,
        rule="/".join(dict.fromkeys(filter(None, (sort, shape(title[:SHAPED]))))),
        severity="" if level is None else SEVERITIES[level],
        about=About(*who),
        fields={f"json.{name}": value for name, value in told.items() if value},
    )
