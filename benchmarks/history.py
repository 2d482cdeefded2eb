"""`python -m benchmarks.history`: from the ring to the caller's history on the screen, over a million orders.

    python -m benchmarks.history --orders 1000000 --rate 25 --seconds 60 --report

A data directory of its own in `--folder`, filled once: cases, parties, orders and calls of 300,000 residents, straight
into the tables, without journals, letters or words to search for, which nothing of the measured way reads. Then calls
come at a steady rate through `hotline.actions.hear`, told in one lane as by the voice process; the house chooses an agent,
and that agent's session fetches the call's page from `yiwang run` (with `--bar` the phone bar before it, as the console does on the first ring).
"""

import argparse
import math
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from string import Template
from typing import Any

from benchmarks.community_report import keep
from benchmarks.preparing import owner_connection, settle
from benchmarks.sites import NotMet, served

PORT = 8381
RESIDENTS = 300_000
OFTEN = 2000
"""Residents with fifty orders each."""
PAST = "10 days"
"""The newest order and call of the fill lie so far back."""

FILL = Path(__file__).with_name("history.sql")
TABLES = ("casework_case", "casework_party", "community_order", "hotline_call", "hotline_calloutcome")


def main() -> None:
    """Fill what isn't filled, serve, check, measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=1_000_000, help="at least 10,000")
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=25.0, help="calls a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--bar", action="store_true", help="fetch the phone bar before, as the console does")
    parser.add_argument("--agents", type=int, default=60)
    parser.add_argument(
        "--folder", default="/var/tmp/yiwang-benchmarks/history", help="where the data is kept"
    )
    parser.add_argument("--report", action="store_true", help="write the page")
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
        filled = _fill(options)
        found = _measured(options, data) | {"filled": filled}
    for line in (f"{key}: {value}" for key, value in found.items()):
        print(line)
    keep("history", found, folder=folder, is_reporting=options.report)


def _fill(options: argparse.Namespace) -> dict[str, int]:
    from django.utils import timezone

    from benchmarks.city import found_city
    from yiwang.institutions.community.models import ItemVersion
    from yiwang.kernel.access.locks import acting_as_system
    from yiwang.kernel.casework.models import Case

    now = timezone.now()
    city = found_city(agents=options.agents, teams=1, on=timezone.localdate(now), at=now)
    with acting_as_system():
        highest = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with owner_connection() as owner:
        if owner.execute("SELECT count(*) FROM community_order").fetchone()[0] < options.orders:
            values = {
                "residents": RESIDENTS,
                "often": OFTEN,
                "past": PAST,
                "orders": options.orders,
                "calls": options.calls,
                "first": highest,
                "centre": city.centre_id,
                "agent": city.agents[0][0],
                "version": min(ItemVersion.objects.values_list("pk", flat=True)),
            }
            owner.execute("SET synchronous_commit = off")
            # All or nothing: a fill that broke off halfway would be measured as if it were whole.
            with owner.transaction():
                for statement in Template(FILL.read_text(encoding="utf-8")).substitute(values).split(";\n"):
                    began = time.monotonic()
                    owner.execute(statement)
                    print(
                        f"{time.monotonic() - began:6.1f} s  {statement.split('(')[0].strip()[:60]}",
                        file=sys.stderr,
                    )
                owner.execute("SELECT setval('casework_case_id_seq', (SELECT max(id) FROM casework_case))")
            for table in TABLES:
                owner.execute(f"VACUUM (ANALYZE) {table}")
        counts = [owner.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]  # noqa: S608
    return dict(zip(TABLES, counts, strict=True))


def _cookies(accounts: Sequence[int]) -> list[str]:
    """A session of each account, as the sign-in page makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    from yiwang.kernel.people.models import Account

    known = Account.objects.in_bulk(accounts)
    made = []
    for pk in accounts:
        session = SessionStore()
        session[SESSION_KEY] = str(pk)
        session[BACKEND_SESSION_KEY] = "yiwang.kernel.people.backends.AccountBackend"
        session[HASH_SESSION_KEY] = known[pk].get_session_auth_hash()
        session.save()
        made.append(f"sessionid={session.session_key}")
    return made


