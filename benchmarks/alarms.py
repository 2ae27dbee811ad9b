"""Alarms as Suricata writes them, made up: batches of lines for the door, and for a bare COPY."""

import json
import random
from datetime import UTC, datetime, timedelta

BATCH, BATCHES = 2_000, 10
START = datetime(2026, 11, 22, 5, tzinfo=UTC)
WORDS = ("ET SCAN", "ET POLICY", "GPL WEB_SERVER", "ET TROJAN", "SURICATA STREAM", "ET CHAT")
DEEDS = ("suspicious inbound to PostgreSQL port 5432", "device in config mode", "login attempt")


def batches(groups: int, *, seed: int = 1) -> list[bytes]:
    """Bodies of 2,000 lines of some 800 bytes; `groups` is how many kinds of alarm there are."""
    draw = random.Random(seed)
    kinds = [kind(n) for n in range(groups)]
    return [
        b"\n".join(line(draw, draw.choice(kinds), k) for k in range(BATCH)) for _ in range(BATCHES)
    ]


def kind(number: int) -> dict[str, object]:
    """What alarms of one group have in common."""
    return {
        "src_ip": f"10.{number % 7}.{number // 7 % 250}.{number % 250}",
        "dest_ip": f"192.0.2.{number % 250}",
        "signature_id": 2_000_000 + number % 997,
        "signature": f"{WORDS[number % 6]} {DEEDS[number % 3]} {number % 997}",
        "severity": 1 + number % 3,
    }


def line(draw: random.Random, of: dict[str, object], number: int) -> bytes:
    at = START + timedelta(seconds=number, microseconds=draw.randrange(1_000_000))
    port = draw.randrange(1024, 65_536)
    told = {
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.%f+0000"), "flow_id": draw.getrandbits(50),
        "pcap_cnt": draw.getrandbits(20), "event_type": "alert", "src_ip": of["src_ip"],
        "src_port": port, "dest_ip": of["dest_ip"], "dest_port": 5432, "proto": "TCP",
        "alert": {
            "action": "allowed", "gid": 1, "signature_id": of["signature_id"], "rev": 5,
            "signature": of["signature"], "category": "Potentially Bad Traffic",
            "severity": of["severity"],
        },
        "http": {
            "hostname": "intranet.region.example", "url": f"/system/{draw.getrandbits(60):x}",
            "http_user_agent": "Mozilla/5.0 (X11; Linux x86_64)", "http_method": "GET",
            "protocol": "HTTP/1.1", "status": 200, "length": draw.getrandbits(14),
        },
        "app_proto": "http", "flow": {
            "pkts_toserver": 7, "pkts_toclient": 8, "bytes_toserver": draw.getrandbits(14),
            "bytes_toclient": 4091, "start": at.strftime("%Y-%m-%dT%H:%M:%S.%f+0000"),
        },
    }  # fmt: skip
    return json.dumps(told, separators=(",", ":")).encode()
