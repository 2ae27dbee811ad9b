"""A mail whose signature is wrapped around it says what it says, whoever signed it."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7SignatureBuilder

from tests.conftest import NOW
from vardkase.intake.letter import MOST_SIGNED, letter, parts
from vardkase.intake.mail_report import told
from vardkase.intake.signed import SIGNED, content

from .test_mail import mail

INNER = (
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
    b"Datorn \xc3\xa4r borta.\r\n--b\r\nContent-Type: image/png; name=bild.png\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0=\r\n--b--\r\n"
)


def wrapped(inner: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Eva")])
    day = datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
        .public_key(key.public_key()).not_valid_before(NOW - day).not_valid_after(NOW + day)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    builder = PKCS7SignatureBuilder().set_data(inner)
    return builder.add_signer(certificate, key, hashes.SHA256()).sign(Encoding.DER, [])


def in_pieces(*pieces: bytes) -> bytes:
    """As programs write it that do not know how long the mail will be."""
    text = b"".join(b"\x04\x82" + len(each).to_bytes(2) + each for each in pieces)
    named = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
    inner = b"\x30\x80" + named + b"\xa0\x80\x24\x80" + text + b"\0\0" * 3
    rest = b"\x30\x80\x02\x01\x01\x31\x02\x30\x00" + inner + b"\x31\0" + b"\0\0"
    return b"\x30\x80" + SIGNED + b"\xa0\x80" + rest + b"\0\0" * 2


def sent(packed: bytes) -> bytes:
    made = mail("eva@region.example", "Tappad dator", "")
    made.set_content(packed, "application", "pkcs7-mime", filename="smime.p7m")
    made.set_param("smime-type", "signed-data")
    return made.as_bytes()


@pytest.mark.parametrize("packed", [wrapped(INNER), in_pieces(INNER[:80], INNER[80:])])
def test_a_signed_mail_is_read_with_its_files(packed: bytes) -> None:
    raw = sent(packed)
    said = told(letter(raw), raw)
    assert said.what == "Tappad dator\n\nDatorn är borta."
    assert [name for name, _ in said.files] == ["smime.p7m", "bild.png"]


def test_what_is_no_signed_mail_stays_a_file() -> None:
    whole = in_pieces(INNER)
    for broken in (b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", whole[:60], INNER):
        assert content(broken) is None
        raw = sent(broken)
        assert told(letter(raw), raw).what == "Tappad dator"
    assert content(whole.replace(SIGNED, SIGNED[:-1] + b"\x03")) is None  # encrypted
    deep = b"\x24\x80" * 5_000 + b"\0\0" * 5_000
    assert content(in_pieces(b"").replace(b"\x24\x80\x04\x82\0\0\0\0", deep)) is None
    pieces = b"\x04\0" * 300_000
    for begun in (b"\x24\x80", b"\x24\x83" + len(pieces).to_bytes(3)):
        crumbs = begun + pieces + b"\0\0"
        assert content(in_pieces(b"").replace(b"\x24\x80\x04\x82\0\0\0\0", crumbs)) is None


def test_signatures_around_signatures_are_opened_a_few_times_only() -> None:
    """Each time all within is read anew: two megabytes in 190 of them took eighteen seconds."""
    raw = sent(in_pieces(INNER))
    for _ in range(6):
        raw = sent(in_pieces(raw))
    kinds = [kind for _, kind in parts(letter(raw))]
    assert kinds == ["application/pkcs7-mime"] * (MOST_SIGNED + 1)
