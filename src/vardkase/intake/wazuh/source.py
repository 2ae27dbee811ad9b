"""Wazuh: alerts.json, webhooks of its integrations, answers of its indexer and its API."""

from vardkase.intake.policy import fingerprint_of
from vardkase.intake.shell import by_value
from vardkase.intake.source import Source

from .usual import prepare

SOURCE = Source(name="wazuh", read=by_value(prepare), fingerprint=fingerprint_of("wazuh"))
