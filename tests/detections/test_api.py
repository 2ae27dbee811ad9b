"""Machines send over HTTP; what they sent can be read by those who may, and never by them."""

import gzip
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import LONG_AGO, NOW
from tests.detections.sources import TALK
from vardkase.detections.models import Detection, Feed
from vardkase.detections.senders import signing_key
from vardkase.intake import registry
from vardkase.lib.ids import fingerprint, new_secret
from vardkase.organisation.models import Token, Unit

type Give = Callable[..., str]
ROWS = b'{"rule": "scan", "host": "db1"}\n{"rule": "scan", "host": "db2"}\n'
URL = "/api/v1/detections"


@pytest.fixture(autouse=True)
def talk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source called talk, as if it lay in a folder of its own."""
    folder = type("folder", (), {"SOURCE": TALK})
    known = registry.modules() | {"talk": folder}
    monkeypatch.setattr(registry, "modules", lambda: known)


@pytest.fixture
def token(region: Unit) -> Give:
    def give(role: str = "integration", unit: Unit | None = None, **feed: Any) -> str:
        secret = new_secret()
        made = Token.objects.create(
            name="x", role=role, unit=unit or region, digest=fingerprint(secret), by="system",
            created_at=LONG_AGO, expires_at=NOW.replace(year=2099),
        )  # fmt: skip
        if feed:
            Feed.objects.create(token=made, **feed)
        return secret

    return give


def post(
    secret: str, body: bytes = ROWS, *, source: str = "talk", kind: str = "text/plain", **more: Any
) -> Any:
    headers = {"Authorization": f"Bearer {secret}"} | more
    return Client().post(f"{URL}?source={source}", body, content_type=kind, headers=headers)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "x/y", "application/gzip"])
def test_a_batch_of_any_content_type_is_answered_in_numbers(token: Give, kind: str) -> None:
    answer = post(token(), kind=kind)
    assert (answer.status_code, answer.json()) == (
        200,
        {"received": 2, "new": 2, "folded": 0, "skipped": 0, "set_aside": 0, "rejected": []},
    )


def test_gzip_needs_no_word_in_the_head(token: Give) -> None:
    assert post(token(), gzip.compress(ROWS)).json()["new"] == 2
    again = post(token(), gzip.compress(ROWS), **{"Content-Encoding": "gzip"})
    assert again.json()["folded"] == 2


def test_an_unknown_source_is_told_those_that_are_known(token: Give) -> None:
    answer = post(token(), source="telepathy")
    assert answer.status_code == 422
    assert "talk" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b'{"rule":"a"}\n' * 2_001, 413), (b" " * 2_200_000, 413), (gzip.compress(ROWS)[:-4], 400)],
    ids=["too many", "too large", "cut off"],
)
def test_too_much_and_damaged_is_refused_whole(token: Give, body: bytes, status: int) -> None:
    answer = post(token(), body)
    assert (answer.status_code, Detection.objects.count()) == (status, 0)
    assert answer.json()["detail"].endswith((".", ". Send smaller batches."))


def test_a_key_makes_a_batch_once(token: Give) -> None:
    secret, key = token(), {"Idempotency-Key": "abc-1"}
    first = post(secret, **key).json()
    assert post(secret, **key).json() == first
    assert post(secret, b'{"rule":"other"}', **key).status_code == 409
    assert post(token(), **key).json()["folded"] == 2  # another sender's key is another
    assert set(Detection.objects.values_list("count", flat=True)) == {2}


@pytest.mark.parametrize("role", ["reporter", "assessor", "auditor", "sysadmin", "security_chief"])
def test_only_an_integration_may_send(token: Give, role: str) -> None:
    assert post(token(role)).status_code == 403


def test_without_a_valid_token_nothing_is_taken(db: None) -> None:
    assert post("wrong").status_code == 401
    assert Client().post(f"{URL}?source=talk", ROWS, content_type="x/y").status_code == 401


def test_a_token_may_be_for_one_source(token: Give) -> None:
    assert post(token(source="other")).status_code == 403
    assert post(token(source="talk")).status_code == 200


def signed(body: bytes, *, key: str, at: int) -> dict[str, str]:
    mark = hmac.new(key.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Vardkase-Signature": f"t={at},v1={mark}"}


def test_a_signed_batch_is_taken_once_and_only_whole(token: Give) -> None:
    secret = token(signed=True)
    key = signing_key(Token.objects.get().key)
    now = int(timezone.now().timestamp())
    assert post(secret).status_code == 401
    assert post(secret, **signed(ROWS, key=key, at=now - 400)).status_code == 401
    assert post(secret, ROWS + b" ", **signed(ROWS, key=key, at=now)).status_code == 401
    assert post(secret, **signed(ROWS, key="k", at=now)).status_code == 401
    for bad in ("", "t=1", "v1=ä,t=²", "t=" + "9" * 300):
        assert post(secret, **{"X-Vardkase-Signature": bad}).status_code in (401, 422)
    first = post(secret, **signed(ROWS, key=key, at=now))
    assert first.json()["new"] == 2
    ((name, value),) = signed(ROWS, key=key, at=now).items()
    for again in (value, value.upper().replace("V1", "v1").replace("T=", "t="), f"x=1, {value}"):
        assert post(secret, **{name: again}).json() == first.json()
    assert set(Detection.objects.values_list("count", flat=True)) == {1}


def read(secret: str, **words: Any) -> Any:
    return Client().get(URL, words, headers={"Authorization": f"Bearer {secret}"})


def test_groups_are_read_page_by_page(token: Give) -> None:
    rows = "\n".join(json.dumps({"rule": f"r{k:02}", "severity": 4}) for k in range(7))
    post(token(), rows.encode())
    reader, found, after = token("security_chief"), [], ""
    assert len(read(reader, standing="without_case").json()["items"]) == 7
    assert read(reader, standing="muted").json()["items"] == []
    assert read(reader, standing="hidden").status_code == 422
    while after is not None:
        page = read(reader, limit=3, after=after).json()
        assert "items" in page, page
        found += page["items"]
        after = page["next"]
    assert sorted(r["title"] for r in found) == [f"r{k:02}" for k in range(7)]
    assert len(found[0]["fingerprint"]) == 32
    assert (found[0]["severity"], found[0]["count"], found[0]["source"]) == ("high", 1, "talk")
    assert read(reader, source="other").json() == {"items": [], "next": None}
    assert read(reader, after="x").status_code == 422


@pytest.mark.parametrize("role", ["integration", "reporter", "receiver", "handler", "auditor"])
def test_who_may_not_read_them(token: Give, role: str) -> None:
    assert read(token(role)).status_code == 403


def test_one_unit_reads_what_concerns_its_own_assets(
    token: Give, hospital: Unit, archive: Unit
) -> None:
    post(token())
    assert len(read(token("assessor")).json()["items"]) == 2
    assert read(token("assessor", hospital)).json()["items"] == []
