"""The API's caller and incident serve here too."""

from tests.api.conftest import call, incident, opened

__all__ = ["call", "incident", "opened"]
