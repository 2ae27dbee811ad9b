"""Whom a message is about: the address that began, the one aimed at, the account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardkase.intake.syslog.about import About, about

NAMES = {"source_host": ("source-address", "src"), "user": ("username",)}


@pytest.mark.says("S2-028", "varningar från övervakningssystem så som exempelvis IDS/IDP")
@pytest.mark.parametrize(
    ("said", "source", "target", "user"),
    [
        ("Failed password for root from ::ffff:192.0.2.1 port 2", "192.0.2.1", "", "root"),
        ("Disconnected from invalid user eva 192.0.2.1 port 2", "192.0.2.1", "", "eva"),
        ("NOQUEUE: reject: RCPT from mx.example[192.0.2.1]: 554", "192.0.2.1", "", ""),
        ("warning: unknown[192.0.2.1]: login failed", "192.0.2.1", "", ""),
        ("LOGIN FAILED, user=eva@example.se, ip=[::ffff:192.0.2.1]", "192.0.2.1", "",
         "eva@example.se"),
        ("auth failed: user=<eva>, rip=192.0.2.1, lip=10.0.0.1", "192.0.2.1", "10.0.0.1", "eva"),
        ("denied tcp outside/192.0.2.1(12) -> inside/10.0.0.1(80)", "192.0.2.1", "10.0.0.1", ""),
        ("Built connection 1 for out:192.0.2.1/5 to in:10.0.0.1/8", "192.0.2.1", "10.0.0.1", ""),
        ("Deny tcp src outside:192.0.2.1/4 dst inside:10.0.0.1/2", "192.0.2.1", "10.0.0.1", ""),
        ("authentication failure; rhost=host.example.se  user=eva", "host.example.se", "", "eva"),
        ("error for eva from host.example.se", "host.example.se", "", "eva"),
        ("Listening on 0.0.0.0 port 22", "", "", ""),
        ("connection to 10.0.0.1 failed", "", "", ""),
        ("10.0.0.1 and 10.0.0.2 quarrel", "", "", ""),
        ("at 10:00:00 aa:bb:cc:dd:ee:ff woke, version 1.2.3.4.5 of 999.1.1.1", "", "", ""),
        ("Invalid user bob from 2001:db8::9", "2001:db8::9", "", "bob"),
        ("Started Session 12 of user root.", "", "", "root"),
        ("no such user found from 192.0.2.1", "192.0.2.1", "", ""),
    ],
)  # fmt: skip
def test_the_words_before_an_address_say_whose_it_is(
    said: str, source: str, target: str, user: str
) -> None:
    assert about(said, "app", {}, NAMES) == About(source, target, user)


def test_structured_data_goes_before_words() -> None:
    data = {"junos@2636.source-address": "192.0.2.1", "junos@2636.username": "eva"}
    assert about("denied from 10.0.0.9", "", data, NAMES) == About("192.0.2.1", "", "eva")


@given(st.text("0123456789.:abf[]/ from=to-", max_size=300))
def test_whatever_is_said_it_is_read(said: str) -> None:
    found = about(said, "", {}, NAMES)
    assert found.source in said.lower() or found.source in said
