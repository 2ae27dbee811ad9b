"""How often, and from where."""

from datetime import UTC, datetime, timedelta

import pytest

from vardkase.lib.rate import Limit, exceeded, lock, locked, sender

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_the_limit_may_be_reached_but_not_passed(db: None) -> None:
    two = Limit("a", 2, 60)
    assert [exceeded(two, at=AT) for _ in range(3)] == [None, None, two]
    assert two.seconds_left(AT) == 60
    assert exceeded(two, at=AT + timedelta(seconds=60)) is None


def test_several_limits_are_counted_in_one_statement(
    db: None, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    here, everywhere = Limit("here", 5, 60), Limit("all", 1, 600)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert exceeded(here, everywhere, at=AT) is None
        assert exceeded(here, everywhere, at=AT) == everywhere


def test_amounts_are_added_and_never_overflow(db: None) -> None:
    megabytes = Limit("m", 100, 60)
    assert exceeded(megabytes, at=AT, amount=100) is None
    assert exceeded(megabytes, at=AT, amount=2**40) == megabytes
    assert exceeded(megabytes, at=AT, amount=2**40) == megabytes


def test_a_lock_opens_when_its_time_is_over(db: None) -> None:
    lock("door", until=int(AT.timestamp()) + 900)
    lock("door", until=int(AT.timestamp()) + 10)  # never shortened
    assert locked("door", "other", at=AT) == 900
    assert locked("other", at=AT) == 0
    assert locked("door", at=AT + timedelta(seconds=900)) == 0


@pytest.mark.parametrize(
    ("meta", "proxies", "network"),
    [
        ({"REMOTE_ADDR": "192.0.2.7"}, 0, "192.0.2.7"),
        ({"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"}, 0, "2001:db8:1:2::/64"),
        ({"REMOTE_ADDR": "::ffff:192.0.2.7"}, 0, "192.0.2.7"),
        ({"REMOTE_ADDR": "fe80::1%eth0"}, 0, "fe80::/64"),
        ({"REMOTE_ADDR": ""}, 0, "unknown"),
        # without a proxy of ours the header is anyone's word
        ({"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}, 0, "192.0.2.7"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 192.0.2.7"}, 1, "192.0.2.7"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1"}, 2, "10.0.0.1"),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "<script>"}, 1, "unknown"),
    ],
)
def test_who_calls_is_an_address_or_a_whole_ipv6_network(
    meta: dict[str, str], proxies: int, network: str
) -> None:
    assert sender(meta, proxies=proxies) == network
