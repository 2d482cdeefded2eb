"""`python -m benchmarks.overload`: callers at several times the planned load, and what became of each of them.

    python -m benchmarks.overload --times 1 --report
    python -m benchmarks.overload --times 3 --report

    python -m benchmarks.overload --times 3 --seconds 120

SIPp calls `yiwang voice` at random instants (each caller waits an exponential time before the INVITE) and echoes what
it hears; agents are WebRTC ends that speak, hang up and are ready again after their after-call work, all of random
length. The load that so many agents answer at 95 % within 15 seconds follows from Erlang's formula; the callers come
at `--times` that. Talk and after-call work are shorter than in an office, so that a queue grows within minutes.
Nobody may be lost: whoever wasn't spoken with must stand among the call-backs.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from benchmarks.community_report import keep
from benchmarks.sites import NotMet
from benchmarks.voice import DOOR, FIRST_RTP, HOST, OUTSIDE, SIP, _agents, _ready, _seat
from yiwang.facilities.hotline.rules import agents_needed

SCENARIO = Path(__file__).with_name("overload.xml")
WITHIN = timedelta(seconds=15)
LOOKS_EVERY = 0.2


def main() -> None:
    """Do it all."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.overload", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--talk", type=float, default=10.0, help="seconds of talk, on average")
    parser.add_argument("--after", type=float, default=4.0, help="seconds of after-call work, on average")
    parser.add_argument("--times", type=float, default=3.0, help="how many times the planned load")
    parser.add_argument("--patience", type=float, default=45.0, help="seconds after which a caller hangs up")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long callers come")
    parser.add_argument(
        "--folder", default="/var/tmp/yiwang-benchmarks/overload", help="where the data is kept"
    )
    parser.add_argument(
        "--report", action="store_true", help="write its part of the page of the service line"
    )
    options = parser.parse_args()
    folder = Path(options.folder).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "YIWANG_DATA": str(folder),
        "YIWANG_SIP_TRUNK": f"{HOST}:{OUTSIDE}",
        "YIWANG_SIP_LISTEN": f"{HOST}:{SIP}",
        "YIWANG_SIP_RTP_PORTS": f"{FIRST_RTP}-{FIRST_RTP + 1999}",
        "YIWANG_VOICE_PORT": str(DOOR),
        "YIWANG_VOICE_ADDRESSES": HOST,
    }
    command = [sys.executable, "-m", "yiwang.site.command"]
    subprocess.run([*command, "migrate"], check=True, stdout=subprocess.DEVNULL)
    from yiwang.site import database

    with database.ready(), (folder / "voice.log").open("wb") as log:
        agents = _agents(options.agents)
        voice = subprocess.Popen([*command, "voice"], stdout=log, stderr=log)
        try:
            found = asyncio.run(_measure(options, agents, psutil.Process(voice.pid), folder))
        finally:
            voice.terminate()
            voice.wait(20)
    print(json.dumps(found, indent=1))
    keep("planned" if options.times <= 1 else "overload", found, folder=folder, is_reporting=options.report)
    if found["lost"]:
        raise NotMet(f"{found['lost']} callers were lost")


def planned_rate(agents: int, *, handling: float) -> float:
    """The calls a second that so many agents answer as planned."""
    rate = 0.0
    while agents_needed(calls_per_hour=3600 * (rate + 0.005), handling=handling) <= agents:
        rate += 0.005
    return rate


async def _measure(
    options: argparse.Namespace, agents: list[int], voice: psutil.Process, folder: Path
) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _, writer = await asyncio.open_connection(HOST, DOOR)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.1)
    began_at, load = datetime.now(UTC), os.getloadavg()[0]
    rate = options.times * planned_rate(len(agents), handling=options.talk + options.after)
    count = round(rate * options.seconds)
    browsers = [await _seat(agent_id, hertz=1000) for agent_id in agents]
    await _ready(agents)
    before, own = voice.cpu_times(), psutil.Process().cpu_times()
    sipp = _sipp(folder, rate=rate, count=count, patience=options.patience)
    working = asyncio.create_task(_work(agents, options))
    began = time.monotonic()
    most_waiting = 0
    while sipp.poll() is None:
        waiting, _ = await asyncio.to_thread(_counts, began_at)
        most_waiting = max(most_waiting, waiting)
        await asyncio.sleep(1)
    took = time.monotonic() - began
    after, own_after = voice.cpu_times(), psutil.Process().cpu_times()
    while (await asyncio.to_thread(_counts, began_at))[1]:
        await asyncio.sleep(0.5)
    await asyncio.sleep(2)
    working.cancel()
    for browser in browsers:
        await browser.leave()
    return {
        "agents": len(agents),
        "calls_a_second": round(rate, 2),
        "times_the_plan": options.times,
        "seconds": round(took, 1),
        "most_waiting": most_waiting,
        **await asyncio.to_thread(_became, began_at, count),
        "percent_of_a_core": round(100 * (after.user + after.system - before.user - before.system) / took, 1),
        "percent_of_a_core_for_the_agents": round(
            100 * (own_after.user + own_after.system - own.user - own.system) / took, 1
        ),
        "talk": options.talk,
        "after": options.after,
        "patience": options.patience,
        "coming": options.seconds,
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "on": time.strftime("%Y-%m-%d"),
        "nice": os.nice(0),
    }


