"""The API's incident serves here too."""

from tests.api.conftest import incident, opened

__all__ = ["incident", "opened"]
