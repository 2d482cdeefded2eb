"""Check a proof from the log without trusting anybody: one file, any Python from 3.7 on, no network.

    python3 offline.py proof.json

The file may hold one proof or a list of them. An *inclusion* proof shows that a line stands in the log
whose root is on your receipt; a *consistency* proof shows that an earlier root of yours still stands in a
later one, that is, that nothing was changed or removed in between. Compare the root that is printed with
the one on your receipt: the proof speaks only about that root.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from typing import Any


def judge(claim: dict[str, Any]) -> tuple[bool, str]:
    """Whether a proof holds, with a sentence that says what it shows."""
    try:
        if claim["kind"] == "inclusion":
            return _judge_inclusion(claim)
        if claim["kind"] == "consistency":
            return _judge_consistency(claim)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return False, f"The proof can't be read: {error}."
    return False, "This is neither an inclusion nor a consistency proof."


def _judge_inclusion(claim: dict[str, Any]) -> tuple[bool, str]:
    hash_ = sha256(b"\x00" + claim["line"].encode("utf-8")).digest()
    here, last = int(claim["position"]), int(claim["size"]) - 1
    holds = 0 <= here <= last
    for step in map(bytes.fromhex, claim["proof"]):
        if last <= 0:
            holds = False
            break
        if here % 2 or here == last:
            hash_ = _join(step, hash_)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            hash_ = _join(hash_, step)
        here, last = here // 2, last // 2
    if holds and last == 0 and hash_.hex() == claim["root"]:
        return True, f"The line stands in the log of {claim['size']} entries with the root {claim['root']}."
    return False, f"The line does NOT stand in the log with the root {claim['root']}."


def _judge_consistency(claim: dict[str, Any]) -> tuple[bool, str]:
    older, newer = int(claim["older"]), int(claim["newer"])
    sentence = (
        f"the log of {older} entries (root {claim['older_root']})"
        f" in the log of {newer} entries (root {claim['newer_root']})"
    )
    if _is_consistent(older, newer, claim):
        return True, "Unchanged: " + sentence + "."
    return False, "NOT unchanged: " + sentence + "."


def _is_consistent(older: int, newer: int, claim: dict[str, Any]) -> bool:
    steps = [bytes.fromhex(step) for step in claim["proof"]]
    if not 0 < older <= newer:
        return False
    if older == newer:
        return not steps and claim["older_root"] == claim["newer_root"]
    if older & (older - 1) == 0:
        steps.insert(0, bytes.fromhex(claim["older_root"]))
    if not steps:
        return False
    here, last = older - 1, newer - 1
    while here % 2:
        here, last = here // 2, last // 2
    old_hash = new_hash = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here % 2 or here == last:
            old_hash, new_hash = _join(step, old_hash), _join(step, new_hash)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            new_hash = _join(new_hash, step)
        here, last = here // 2, last // 2
    return last == 0 and old_hash.hex() == claim["older_root"] and new_hash.hex() == claim["newer_root"]


def _join(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def main() -> int:
    """Judge every proof in the files named on the command line; exit with 1 if any doesn't hold."""
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    is_all_well = True
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            claims = json.load(file)
        for claim in claims if isinstance(claims, list) else [claims]:
            holds, sentence = judge(claim)
            is_all_well = is_all_well and holds
            print(("true   " if holds else "false  ") + sentence)
    return 0 if is_all_well else 1


if __name__ == "__main__":
    sys.exit(main())