def _sipp(folder: Path, *, rate: float, count: int, patience: float) -> "subprocess.Popen[bytes]":
    path = shutil.which("sipp")
    if path is None:
        raise NotMet("sipp is missing; run: apt-get install sip-tester")
    # Numbers that no earlier run used: an open call-back of theirs would count for this one.
    text = SCENARIO.read_text(encoding="utf-8").replace("RUN", f"1{int(time.time()) % 10**7:07}")
    text = text.replace("PATIENCE", str(round(1000 * patience)))
    (folder / "overload.xml").write_text(text, encoding="utf-8")
    command = [path, f"{HOST}:{SIP}", "-i", HOST, "-mi", HOST, "-p", str(OUTSIDE), "-sf", "overload.xml"]
    command += ["-r", str(round(rate * 100)), "-rp", "100000", "-m", str(count), "-l", "2000", "-nostdin"]
    command += ["-rtp_echo", "-mp", str(FIRST_RTP + 4000), "-trace_err", "-trace_stat", "-stf", "sipp.csv"]
    with (folder / "sipp.log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)


async def _work(agents: list[int], options: argparse.Namespace) -> None:
    """Let agents hang up and be ready again, each after a time of its own."""
    chance = random.Random(96519)
    until: dict[tuple[int, str], float] = {}
    while True:
        for agent_id, state in await asyncio.to_thread(_states, agents):
            if state not in ("talking", "wrap_up", "paused"):
                until.pop((agent_id, "talking"), None)
                until.pop((agent_id, "wrap_up"), None)
                continue
            mean = options.talk if state == "talking" else options.after
            due = until.setdefault((agent_id, state), time.monotonic() + chance.expovariate(1 / mean))
            if time.monotonic() >= due:
                until.pop((agent_id, state))
                await asyncio.to_thread(_go_on, agent_id, state)
        await asyncio.sleep(LOOKS_EVERY)


def _states(agents: list[int]) -> list[tuple[int, str]]:
    from yiwang.facilities.hotline.models import Agent

    return list(Agent.objects.filter(pk__in=agents).values_list("pk", "state"))


def _go_on(agent_id: int, state: str) -> None:
    from yiwang.facilities.hotline import port
    from yiwang.facilities.hotline.actions import CommandRefused, NotYourTurn, command, set_state
    from yiwang.facilities.hotline.models import Agent, Call

    now, agent = datetime.now(UTC), Agent.objects.get(pk=agent_id)
    try:
        if state == "talking":
            call = Call.objects.filter(agent=agent, state="talking").first()
            if call is not None:
                command(call.pk, port.HangUp(), by=agent.account_id, at=now)
        else:
            set_state(agent_id, "ready", at=now)
    except (CommandRefused, NotYourTurn):
        # The caller was quicker.
        return


def _counts(began_at: datetime) -> tuple[int, int]:
    """How many wait, and how many are on the line at all."""
    from yiwang.facilities.hotline.models import Call

    live = Call.objects.filter(offered_at__gte=began_at).exclude(state="ended")
    return live.filter(state="queued").count(), live.count()


def _became(began_at: datetime, count: int) -> dict[str, Any]:
    """What became of every caller: spoken with, or to be called back; whoever is neither is lost."""
    from yiwang.facilities.hotline.models import Call, CallBack

    calls = list(Call.objects.filter(offered_at__gte=began_at, direction="inbound"))
    back = set(CallBack.objects.filter(asked_at__gte=began_at).values_list("number", flat=True))
    answered = [call for call in calls if call.answered_at is not None]
    waits = sorted(
        (call.answered_at - call.offered_at).total_seconds() for call in answered if call.answered_at
    )
    gone = [call for call in calls if call.answered_at is None]
    return {
        "callers": count,
        "heard_of": len(calls),
        "spoken_with": len(answered),
        "within_15_s": sum(wait <= WITHIN.total_seconds() for wait in waits),
        "wait_p50": round(waits[len(waits) // 2], 1) if waits else None,
        "wait_longest": round(waits[-1], 1) if waits else None,
        "gave_up": len(gone),
        "to_be_called_back": sum(call.number in back for call in gone),
        "lost": count - len(answered) - sum(call.number in back for call in gone),
    }


if __name__ == "__main__":
    main()
