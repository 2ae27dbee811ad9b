"""A browser that gave its address is told the same as a telephone, sealed for it alone."""

import json
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.certificates import self_signed
from tests.conftest import NOW, Hire
from vardkase.access.actor import Actor
from vardkase.delivery import outbox, push, transports
from vardkase.delivery.models import Channel, Sending
from vardkase.delivery.services import Occasion, add_channel, tell
from vardkase.lib.changes import Refused
from vardkase.organisation.models import Person, Team, Unit

ALARM = Occasion(
    once="alarm:2026-0412:7", kind="alarm", path="/arenden/2026-0412", case="2026-0412",
    priority=1, loud=True, discreet=True,
)  # fmt: skip


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def raw(words: str) -> bytes:
    return urlsafe_b64decode(words + "=" * (-len(words) % 4))


@dataclass
class Browser:
    """What Firefox and Chrome do: keys of its own, and an address at a push service."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = b"sixteen bytes ok"

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def given(self) -> str:
        keys = {"p256dh": text(self.point), "auth": text(self.secret)}
        return json.dumps({"endpoint": self.endpoint, "keys": keys})

    def opened(self, body: bytes) -> str:
        """RFC 8291, the receiver's side."""
        salt, size = body[:16], body[20]
        theirs = body[21 : 21 + size]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.key.exchange(ec.ECDH(), sender)
        info = b"WebPush: info\0" + self.point + theirs
        seed = HKDF(hashes.SHA256(), 32, self.secret, info).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(seed)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(seed)
        plain = AESGCM(key).decrypt(nonce, body[21 + size :], None)
        return plain.rstrip(b"\0")[:-1].decode()


@dataclass
class Service:
    """A push service on loopback, with TLS as all of them have."""

    address: str
    got: list[tuple[dict[str, str], bytes]]
    answer: int = 201


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    held = Service("", [])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.got.append((dict(self.headers), body))
            self.send_response(held.answer)
            self.end_headers()

        def log_message(self, *_words: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    cert, key = self_signed(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    held.address = f"https://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(cert))
    monkeypatch.setattr(settings, "PUSH_SERVICES", [f"127.0.0.1:{server.server_port}"])
    monkeypatch.setattr(settings, "MAIL_FROM", "vardkase@region.example")
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_browser_is_told_number_priority_and_link_and_only_it_can_read_it(
    service: Service, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    karin = hire("tib")
    browser = Browser(f"{service.address}/wpush/v2/abc")
    add_channel(karin, "push", browser.given, by=act(karin), at=NOW)
    tell(ALARM, [karin], at=NOW)

    assert outbox.run(lambda: NOW) == 1

    [(headers, body)] = service.got
    said = browser.opened(body)
    assert said.startswith("P1 2026-0412 Larm. http")
    assert b"2026-0412" not in body
    assert int(headers["TTL"]) == transports.KEPT
    assert signed(headers["Authorization"], service.address)


def signed(header: str, origin: str) -> bool:
    """RFC 8292: our key signed a word for this service."""
    token, key = (part.partition("=")[2] for part in header.removeprefix("vapid ").split(", "))
    assert key.rstrip("=") == push.public_key()
    head, claims, mark = token.split(".")
    assert json.loads(raw(claims))["aud"] == origin
    r, s = (int.from_bytes(half) for half in (raw(mark)[:32], raw(mark)[32:]))
    push.signing_key().public_key().verify(
        encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256())
    )
    return True


def test_a_browser_that_is_gone_is_not_taken_for_told(
    service: Service, hire: Hire, act: Callable[[Person], Actor]
) -> None:
    karin = hire("tib")
    browser = Browser(f"{service.address}/wpush/v2/abc")
    add_channel(karin, "push", browser.given, by=act(karin), at=NOW)
    tell(ALARM, [karin], at=NOW)
    service.answer = 410

    assert outbox.run(lambda: NOW) == 0
    assert Sending.objects.get().sent_at is None
    assert "Vapid" in Channel.objects.get().fault


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://169.254.169.254/latest",
        "https://evilpush.apple.com.example/x",
        "https://notpush.apple.com:8443/x",
        "https://user@web.push.apple.com/x",
        "https://10.0.0.1\\.push.apple.com/x",
        "https://10.0.0.1#.push.apple.com/x",
        "http://web.push.apple.com/x",
        "https://fcm.googleapis.com\\@10.0.0.1/x",
        "file:///etc/passwd",
    ],
)
def test_our_server_calls_no_other_than_the_push_services(endpoint: str) -> None:
    assert not push.is_subscription(Browser(endpoint).given)


def test_the_push_services_of_the_common_browsers_are_known() -> None:
    for host in ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"):
        assert push.is_subscription(Browser(f"https://{host}/x").given)


@given(st.one_of(st.text(), st.recursive(st.none() | st.text(), st.lists).map(json.dumps)))
def test_what_no_browser_gave_is_refused(words: str) -> None:
    assert not push.is_subscription(words)


def test_a_team_has_no_browser(hospital: Unit, db: None) -> None:
    team = Team.objects.create(name="Nätgruppen", unit=hospital)
    browser = Browser("https://web.push.apple.com/x")
    with pytest.raises(Refused):
        add_channel(team, "push", browser.given, by=Actor.system(NOW), at=NOW)


def test_the_page_takes_what_the_browser_gave(
    hire: Hire, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(hire("tib"))
    page = client.get("/konto/meddelanden").content.decode()
    assert f'data-push="{push.public_key()}"' in page

    given = Browser("https://web.push.apple.com/x").given
    client.post("/konto/meddelanden/webblasare", {"address": given})
    assert Channel.objects.get().kind == "push"
    answer = client.post("/konto/meddelanden/webblasare", {"address": "nonsense"}, follow=True)
    assert answer.status_code == 200
    assert Channel.objects.count() == 1
