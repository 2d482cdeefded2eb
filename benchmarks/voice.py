"""`python -m benchmarks.voice`: how fast, how many and how clean the calls of `yiwang voice` are.

A voice process with a database of its own; callers on SIP and agents on WebRTC in this process, all on 127.0.0.1.
Writes docs/reference/performance-hotline.md with `--report`.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil

from benchmarks.voice_report import REPORT, written

HOST = "127.0.0.1"
SIP, OUTSIDE, DOOR, FIRST_RTP = 25060, 25062, 28702, 26000
FEWEST_AGENTS = 40
FULL = 90.0
"""Percent of a core at which the voice process, or the ends beside it, count as full."""
UNCLEAN = 20.0
"""Milliseconds of jitter at an end that would be heard."""


def main() -> None:
    """Do it all."""
    options = _options()
    folder = Path(options.folder).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "YIWANG_DATA": str(folder),
        "YIWANG_SIP_TRUNK": f"{HOST}:{OUTSIDE}",
        "YIWANG_SIP_LISTEN": f"{HOST}:{SIP}",
        "YIWANG_SIP_RTP_PORTS": f"{FIRST_RTP}-{FIRST_RTP + 999}",
        "YIWANG_VOICE_PORT": str(DOOR),
        "YIWANG_VOICE_ADDRESSES": HOST,
    }
    command = [sys.executable, "-m", "yiwang.site.command"]
    subprocess.run([*command, "migrate"], check=True, stdout=subprocess.DEVNULL)
    from yiwang.site import database

    with database.ready(), (folder / "voice.log").open("wb") as log:
        agents = _agents(max(FEWEST_AGENTS, *options.bridged, options.limit))
        voice = subprocess.Popen([*command, "voice"], stdout=log, stderr=log)
        try:
            found = asyncio.run(_measure(options, agents, psutil.Process(voice.pid)))
        finally:
            voice.terminate()
            voice.wait(20)
    found["machine"] = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    (folder / "result.json").write_text(json.dumps(found, indent=1))
    print(json.dumps(found, indent=1))
    if options.report:
        REPORT.write_text(written(found), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.voice", description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=60, help="one after another, with an agent waiting")
    parser.add_argument("--bridged", type=_numbers, default=[10, 20, 40], help="at once, such as 10,20,40")
    parser.add_argument(
        "--limit", type=int, default=0, help="look for the most bridged and recorded calls, up to so many"
    )
    parser.add_argument("--step", type=int, default=40, help="calls more in each round of the search")
    parser.add_argument("--queued", type=int, default=200, help="callers who wait at once")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each round")
    parser.add_argument("--folder", default="/var/tmp/yiwang-benchmarks/voice", help="where the data is kept")
    parser.add_argument("--report", action="store_true", help="write docs/reference/performance-hotline.md")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _agents(count: int) -> list[int]:
    """Agents of one unit, put through without a click; those of an earlier run, and as many more as it takes."""
    from yiwang.facilities.hotline.actions import enter_service, open_line, set_up_agent
    from yiwang.facilities.hotline.models import Agent, Line
    from yiwang.kernel.orgs.actions import found_unit
    from yiwang.kernel.orgs.enums import UnitKind
    from yiwang.kernel.people.actions import create_account

    now = datetime.now(UTC)
    line = Line.objects.first()
    if line is None:
        unit = found_unit(code="voice", name="服务中心", kind=UnitKind.OFFICE, valid_from_on=date(2000, 1, 1))
        line = open_line("96519", name="服务热线", unit_id=unit.pk)
    found = list(Agent.objects.order_by("pk").values_list("pk", flat=True)[:count])
    for number in range(len(found), count):
        account = create_account(
            username=f"agent{number}", name=f"话务{number}", password="only to be measured", at=now
        )
        agent = enter_service(account.pk, unit_id=line.unit_id, at=now)
        set_up_agent(agent.pk, is_auto_answer=True, by=None, at=now)
        found.append(agent.pk)
    return found


async def _measure(options: argparse.Namespace, agents: list[int], voice: psutil.Process) -> dict[str, Any]:
    from benchmarks.ends import Exchange

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            _, writer = await asyncio.open_connection(HOST, DOOR)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.1)
    exchange = Exchange(port=OUTSIDE, trunk=(HOST, SIP))
    await exchange.open()
    found: dict[str, Any] = {"load_before": os.getloadavg()[0], "seconds": options.seconds}
    found["answer"] = await _one_after_another(exchange, agents[0], options.calls)
    found["bridged"] = [
        await _at_once(exchange, agents[:count], voice, seconds=options.seconds) for count in options.bridged
    ]
    found["queued"] = await _waiting(exchange, options.queued, voice, seconds=options.seconds)
    if options.limit:
        found["limit"] = await _limit(options, exchange, agents, voice)
    found["load_after"] = os.getloadavg()[0]
    await exchange.close()
    return found


async def _one_after_another(exchange: Any, agent_id: int, calls: int) -> dict[str, Any]:
    """From the INVITE to the instant at which both have heard the other."""
    from benchmarks.ends import Phone

    loop = asyncio.get_running_loop()
    browser = await _seat(agent_id, hertz=1000)
    answered, heard = [], []
    for number in range(calls):
        await _ready([agent_id])
        browser.ear.first_at = None
        phone = Phone(hertz=440, keeps=False)
        began = loop.time()
        await exchange.call(phone, caller=f"139{number:08}")
        answered.append(loop.time() - began)
        await _until(lambda phone=phone: bool(phone.ear.first_at and browser.ear.first_at))
        heard.append(max(phone.ear.first_at, browser.ear.first_at) - began)
        await asyncio.sleep(0.3)
        exchange.hang_up(phone)
        await asyncio.sleep(0.2)
    await browser.leave()
    return {"calls": calls, "answered_ms": _spread(answered), "heard_ms": _spread(heard)}


async def _at_once(exchange: Any, agents: list[int], voice: Any, *, seconds: float) -> dict[str, Any]:
    """So many bridged and recorded calls at once."""
    from benchmarks.ends import Phone

    browsers = [await _seat(agent_id, hertz=1000, keeps=False) for agent_id in agents]
    await _ready(agents)
    phones = [Phone(hertz=440, keeps=False) for _ in agents]
    for number, phone in enumerate(phones):
        await exchange.call(phone, caller=f"138{number:08}")
    await _until(lambda: all(browser.ear.first_at for browser in browsers), seconds=15 + len(agents) / 4)
    await asyncio.sleep(4)
    found = await _watched(voice, seconds, [end.ear.reception for end in (*phones, *browsers)])
    for phone in phones:
        exchange.hang_up(phone)
    await asyncio.sleep(2)
    for browser in browsers:
        await browser.leave()
    return {"calls": len(agents), **found}


async def _limit(
    options: argparse.Namespace, exchange: Any, agents: list[int], voice: psutil.Process
) -> dict[str, Any]:
    """More calls round by round, until one core is full, packets are lost or jitter is heard, and which it was."""
    rounds: list[dict[str, Any]] = []
    for count in range(options.step, options.limit + 1, options.step):
        each = await _at_once(exchange, agents[:count], voice, seconds=options.seconds)
        rounds.append(each)
        print(json.dumps(each), file=sys.stderr)
        why = [
            word
            for word, is_so in (
                ("packets were lost", each["lost"] > 0),
                ("jitter was heard", each["jitter_ms_worst"] > UNCLEAN),
                ("the voice process was full", each["percent_of_a_core"] > FULL),
                ("the ends were full", each["percent_of_a_core_for_the_ends"] > FULL),
            )
            if is_so
        ]
        if why:
            clean = rounds[-2]["calls"] if len(rounds) > 1 else 0
            return {"rounds": rounds, "calls": clean, "why": why}
    return {"rounds": rounds, "calls": rounds[-1]["calls"], "why": []}


async def _waiting(exchange: Any, count: int, voice: Any, *, seconds: float) -> dict[str, Any]:
    """So many callers in the queue, each with announcements and music."""
    from benchmarks.ends import Phone

    phones = [Phone(hertz=440, keeps=False) for _ in range(count)]
    began = time.monotonic()
    for start in range(0, count, 10):
        await asyncio.gather(
            *(
                exchange.call(phone, caller=f"137{start + number:08}")
                for number, phone in enumerate(phones[start : start + 10])
            )
        )
    took = time.monotonic() - began
    await asyncio.sleep(3)
    found = await _watched(voice, seconds, [phone.ear.reception for phone in phones])
    for phone in phones:
        exchange.hang_up(phone)
    await asyncio.sleep(2)
    return {"callers": count, "seconds_to_take_all": round(took, 1), **found}


async def _watched(voice: Any, seconds: float, receptions: list[Any]) -> dict[str, Any]:
    """Processor time of the voice process, and what its packets arrive like."""
    before = [(each.received, each.lost) for each in receptions]
    times, began = voice.cpu_times(), time.monotonic()
    own = psutil.Process().cpu_times()
    await asyncio.sleep(seconds)
    lasted = time.monotonic() - began
    after, own_after = voice.cpu_times(), psutil.Process().cpu_times()
    received = sum(each.received - was for each, (was, _) in zip(receptions, before, strict=True))
    lost = sum(each.lost - was for each, (_, was) in zip(receptions, before, strict=True))
    return {
        "percent_of_a_core": round(100 * (after.user + after.system - times.user - times.system) / lasted, 1),
        "percent_of_a_core_for_the_ends": round(
            100 * (own_after.user + own_after.system - own.user - own.system) / lasted, 1
        ),
        "memory_mb": round(voice.memory_info().rss / 1e6),
        "packets": received,
        "lost": lost,
        "jitter_ms_median": round(median(each.jitter for each in receptions) / 8, 2),
        "jitter_ms_worst": round(max(each.jitter for each in receptions) / 8, 2),
    }


async def _seat(agent_id: int, *, hertz: float, keeps: bool = False) -> Any:
    from benchmarks.ends import Agent
    from yiwang.facilities.hotline.tickets import ticket_for

    browser = Agent(hertz=hertz, keeps=keeps)
    await browser.sit_down(ticket_for(agent_id, session="benchmark"), port=DOOR)
    return browser


async def _ready(agents: list[int]) -> None:
    """The agents say that they are ready, as soon as their last call is off their hands."""
    from yiwang.facilities.hotline.actions import NotYourTurn, set_state
    from yiwang.facilities.hotline.models import Agent

    def all_ready() -> bool:
        for agent_id in agents:
            try:
                set_state(agent_id, "ready", at=datetime.now(UTC))
            except NotYourTurn:
                return False
        return Agent.objects.filter(pk__in=agents, state="ready", has_line=True).count() == len(agents)

    deadline = time.monotonic() + 20 + len(agents) / 2
    while not await asyncio.to_thread(all_ready):
        if time.monotonic() > deadline:
            raise TimeoutError("the agents didn't get ready")
        await asyncio.sleep(0.05)


async def _until(true: Callable[[], bool], *, seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(0.001)


def _spread(found: list[float]) -> dict[str, float]:
    cuts = quantiles(found, n=100, method="inclusive")
    return {
        "p50": round(1000 * cuts[49], 1),
        "p95": round(1000 * cuts[94], 1),
        "worst": round(1000 * max(found), 1),
    }


if __name__ == "__main__":
    main()