class Screens:
    """The consoles of the agents: each fetches over its own connection, as a browser keeps one."""

    def __init__(self, cookies: dict[int, str]) -> None:
        self._cookies = cookies
        self._held = threading.local()

    def fetch(self, agent: int, path: str) -> str:
        """An answer for an agent's session; raises `NotMet` unless it is a page."""
        connection: HTTPConnection | None = getattr(self._held, "connection", None)
        if connection is None:
            connection = self._held.connection = HTTPConnection("127.0.0.1", PORT, timeout=30)
        headers = {"Cookie": self._cookies[agent], "Accept-Language": "zh-CN", "X-Requested-With": "fetch"}
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise NotMet(f"{path}: {answer.status}")
        return text


def _measured(options: argparse.Namespace, data: Path) -> dict[str, Any]:
    from django.utils import timezone

    from benchmarks.city import found_city
    from yiwang.facilities.hotline.actions import set_state
    from yiwang.facilities.hotline.models import Agent, Call
    from yiwang.kernel.access.locks import acting_as_system

    now = timezone.now()
    city = found_city(agents=options.agents, teams=1, on=timezone.localdate(now), at=now)
    agents = list(city.agents)
    screens = Screens(dict(zip([pk for pk, _ in agents], _cookies([pk for _, pk in agents]), strict=True)))
    with acting_as_system():
        Call.objects.exclude(state="ended").update(state="ended", ended_at=now, wrapped_up_at=now)
        Agent.objects.update(state="off")
        for pk, _ in agents:
            set_state(pk, "ready", at=now)
    load = os.getloadavg()[0]
    with served(["-m", "yiwang.site.command", "run"], data=data, port=PORT, log=data.with_name("server.log")):
        for pk, _ in agents[:4]:
            screens.fetch(pk, "/hotline/bar/")
        day = _Ring(options, agents, screens)
        day.check()
        found = day.run()
    return found | {
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "on": time.strftime("%Y-%m-%d"),
        "nice": os.nice(0),
    }


