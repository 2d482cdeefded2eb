"""The page that `python -m benchmarks.voice` writes."""

from pathlib import Path
from typing import Any

REPORT = Path(__file__).resolve().parents[1] / "docs/reference/performance-hotline.md"


def written(found: dict[str, Any]) -> str:
    """The page, from the figures of one run."""
    answer, queued = found["answer"], found["queued"]
    rows = "\n".join(
        f"| {each['calls']} calls, bridged and recorded | {_row(each)} |" for each in found["bridged"]
    )
    return f"""# How fast and how many: the telephone

Written by `.venv/bin/python -m benchmarks.voice --report` ({found["machine"]}; load average {found["load_before"]:.1f} before and {found["load_after"]:.1f} after, the ends of the calls on the same machine included).
One `yiwang voice` process with an embedded database; callers on SIP and agents on WebRTC, made by machine, in a second process. Nothing but 127.0.0.1 is in between, so the figures are those of the program, not of a network.

## From the INVITE to hearing each other

{answer["calls"]} calls one after another, an agent waiting who is put through without a click. The way includes the database: the call is written down, the house chooses the agent and the process is told.

| | p50 | p95 | worst |
|---|---|---|---|
| until the call is answered | {_times(answer["answered_ms"])} |
| until both have heard the other | {_times(answer["heard_ms"])} |

Goal: 200 ms at p95.

## Calls at once

{found["seconds"]:.0f} seconds each, counted after everybody was connected. Loss and jitter (RFC 3550) are those of what arrives at the ends.

| | processor (of one core) | memory | packets arrived | lost | jitter, median | jitter, worst end |
|---|---|---|---|---|---|---|
{rows}
| {queued["callers"]} callers in the queue, with music | {_row(queued)} |

The {queued["callers"]} callers were taken within {queued["seconds_to_take_all"]} s, ten at a time. One process uses one core. The ends of the calls took, in the order of the rows, {_ends(found)} % of a core themselves.
{_limit(found["limit"]) if "limit" in found else ""}"""


def _limit(limit: dict[str, Any]) -> str:
    """How far the search went, and what ended it."""
    rows = "\n".join(f"| {each['calls']} calls | {_row(each)} |" for each in limit["rounds"])
    why = (
        f"Ended because {' and '.join(limit['why'])}." if limit["why"] else "Nothing ended it but the search."
    )
    return f"""
## The most at once

`--limit`: more calls round by round, bridged and recorded, until one core is full, a packet is lost, or jitter is above 20 ms at an end.

| | processor (of one core) | memory | packets arrived | lost | jitter, median | jitter, worst end |
|---|---|---|---|---|---|---|
{rows}

**{limit["calls"]} calls** went clean. {why}
"""


def _row(each: dict[str, Any]) -> str:
    return (
        f"{each['percent_of_a_core']} % | {each['memory_mb']} MB | {each['packets']:,} | {each['lost']} | "
        f"{each['jitter_ms_median']} ms | {each['jitter_ms_worst']} ms"
    )


def _times(spread: dict[str, float]) -> str:
    return f"{spread['p50']} ms | {spread['p95']} ms | {spread['worst']} ms"


def _ends(found: dict[str, Any]) -> str:
    return ", ".join(
        str(each["percent_of_a_core_for_the_ends"]) for each in (*found["bridged"], found["queued"])
    )
