"""Wazuh: alerts.json, webhooks of its integrations, answers of its indexer and its API."""

from ..policy import fingerprint_of
from ..shell import by_value
from ..source import Source
from .usual import prepare

SOURCE = Source(name="wazuh", read=by_value(prepare), fingerprint=fingerprint_of("wazuh"))