class _Ring:
    """Calls at a steady rate, each until its history is on the screen and the agent is free again."""

    def __init__(
        self, options: argparse.Namespace, agents: Sequence[tuple[int, int]], screens: Screens
    ) -> None:
        self.options, self.account, self.screens = options, dict(agents), screens
        self.chance, self.stamp = Random(25), int(time.time())
        self.heard: list[float] = []
        self.barred: list[float] = []
        self.shown: list[float] = []
        self.waited = 0
        self.known = 0

    def number(self) -> str:
        """One caller in ten was never heard of; the others call as often as they ordered."""
        if self.chance.random() < 0.1:
            return f"15{self.chance.randrange(10**9):09}"
        often = self.chance.random() < 0.1
        resident = (
            self.chance.randrange(OFTEN)
            if often
            else OFTEN + int(self.chance.random() ** 2 * (RESIDENTS - OFTEN))
        )
        return f"13{resident:09}"

    def check(self) -> None:
        """A frequent caller's last orders and calls must stand on the page before anything is timed."""
        from yiwang.facilities.hotline.models import Call
        from yiwang.institutions.community.models import Order
        from yiwang.kernel.access.locks import acting_as_system

        phone = f"13{7:09}"
        call = self._come("check", phone)
        text = self.screens.fetch(call.agent_id, f"/hotline/calls/{call.pk}/")
        with acting_as_system():
            orders = (
                Order.objects.filter(phone_key=phone).order_by("-pk").values_list("case__number", flat=True)
            )
            count, newest = orders.count(), list(orders[:5])
            earlier = (
                Call.objects.filter(number=phone)
                .exclude(pk=call.pk)
                .order_by("-offered_at")
                .values_list("pk", flat=True)[:5]
            )
            for wanted in (phone, *newest, *(f"/hotline/calls/{pk}/" for pk in earlier)):
                if wanted not in text:
                    raise NotMet(f"the call's page doesn't show {wanted}")
        if count < 5:
            raise NotMet(f"{phone} has only {count} orders")
        self._over(call)

    def _come(self, place: str, phone: str) -> Any:
        from django.utils import timezone

        from yiwang.facilities.hotline import port
        from yiwang.facilities.hotline.actions import hear
        from yiwang.kernel.access.locks import acting_as_system

        with acting_as_system():
            return hear(
                port.CallOffered("house", f"{self.stamp}-{place}", timezone.now(), "inbound", phone, "96519")
            )

    def _over(self, call: Any) -> None:
        """Free the agent by a statement: answering and ending belong to later seconds than the one measured."""
        from django.db.models import F
        from django.db.models.functions import Now

        from yiwang.facilities.hotline.models import Agent, Call, CallOutcome
        from yiwang.kernel.access.locks import acting_as_system

        with acting_as_system():
            Call.objects.filter(pk=call.pk).update(
                state="ended", ended_at=F("offered_at"), wrapped_up_at=F("offered_at")
            )
            CallOutcome.objects.create(call_id=call.pk, key="answered", at=call.offered_at)
            Agent.objects.filter(pk=call.agent_id).update(state="ready", since_at=Now())

    def _pop(self, call: Any, due: float) -> None:
        """What the agent's console fetches on the first ring; the phone bar comes before, if it is asked for."""
        if self.options.bar:
            self.screens.fetch(call.agent_id, "/hotline/bar/")
            self.barred.append(time.perf_counter() - due)
        text = self.screens.fetch(call.agent_id, f"/hotline/calls/{call.pk}/")
        self.shown.append(time.perf_counter() - due)
        if call.number not in text:
            raise NotMet("the call's page doesn't show the number")
        self.known += "/cases/" in text
        self._over(call)

    def run(self) -> dict[str, Any]:
        """Let the calls come: a process of its own tells the house, threads of this one fetch."""
        from django.db import connections

        number = round(self.options.rate * self.options.seconds)
        fetching: list[Future[None]] = []
        context = multiprocessing.get_context("fork")
        came: Any = context.Queue()
        connections.close_all()
        began = time.perf_counter() + 1
        teller = context.Process(target=self._tell, args=(number, began, came))
        teller.start()
        with ThreadPoolExecutor(12) as pool:
            for _ in range(number):
                call, due, heard = came.get(timeout=120)
                self.heard.append(heard)
                if call.agent_id is None:
                    self.waited += 1
                else:
                    fetching.append(pool.submit(self._pop, call, due))
            for future in fetching:
                future.result()
            took = time.perf_counter() - began
            list(pool.map(lambda _: connections.close_all(), range(12)))
        teller.join()
        return {
            "calls": number,
            "rate": self.options.rate,
            "seconds": round(took, 1),
            "heard": spread(self.heard),
            **({"bar": spread(self.barred)} if self.barred else {}),
            "shown": spread(self.shown),
            "had_to_wait": self.waited,
            "with_orders": self.known,
        }

    def _tell(self, number: int, began: float, came: Any) -> None:
        """The one lane in which the house hears, as in the voice process."""
        settle()
        for place in range(number):
            due = began + place / self.options.rate
            time.sleep(max(0.0, due - time.perf_counter()))
            call = self._come(str(place), self.number())
            came.put((call, due, time.perf_counter() - due))


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the highest, in milliseconds."""
    ranked = sorted(each * 1000 for each in seconds)
    at = {f"p{part}": ranked[math.ceil(len(ranked) * part / 100) - 1] for part in (50, 95, 99)}
    return {name: round(value, 1) for name, value in (at | {"highest": ranked[-1]}).items()}


if __name__ == "__main__":
    main()
