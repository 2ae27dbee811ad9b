"""Addresses of services hold secrets: what is stored can be read by this instance only."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from vardkase.lib.ids import keyed


def _box() -> Fernet:
    return Fernet(urlsafe_b64encode(keyed(settings.SECRET_KEY, "delivery address")))


def sealed(address: str) -> str:
    return _box().encrypt(address.encode()).decode()


def opened(stored: str) -> str:
    """Raises `ValueError` if it was sealed under another key."""
    try:
        return _box().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise ValueError("sealed under another key") from error
