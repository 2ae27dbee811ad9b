"""Wazuh: alerts.json, webhooks of its integrations, answers of its indexer and its API."""

from vardkase.intake.shell import source

from .alerts import understand

SOURCE = source("wazuh", understand)
