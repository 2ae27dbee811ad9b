"""Fuzz target of people's mail: whatever is sent, it is sorted and told, or set aside.

python -m tests.fuzz.fuzz_mail -max_total_time=600
"""

import logging
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["vardkase.intake", "email"]):
    from vardkase.intake.letter import letter
    from vardkase.intake.mail_report import told
    from vardkase.intake.mail_sorts import sort_of
    from vardkase.intake.source import NotUnderstood, Unreadable
    from vardkase.policy.parameter import INTAKE

from vardkase.lib.text import UNSTORABLE

SEEDS = ("arf/samples/abuse.eml", "xarf/samples/login-attack.eml")


FORWARD = b"""From: eva@region.example
Subject: =?utf-8?q?VB=3A_l=C3=B6sen?=
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<!-- x --><p>Se <a href="https://evil.example/">h=E4r</a>
--b
Content-Type: message/rfc822
Content-Transfer-Encoding: base64

RnJvbTogYUBiLnNlClN1YmplY3Q6IHgKTWVzc2FnZS1JRDogPDFAYj4KCnk=
--b
Content-Type: application/octet-stream; name*0*=utf-8''%C3%A5; name*1=.eml

From: a@b.se

x
--b--
"""


def check(raw: bytes) -> None:
    """Raises where a mail stops its reader, or cannot be stored."""
    try:
        mail = letter(raw)
    except (NotUnderstood, Unreadable):
        return
    sort_of(mail, "")
    said = told(mail, raw)
    for text in (said.what, said.contact, said.mark, *(name for name, _ in said.files)):
        assert not UNSTORABLE.search(text)


def main(words: list[str]) -> None:
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "forward").write_bytes(FORWARD)
        for number, name in enumerate(SEEDS):
            (Path(folder) / str(number)).write_bytes((INTAKE / name).read_bytes())
        settings = [sys.argv[0], "-max_len=20000", "-timeout=10", *words, folder]
        atheris.Setup(settings, check)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
