"""Web push: a browser's own address, and our name to the services that carry to browsers.

RFC 8030 (sending), 8291 (what is sent is sealed for the browser alone), 8292 (who sends).
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from vardkase.lib.ids import keyed

LONGEST = 2000  # characters of a subscription
LABELS = re.compile(r"[a-zA-Z0-9.-]+")
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


def signing_key() -> ec.EllipticCurvePrivateKey:
    """The instance's own, made of its secret: nothing more to keep or to back up."""
    number = int.from_bytes(keyed(settings.SECRET_KEY, "web push"))
    return ec.derive_private_key(number % (ORDER - 1) + 1, ec.SECP256R1())


def public_key() -> str:
    """What a browser asks for when it is to be reached by us: 65 bytes in base64url."""
    point = signing_key().public_key()
    form = serialization.PublicFormat.UncompressedPoint
    raw = point.public_bytes(serialization.Encoding.X962, form)
    return urlsafe_b64encode(raw).decode().rstrip("=")


def is_subscription(address: str) -> bool:
    """Whether `address` is what a browser gave, at one of `PUSH_SERVICES`, and nowhere else."""
    try:
        said = json.loads(address) if len(address) <= LONGEST else {}
        parts = urlsplit(said["endpoint"])
        point, secret = (_bytes(said["keys"][name]) for name in ("p256dh", "auth"))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        known = _is_known(parts.netloc)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False
    return parts.scheme == "https" and known and len(secret) == 16 and address.isprintable()


def _is_known(host: str) -> bool:
    """No user, no other port: our server calls these services and nobody else's."""
    return any(
        host == name or (host.endswith(f".{name}") and LABELS.fullmatch(host))
        for name in settings.PUSH_SERVICES
    )


def _bytes(words: str) -> bytes:
    return urlsafe_b64decode(words + "=" * (-len(words) % 4))
