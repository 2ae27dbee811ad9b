"""Elastic Common Schema: what Beats, Elastic Agent and Kibana send."""

from ..policy import fingerprint_of
from ..shell import by_value
from ..source import Source
from .documents import prepare

SOURCE = Source(name="ecs", read=by_value(prepare), fingerprint=fingerprint_of("ecs"))
