"""`python -m benchmarks.news`: what it costs that consoles hear of calls.

    python -m benchmarks.news --calls 100 --consoles 60 --waiting 400

A number of consoles of one unit listen to `/live` and fetch what `console.js` would: the bar for news of their own
call, the few figures of the queue at leisure for news of the unit. Callers wait; one after another is served. Measured is
the processor time of the pages and the live process, of the database, and of the house that hears the calls.
The data directory is that of `benchmarks.history`, filled or not.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

from benchmarks.history import PORT, Screens, _cookies
from benchmarks.sites import served

LEISURE = 3.0


def main() -> None:
    """Serve, listen, let calls come, and say what it cost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.news", description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--consoles", type=int, default=60)
    parser.add_argument("--waiting", type=int, default=400)
    parser.add_argument("--poll", type=float, default=20.0, help="seconds between looks without news")
    parser.add_argument(
        "--folder", default="/var/tmp/yiwang-benchmarks/history", help="where the data is kept"
    )
    options = parser.parse_args()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    data = folder / "data"
    command = ["migrate"] if (data / "demo").exists() else ["demo", "--cases", "1"]
    subprocess.run(
        [sys.executable, "-m", "yiwang.site.command", *command],
        env=os.environ | {"YIWANG_DATA": str(data)},
        stdout=sys.stderr,
        check=True,
    )
    os.environ["YIWANG_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
    from yiwang.site import database

    with database.ready():
        print(json.dumps(_measured(options, data), indent=1))


def _measured(options: argparse.Namespace, data: Path) -> dict[str, Any]:
    from django.utils import timezone

    from benchmarks.city import found_city
    from yiwang.facilities.hotline.models import Agent, Call
    from yiwang.kernel.access.locks import acting_as_system

    now = timezone.now()
    city = found_city(agents=options.consoles, teams=1, on=timezone.localdate(now), at=now)
    agents = list(city.agents)
    cookies = dict(zip([pk for pk, _ in agents], _cookies([pk for _, pk in agents]), strict=True))
    with acting_as_system():
        Call.objects.exclude(state="ended").update(state="ended", ended_at=now, wrapped_up_at=now)
        Agent.objects.update(state="off")
        Agent.objects.filter(pk__in=[pk for pk, _ in agents]).update(
            state="paused", has_line=True, line_at=now
        )
    with served(["-m", "yiwang.site.command", "run"], data=data, port=PORT, log=data.with_name("news.log")):
        consoles = Consoles(cookies, poll=options.poll)
        with acting_as_system():
            for place in range(options.waiting):
                _come(place)
            consoles.open()
            before, own, began = _spent(data), time.thread_time(), time.monotonic()
            for place in range(options.calls):
                _serve_one(agents[place % len(agents)], options.waiting + place)
            own, took = time.thread_time() - own, time.monotonic() - began
            time.sleep(LEISURE * 1.5)
            spent = {name: value - before[name] for name, value in _spent(data).items()}
        consoles.is_over = True
        return {
            "calls": options.calls,
            "consoles": options.consoles,
            "waiting": options.waiting,
            "seconds": round(took, 1),
            "cpu_pages_and_live": round(spent["pages"], 2),
            "cpu_database": round(spent["database"], 2),
            "cpu_house": round(own, 2),
            "cpu_all_per_call": round((sum(spent.values()) + own) / options.calls, 3),
            "heard": dict(consoles.heard),
            "fetched": dict(consoles.fetched),
        }


_stamp = int(time.time())


def _come(place: int) -> None:
    from django.utils import timezone

    from yiwang.facilities.hotline import port
    from yiwang.facilities.hotline.actions import hear

    hear(port.CallOffered("house", f"{_stamp}-{place}", timezone.now(), "inbound", f"14{place:09}", "96519"))


def _serve_one(agent: tuple[int, int], place: int) -> None:
    """An agent is ready, is rung for the first in the queue, talks and finishes; another caller comes."""
    from django.utils import timezone

    from yiwang.facilities.hotline import port
    from yiwang.facilities.hotline.actions import hear, set_state, wrap_up
    from yiwang.facilities.hotline.models import Call

    pk, account = agent
    set_state(pk, "ready", at=timezone.now())
    call = Call.objects.get(agent_id=pk, state="ringing")
    told = (call.driver, call.driver_key)
    hear(port.CallRinging(*told, timezone.now(), agent_id=pk))
    hear(port.CallAnswered(*told, timezone.now(), agent_id=pk))
    hear(port.CallEnded(*told, timezone.now(), cause="caller"))
    set_state(pk, "paused", at=timezone.now())
    wrap_up(call.pk, by=account, at=timezone.now())
    _come(place)


def _spent(data: Path) -> dict[str, float]:
    """The processor seconds so far: of what `yiwang run` started here, and of this data directory's database."""
    served_by = next(each for each in psutil.Process().children() if "yiwang.site.command" in each.cmdline())
    postmaster = psutil.Process(int((data / "postgres" / "postmaster.pid").read_text().split()[0]))
    found = {}
    for name, root in (("pages", served_by), ("database", postmaster)):
        own = root.cpu_times()
        found[name] = own.children_user + own.children_system
        for each in [root, *root.children(recursive=True)]:
            if "postgres" not in each.name() or name == "database":
                times = each.cpu_times()
                found[name] += times.user + times.system
    return found


class Consoles:
    """Open consoles, each a thread that listens and fetches."""

    def __init__(self, cookies: dict[int, str], *, poll: float) -> None:
        self._cookies, self._poll = cookies, poll
        self._screens = Screens(cookies)
        self.heard: Counter[str] = Counter()
        self.fetched: Counter[str] = Counter()
        self.is_over = False

    def open(self) -> None:
        """Let every console listen; back when all do."""
        ready = threading.Barrier(len(self._cookies) + 1)
        for pk in self._cookies:
            threading.Thread(target=self._listen, args=(pk, ready), daemon=True).start()
        ready.wait(120)

    def _listen(self, pk: int, ready: threading.Barrier) -> None:
        stream = HTTPConnection("127.0.0.1", PORT + 1, timeout=120)
        stream.request("GET", "/live", headers={"Cookie": self._cookies[pk]})
        answer = stream.getresponse()
        wants, wanted = threading.Event(), set[str]()
        threading.Thread(target=self._fetch, args=(pk, wants, wanted), daemon=True).start()
        ready.wait(120)
        while not self.is_over and (line := answer.readline()):
            if line.startswith(b"data: "):
                event = json.loads(line[6:])["event"]
                self.heard[event] += 1
                wanted.add("queue" if event == "hotline.queue" else "bar")
                wants.set()

    def _fetch(self, pk: int, wants: threading.Event, wanted: set[str]) -> None:
        """As the page does: one fetch of a kind at a time, the figures at leisure."""
        looks_at = float("inf")
        while not self.is_over:
            is_news = wants.wait(min(self._poll, max(0.0, looks_at - time.monotonic())))
            wants.clear()
            now = time.monotonic()
            if "queue" in wanted:
                wanted.discard("queue")
                looks_at = min(looks_at, now + LEISURE * (0.5 + random.random()))
            if "bar" in wanted or not is_news and looks_at > now:
                wanted.discard("bar")
                self._get(pk, "/hotline/bar/")
            if looks_at <= now:
                looks_at = float("inf")
                self._get(pk, "/hotline/queue/")

    def _get(self, pk: int, path: str) -> None:
        self._screens.fetch(pk, path)
        self.fetched[path] += 1


if __name__ == "__main__":
    main()
