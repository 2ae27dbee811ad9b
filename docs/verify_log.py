#!/usr/bin/env python3
"""Check a decision log that `vardkase log export FILE` wrote. Needs Python 3.9 or newer only.

    python3 verify_log.py FILE

Every line is a JSON object with one key. `entry` is a log entry: its hash `digest` is SHA-256 over
a zero byte and the canonical JSON (sorted keys, no spaces, UTF-8) of v, chain, n, prev, at,
written, by, kind and pc; `prev` is the digest of the entry before it in the same chain, 64 zeros
for the first; `pc` is HMAC-SHA256 of `content` under `salt`. `end` says where a chain ends, `total`
how much the file holds. Times are microseconds since 1970 in UTC.

Exit code 0: whole. 3: something was changed, removed or reordered; each fault is a line.
What this cannot see: a log that was rewritten from the first entry on by somebody with every right
in the database. Keep `head` of a case somewhere else, and compare.
"""

import hashlib
import hmac
import json
import sys
from json.encoder import encode_basestring as quoted

GENESIS = "0" * 64
HASHED = ("v", "chain", "n", "prev", "at", "written", "by", "kind", "pc")
STR = {str}
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def digest_of(entry):
    return hashlib.sha256(b"\x00" + canonical(entry).encode()).hexdigest()


def canonical(entry):
    """What is hashed; written out for the usual, since a log has millions of entries."""
    v, n, at, written = entry["v"], entry["n"], entry["at"], entry["written"]
    texts = [entry[name] for name in ("by", "chain", "kind", "pc", "prev")]
    if not (
        type(v) is type(n) is type(at) is type(written) is int and set(map(type, texts)) == STR
    ):
        return CANONICAL({name: entry[name] for name in HASHED})
    by, chain, kind, pc, prev = map(quoted, texts)
    return (
        f'{{"at":{at},"by":{by},"chain":{chain},"kind":{kind},"n":{n},"pc":{pc},"prev":{prev}'
        f',"v":{v},"written":{written}}}'
    )


def content_fault(entry):
    if entry["content"] is None or entry["salt"] is None:
        return "content is missing"
    try:
        salt = bytes.fromhex(entry["salt"])
    except ValueError:
        return "content was changed"
    made = hmac.digest(salt, entry["content"].encode(), "sha256").hex()
    return None if made == entry["pc"] else "content was changed"


def faults_of(entry, place, previous):
    """What is wrong with an entry that should follow entry `place`, whose hash is `previous`."""
    if entry["n"] <= place:
        yield entry["n"], "stands twice, or out of order"
    elif entry["n"] > place + 1:
        yield place + 1, "is missing"
    elif entry["prev"] != previous:
        yield entry["n"], "does not follow the entry before it"
    if fault := content_fault(entry):
        yield entry["n"], fault
    if digest_of(entry) != entry["digest"]:
        yield entry["n"], "was changed"


def check(lines):
    """Yield (chain, place, fault) for everything that is wrong."""
    heads, ended, entries, total = {}, set(), 0, None
    for line in lines:
        ((kind, what),) = json.loads(line).items()
        if kind == "entry":
            entries += 1
            for place, fault in faults_of(what, *heads.get(what["chain"], (0, GENESIS))):
                yield what["chain"], place, fault
            heads[what["chain"]] = (what["n"], what["digest"])
        elif kind == "end":
            ended.add(what["chain"])
            if heads.get(what["chain"], (0, GENESIS)) != (what["length"], what["head"]):
                yield what["chain"], what["length"] or 0, "is not where the log ends"
        elif kind == "total":
            total = what
    for chain in heads.keys() - ended:
        yield chain, 0, "has no end in the file"
    if total != {"entries": entries, "chains": len(heads.keys() | ended)}:
        yield "file", 0, "was cut off, or holds more or less than it says"


def main(path):
    count = 0
    with open(path, encoding="utf-8") as lines:
        for chain, place, fault in check(lines):
            count += 1
            sys.stdout.write(f"{chain}, entry {place}: {fault}\n")
    sys.stdout.write(f"{count} faults.\n" if count else "The log is whole.\n")
    return 3 if count else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
