"""What the program tells its operator: one event, one line of JSON, whatever the event holds.

Text from outside may hold line ends and control characters; none of them begins a line here.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO


class Line(logging.Formatter):
    """Only ASCII leaves it, so that no terminal and no reader of logs obeys what was logged."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told)


def handler(stream: TextIO) -> logging.Handler:
    made = logging.StreamHandler(stream)
    made.setFormatter(Line())
    return made


def set_up() -> None:
    """For the processes that serve; a command speaks to whoever gave it."""
    logging.basicConfig(level=logging.WARNING, handlers=[handler(sys.stderr)])
