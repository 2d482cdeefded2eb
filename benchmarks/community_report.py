"""The page `docs/reference/performance-community.md`, from the newest results of the benchmarks of the service line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPORT = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance-community.md"
KEPT = "<!-- {name} -->"


def keep(name: str, found: dict[str, Any], *, folder: Path, is_reporting: bool) -> None:
    """Keep the result of a run beside its data; with `is_reporting` its part of the page is written anew."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    (folder / f"result-{name}.json").write_text(text, encoding="utf-8")
    if is_reporting:
        write(name, found)


def write(name: str, found: dict[str, Any]) -> None:
    """Write one part of the page; the other one stays as its last run left it."""
    before = REPORT.read_text(encoding="utf-8") if REPORT.exists() else ""
    parts = {each: _part(before, each) for each in PARTS}
    parts[name] = "\n".join(PARTS[name](found))
    body = "\n\n".join(f"{KEPT.format(name=each)}\n{part}" for each, part in parts.items() if part)
    REPORT.write_text(f"{HEAD}\n{body}\n", encoding="utf-8")


def _part(page: str, name: str) -> str:
    """A part of the page as it stands: from its mark to the next."""
    _, found, rest = page.partition(KEPT.format(name=name) + "\n")
    return rest.partition("\n<!-- ")[0].strip() if found else ""


HEAD = """# Performance of the service line

Written by `python -m benchmarks.history --report`, `python -m benchmarks.overload --report` and `python -m benchmarks.record_day --report`; nothing here is typed by hand.
Two cores, PostgreSQL 18 from the package index with its log flushed at every commit; whether other work ran on the same cores, the load averages say.
"""


def _circumstances(found: dict[str, Any]) -> str:
    """When it ran, how busy the machine was, and whether other work had to stand back."""
    first = " (with precedence over other work)" if found.get("nice", 0) < 0 else ""
    before, after = found["load"]
    return f"{found['on']}, load average {before} before and {after} after{first}."


def _history(found: dict[str, Any]) -> Iterator[str]:
    filled = found["filled"]
    yield "## From the ring to the caller's history on the screen"
    yield ""
    yield (
        f"{_circumstances(found)} "
        f"{filled['community_order']:,} orders and {filled['hotline_call']:,} calls of 300,000 residents, 2,000 of them with fifty orders"
        " each, written straight into the tables. "
        f"{found['calls']:,} calls at {found['rate']:g} a second: one process tells the house, the house chooses an agent, that agent's"
        " session fetches the call's page from `yiwang run` (two workers). Counted from when the call was due, in"
        f" milliseconds. {found['with_orders']:,} of the callers had earlier orders on the page; {found['had_to_wait']:,} found no free agent."
        " That a frequent caller's five last orders and calls stand on the page was checked before."
        " What follows on the ring (answering, ending, after-call work) isn't told, and only the agent concerned fetches."
    )
    yield ""
    yield "| until | p50 | p95 | p99 | highest |"
    yield "|---|--:|--:|--:|--:|"
    names = {
        "heard": "the house has chosen an agent",
        "bar": "the bar rings",
        "shown": "the history is there",
    }
    for key, words in names.items():
        if key in found:
            yield f"| {words} | {' | '.join(f'{value:,.1f}' for value in found[key].values())} |"
    yield ""
    yield f"Aim: 150 ms at p95: {'reached' if found['shown']['p95'] <= 150 else 'not reached'}."


def _record_day(found: dict[str, Any]) -> Iterator[str]:
    checks = found["checks"]
    steps = sum(one["number"] for one in found["steps"].values())
    cost = sum(one["number"] * one["ms"] for one in found["steps"].values()) / 1000
    yield "## The record day of a big city"
    yield ""
    part = "the whole" if found["share"] == 1 else f"{found['share']:.0%}"
    yield (
        f"{_circumstances(found)} The day has 87,000 calls and 70,000"
        f" orders (the busiest published days); this run took {part} of its number, hours {found['hours']}, with {found['agents']:,} agents"
        f" (Erlang C for 95 % in 15 s) and {found['teams']:,} teams. Half of the calls are answered on the spot, the others become orders;"
        " teams take on (85 %), decline (10 %) or don't look (5 %); work begins with the PIN and is called back."
        f" All through the actions in simulated time, by {found['processes']} processes, one of them the hotline's lane."
        " What a background worker takes from its queue is done by the simulation at the same simulated time."
    )
    yield ""
    if found["reached_hour"] is not None:
        yield f"**Stopped** when it had come to hour {found['reached_hour']:g} of the simulated day."
        yield ""
    yield (
        f"{checks['calls']:,} calls and {checks['orders']:,} orders in {found['seconds']:,.0f} s of wall time:"
        f" {steps:,} steps, {steps / found['seconds']:,.0f} a second; {cost:,.0f} s were spent within the steps of all processes together."
        f" {found['in_15_s']:.1%} of the answered callers waited 15 s at the most."
    )
    yield ""
    yield "| step | number | mean ms |"
    yield "|---|--:|--:|"
    for name, one in found["steps"].items():
        yield f"| {name} | {one['number']:,} | {one['ms']:.1f} |"
    yield ""
    yield "| asked afterwards in the database | |"
    yield "|---|--:|"
    for question, answer in checks.items():
        if question != "states":
            yield f"| {question} | {answer:,} |"
    for check, one in found["verify"]["checks"].items():
        yield f"| `yiwang verify {check}` | {'sound' if one['is_sound'] else 'NOT SOUND'} |"
    if not found["verify"]["checks"]:
        yield "| `yiwang verify` | didn't run |"
    yield ""
    states = ", ".join(f"{number:,} {state}" for state, number in sorted(checks["states"].items()))
    yield f"Orders by state at the end: {states}."
    if found["refused"]:
        said = ", ".join(f"{what} {number:,}" for what, number in sorted(found["refused"].items()))
        yield f"Steps that the house rightly refused because somebody else had been quicker: {said}."
    if found["faults"]:
        yield f"Faults: {'; '.join(found['faults'])}."


def _calls_at(found: dict[str, Any]) -> Iterator[str]:
    times = found["times_the_plan"]
    yield (
        "## Callers at the planned load" if times <= 1 else f"## Callers at {times:g} times the planned load"
    )
    yield ""
    yield (
        f"{_circumstances(found)} SIPp calls `yiwang voice` for {found['coming']:g} s, {found['calls_a_second']:g} calls a second at random instants;"
        f" {found['agents']} agents talk {found['talk']:g} s and work {found['after']:g} s after a call, on average and at random. So many agents answer"
        f" {'these calls' if times <= 1 else f'one part in {times:g} of these calls'} at 95 % within 15 s by Erlang's formula."
        f" A caller who isn't answered hangs up after {found['patience']:g} s. Callers, agents and the voice process share the machine."
    )
    yield ""
    yield "| callers | spoken with | within 15 s | longest wait | most waiting | gave up | of these to be called back | lost |"
    yield "|--:|--:|--:|--:|--:|--:|--:|--:|"
    share = found["within_15_s"] / max(1, found["spoken_with"])
    yield (
        f"| {found['callers']:,} | {found['spoken_with']:,} | {share:.1%} | {found['wait_longest']} s | {found['most_waiting']:,}"
        f" | {found['gave_up']:,} | {found['to_be_called_back']:,} | {found['lost']:,} |"
    )


PARTS = {"history": _history, "planned": _calls_at, "overload": _calls_at, "record_day": _record_day}
