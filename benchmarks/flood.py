"""More alarms than can be taken, from a process of its own: `python -m benchmarks.flood PORT
TOKEN SECONDS CONNECTIONS`. Nobody waits as asked. Says how many were taken and turned away."""

import http.client
import json
import sys
import threading
import time
from collections import Counter

from benchmarks.alarms import BATCH, batches

URL = "/api/v1/detections?source=suricata"


def main(port: int, token: str, seconds: float, connections: int) -> Counter[str]:
    bodies, told, end = batches(272), Counter[str](), time.monotonic() + seconds
    workers = [
        threading.Thread(target=send, args=(port, token, bodies[n % 10], end, told))
        for n in range(connections)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return told


def send(port: int, token: str, body: bytes, end: float, told: Counter[str]) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < end:
        try:
            client.request("POST", URL, body, headers)
            answer = client.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            told["broken"] += 1
            client.close()
            continue
        later = answer.status in (429, 503) and answer.headers["Retry-After"]
        told["taken" if answer.status == 200 else "later" if later else "other"] += 1
    client.close()


if __name__ == "__main__":
    found = main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
    print(json.dumps(found | {"lines": found["taken"] * BATCH}))
