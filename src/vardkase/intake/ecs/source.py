"""Elastic Common Schema: what Beats, Elastic Agent and Kibana send."""

from vardkase.intake.policy import fingerprint_of
from vardkase.intake.shell import by_value
from vardkase.intake.source import Source

from .documents import prepare

SOURCE = Source(name="ecs", read=by_value(prepare), fingerprint=fingerprint_of("ecs"))
