"""Where to listen is one setting; a wrong word stops the start and says what to write."""

import pytest

from vardkase.intake.listen.collecting import source_of
from vardkase.intake.listen.places import Allowed, Place, places
from vardkase.lib.trouble import Trouble


def test_places_are_read() -> None:
    assert places(["udp://10.0.0.5:514", "tls://[::1]:6514/cef", "lmtp://127.0.0.1:24"]) == [
        Place("udp", "10.0.0.5", 514, "syslog"),
        Place("tls", "::1", 6514, "cef"),
        Place("lmtp", "127.0.0.1", 24, "mail"),
    ]


@pytest.mark.parametrize(
    "word", ["", "udp", "http://h:1", "udp://h", "udp://h:99999", "tcp://h:1/no", "tcp://[::1:5"]
)
def test_a_wrong_place_is_told(word: str) -> None:
    with pytest.raises(Trouble) as told:
        places([word])
    assert told.value.fix


def test_senders_are_asked_where_they_come_from() -> None:
    assert "10.1.2.3" in Allowed([])
    assert "::ffff:10.1.2.3" in Allowed([])
    assert "fe80::1%eth0" in Allowed([])
    assert "198.51.100.1" not in Allowed([])
    assert "198.51.100.1" in Allowed(["198.51.100.0/24"])
    assert "" not in Allowed([])
    with pytest.raises(Trouble):
        Allowed(["everyone"])


def test_cef_and_leef_through_syslog_go_to_their_readers() -> None:
    assert source_of("syslog", b"<13>Nov 20 08:00:00 h CEF:0|a|b|") == "cef"
    assert source_of("syslog", b"<13>Nov 20 08:00:00 h LEEF:1.0|a|") == "leef"
    assert source_of("syslog", b"<13>Nov 20 08:00:00 h su: CEF: no") == "syslog"
    assert source_of("keyvalue", b"a=CEF:0|") == "keyvalue"
