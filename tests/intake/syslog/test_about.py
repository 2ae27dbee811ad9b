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
        ("unknown[192.0.2.1]: SASL LOGIN authentication failed, sasl_username=eva", "192.0.2.1",
         "", "eva"),
        ("H=(pc) [192.0.2.1]:41000 I=[10.0.0.1]:25 rejected RCPT <x@example.se>", "192.0.2.1",
         "10.0.0.1", ""),
        ("login authenticator failed for pc.example.se ([10.0.0.9]) [192.0.2.1]: (set_id=eva)",
         "192.0.2.1", "", "eva"),
        ("did not issue MAIL, relay=10.0.0.9.dsl.example.se [192.0.2.1]", "192.0.2.1", "", ""),
        ("mail.example.se [IPv6:2001:db8::1] did not issue MAIL", "2001:db8::1", "", ""),
        ('2001:db8::1234:58430 [14/Nov/2026] main "GET /?q=10.0.0.1 HTTP/1.1"',
         "2001:db8::1234", "", ""),
        ('LocalAddress="IPV4/UDP/10.0.0.1/5060",RemoteAddress="IPV4/UDP/192.0.2.1/5061"',
         "192.0.2.1", "10.0.0.1", ""),
        ("Registration from '<sip:7@10.0.0.9>' failed for '192.0.2.1:5060' - Wrong password",
         "192.0.2.1", "", ""),
        ("0 : default APPFW X 56 0 :  192.0.2.1 39 - Illegal URL: http://10.0.0.10/", "192.0.2.1",
         "", ""),
        ("Failed-Attempt: UserName=eva, Device IP Address=192.0.2.1", "192.0.2.1", "", "eva"),
        ("ftp (192.0.2.1[192.0.2.1]): USER eva (Login failed)", "192.0.2.1", "", "eva"),
    ],
)  # fmt: skip
def test_the_words_before_an_address_say_whose_it_is(
    said: str, source: str, target: str, user: str
) -> None:
    assert about(said, "app", {}, NAMES) == About(source, target, user)


@pytest.mark.parametrize(
    ("app", "said", "source", "user"),
    [
        ("sshd", "Failed password for invalid user eva from 10.0.0.9 from 192.0.2.1 port 2 ssh2",
         "192.0.2.1", "eva"),
        ("dovecot", "auth-worker(12): pam(eva,192.0.2.1): unknown user", "192.0.2.1", "eva"),
        ("exim", "x failed for (h) [192.0.2.1]: 535 no (set_id=eva@example.se)", "192.0.2.1",
         "eva@example.se"),
    ],
)  # fmt: skip
def test_programs_that_write_it_in_their_own_way(
    app: str, said: str, source: str, user: str
) -> None:
    """A stranger may call himself `eva from 10.0.0.9`: sshd writes the true address behind that."""
    assert about(said, app, {}, NAMES) == About(source, "", user)


def test_structured_data_goes_before_words() -> None:
    data = {"junos@2636.source-address": "192.0.2.1", "junos@2636.username": "eva"}
    assert about("denied from 10.0.0.9", "", data, NAMES) == About("192.0.2.1", "", "eva")


@given(st.text("0123456789.:abf[]/ from=to-", max_size=300))
def test_whatever_is_said_it_is_read(said: str) -> None:
    found = about(said, "", {}, NAMES)
    assert found.source in said.lower() or found.source in said


def test_of_a_list_of_addresses_a_few_are_weighed_and_a_stranger_hides_none() -> None:
    """A name that is full of addresses stands before the one that the program writes."""
    said = "Failed password for " + "from 198.51.100.9 " * 20 + "from 192.0.2.1 port 2"
    assert about(said, "sshd", {}, {}).source == "192.0.2.1"
    assert about(said, "", {}, {}).source == "198.51.100.9"
