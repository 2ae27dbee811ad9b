"""A source's own records within the JSON of whoever brought them.

Hits of a search, Beats and Logstash, Splunk, SQS and SNS, EventBridge, CloudWatch, playbooks.
"""

from collections.abc import Callable, Iterator
from typing import Any

from .apart import Alerts, understood
from .json_text import loads
from .source import NotUnderstood, Unreadable
from .values import at, table

ALONE = (
    "_source", "event.original", "log.original", "message", "Message", "_raw", "raw", "log", "line",
    "msg", "detail", "body", "Body", "Sns", "result", "data", "payload", "event", "json", "doc",
    "all_fields", "alert", "parameters.alert", "parameters", "full_message", "MESSAGE", "content",
    "triggerBody", "object", "incident", "custom_details", "execution_argument",
)  # fmt: skip
SEVERAL = ("data.affected_items", "hits.hits", "hits", "Records", "records", "logEvents",
           "Messages", "events", "results", "logs", "items", "alerts", "value", "docs", "data",
           "incidents")  # fmt: skip
DEEPEST = 5  # envelopes within envelopes
BULK = ({"index"}, {"create"}, {"update"}, {"delete"})  # Elasticsearch's _bulk: what comes next

type ReadOne = Callable[[Any], Alerts]


def within(document: Any, read: ReadOne, depth: int = DEEPEST) -> Alerts:
    """What `read` makes of a document, or else of what lies in the envelopes around its own."""
    if isinstance(document, dict) and set(document) in BULK:
        return ()
    try:
        return read(document)
    except NotUnderstood:
        if depth:
            for inner in _inside(document):
                try:
                    return understood(inner, lambda each: within(each, read, depth - 1))
                except NotUnderstood:
                    continue
        raise


def _inside(document: Any) -> Iterator[list[Any]]:
    """What may be a record of ours, or several."""
    record = table(document)
    for path in ALONE if record else ():
        inner = _opened(at(record, path))
        if inner:
            yield [inner]
    for path in SEVERAL if record else ():
        inner = at(record, path)
        if isinstance(inner, list) and (found := [o for each in inner if (o := _opened(each))]):
            yield found


def _opened(value: Any) -> dict[str, Any]:
    """An object, or the one that a text holds, behind the words of a syslog daemon too."""
    if not isinstance(value, str):
        return table(value)
    start = value.find("{")
    if start < 0:
        return {}
    try:
        return table(loads(value[start:].encode("utf-8", "replace")))
    except (NotUnderstood, Unreadable):
        return {}
