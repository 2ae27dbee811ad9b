"""Text that the database holds sealed under the instance's key: a copy of it names nobody."""

from typing import Any

from django.db import models

from vardkase.delivery.sealing import opened, sealed

PURPOSE = "person affected"
TOKEN = "gAAAA"  # noqa: S105  how everything sealed begins
LOST = "[?]"  # sealed under another key, such as that of an instance whose copy this is


class SealedField(models.TextField[str, str]):
    """Nothing is nothing, sealed or not, so that the database can see that somebody is erased."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return sealed(text, PURPOSE) if text else text

    def from_db_value(self, value: str | None, *_rest: object) -> str | None:
        if not value or not value.startswith(TOKEN):
            return value
        try:
            return opened(value, PURPOSE)
        except ValueError:
            return LOST
