"""What is stored can be read by this instance only: addresses of services, names of those affected.

The key lies outside the database; each purpose has its own.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from vardkase.lib.ids import keyed

ADDRESS = "delivery address"


def _box(purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(keyed(settings.SECRET_KEY, purpose)))


def sealed(text: str, purpose: str = ADDRESS) -> str:
    return _box(purpose).encrypt(text.encode()).decode()


def opened(stored: str, purpose: str = ADDRESS) -> str:
    """Raises `ValueError` if it was sealed under another key."""
    try:
        return _box(purpose).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise ValueError("sealed under another key") from error
