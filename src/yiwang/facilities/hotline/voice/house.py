"""The way from the voice process to the database and back; it never makes a voice wait.

One thread with one connection tells the house what happened and takes the commands that agents gave, in the order
in which things came. A second one stores recordings, which takes longer. While the database is away both wait with
what they have and go on where they stood.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from yiwang.facilities.hotline import actions, port
from yiwang.facilities.hotline.enums import AgentState
from yiwang.facilities.hotline.models import Agent
from yiwang.facilities.hotline.voice.calls import Duty
from yiwang.facilities.hotline.voice.settings import DRIVER, LEASE
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.postgres.soundness import parameters
from yiwang.kernel.files import actions as files
from yiwang.kernel.files.faults import FileRefused

log = structlog.get_logger(__name__)

CHANNEL = "yiwang_hotline"
LONGEST_RECORDING = 1 << 30
LOOK_AGAIN = 5.0
"""Seconds after which commands and agents are read although nobody said anything."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between attempts while the database is away."""
LONGEST_LOCK, LONGEST_STATEMENT = "3s", "10s"

Work = Callable[[], None]


class Lane:
    """A thread that does one thing after another, each until it has gone well or makes no sense."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.Queue[Work | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, job: Work) -> None:
        """Have something done after all the rest."""
        self._jobs.put(job)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be done."""
        return self._jobs.empty()

    def finish(self, *, patience: float) -> None:
        """Do what is still to be done, and end; after `patience` seconds leave it."""
        self._jobs.put(None)
        self._thread.join(patience)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._do(job)
        connection.close()

    def _do(self, job: Work) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                _mind_the_time()
                job()
                return
            except (OperationalError, InterfaceError) as error:
                log.warning("the database is away", error=str(error).strip(), again_in=pause)
                connection.close()
            except Exception:
                log.exception("something couldn't be told to the house")
                return
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _mind_the_time() -> None:
    """See to a connection that lives and never waits for long: what hangs is begun anew."""
    close_old_connections()
    if connection.connection is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LONGEST_LOCK])
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [LONGEST_STATEMENT])


@dataclass
class Listeners:
    """Whom the house tells: what agents command, and who is on duty."""

    on_command: Callable[[port.Given], None] = lambda given: None
    on_duty: Callable[[list[Duty]], None] = lambda duties: None


class PortHouse:
    """Tells `hotline.actions.hear`; obeys the rows of commands."""

    def __init__(self, *, driver: str = DRIVER) -> None:
        self.driver = driver
        self.listeners = Listeners()
        self._loop = asyncio.get_running_loop()
        self._events = Lane("house")
        self._recordings = Lane("recordings")
        self._last_at = datetime.min.replace(tzinfo=UTC)
        self.holds_lease = asyncio.Event()
        """Set once no other voice process is at work on this database."""
        self._is_looking = False
        self._told: list[Duty] | None = None

    # --- what happens -------------------------------------------------------------------------------------

    def offered(self, key: str, *, caller: str, called: str) -> None:
        """Somebody calls."""
        self._tell(
            port.CallOffered(self.driver, key, self._at(), direction="inbound", caller=caller, called=called)
        )

    def queued(self, key: str, *, position: int) -> None:
        """The caller waits, as number so and so."""
        self._tell(port.CallQueued(self.driver, key, self._at(), position=position))

    def ringing(self, key: str, *, agent_id: int) -> None:
        """It rings at an agent's."""
        self._tell(port.CallRinging(self.driver, key, self._at(), agent_id=agent_id))

    def returned(self, key: str, *, agent_id: int, reason: str) -> None:
        """It doesn't ring there any more, and nobody has taken it."""
        self._tell(port.CallReturned(self.driver, key, self._at(), agent_id=agent_id, reason=reason))

    def answered(self, key: str, *, agent_id: int) -> None:
        """Caller and agent hear one another."""
        self._tell(port.CallAnswered(self.driver, key, self._at(), agent_id=agent_id))

    def held(self, key: str) -> None:
        """The caller hears music."""
        self._tell(port.CallHeld(self.driver, key, self._at()))

    def resumed(self, key: str) -> None:
        """The caller hears the agent again."""
        self._tell(port.CallResumed(self.driver, key, self._at()))

    def transferred(self, key: str, *, agent_id: int | None = None, number: str = "") -> None:
        """It has gone to another agent or number."""
        self._tell(port.CallTransferred(self.driver, key, self._at(), agent_id=agent_id, number=number))

    def joined(self, key: str, *, number: str = "", agent_id: int | None = None) -> None:
        """Somebody was asked or brought in."""
        self._tell(port.PartyJoined(self.driver, key, self._at(), number=number, agent_id=agent_id))

    def parted(self, key: str, *, number: str = "", agent_id: int | None = None, reason: str = "") -> None:
        """Whoever was asked or brought in has gone."""
        self._tell(
            port.PartyParted(self.driver, key, self._at(), number=number, agent_id=agent_id, reason=reason)
        )

    def listened(self, key: str, *, agent_id: int, mode: str) -> None:
        """A supervisor listens in."""
        self._tell(port.ListenerCame(self.driver, key, self._at(), agent_id=agent_id, mode=mode))

    def unlistened(self, key: str, *, agent_id: int) -> None:
        """A supervisor listens no longer."""
        self._tell(port.ListenerGone(self.driver, key, self._at(), agent_id=agent_id))

    def ended(self, key: str, *, cause: str) -> None:
        """It is over."""
        self._tell(port.CallEnded(self.driver, key, self._at(), cause=cause))

    def line(self, agent_id: int, *, is_up: bool) -> None:
        """An agent's browser is there, or has gone."""
        self._tell(port.AgentLine(self.driver, agent_id, is_up, self._at()))

    def lost(self) -> None:
        """Calls of an earlier process are over."""
        self._tell(port.DriverLost(self.driver, self._at()))

    def recorded(self, key: str, path: Path, *, seconds: float) -> None:
        """A recording is whole: store it, tell where it is, and take the file away."""
        at = self._at()

        def store() -> None:
            if not path.exists():
                return
            try:
                with path.open("rb") as file:
                    blob = files.store(
                        file,
                        filename=path.name,
                        at=at,
                        limit_bytes=LONGEST_RECORDING,
                        allowed=frozenset({"audio/wav"}),
                    )
            except FileRefused as refusal:
                log.error("a recording couldn't be stored", file=str(path), reason=str(refusal))
                return
            actions.hear(
                port.RecordingReady(self.driver, key, at, digest=blob.digest, seconds=round(seconds))
            )
            path.unlink()

        # Only when the house has heard of the call and its end; else it would make one up.
        self._events.put(lambda: self._recordings.put(store))

    # --- the thread ---------------------------------------------------------------------------------------

    async def stop(self, *, patience: float) -> None:
        """Come to the end of what is to be told and stored, and stop."""
        await asyncio.to_thread(self._events.finish, patience=patience / 2)
        await asyncio.to_thread(self._recordings.finish, patience=patience / 2)

    def look(self) -> None:
        """Read commands and agents soon; asked for twice it happens once."""
        if not self._is_looking:
            self._is_looking = True
            self._events.put(self._look)

    async def listen(self) -> None:
        """Hear the database's calls for ever, and hold the lease meanwhile."""
        pause = 0.2
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **parameters(installation(), as_owner=False), autocommit=True
                ) as line:
                    # Another voice process on the same database would be told the same commands.
                    await line.execute("SELECT pg_advisory_lock(%s)", [LEASE])
                    self.holds_lease.set()
                    await line.execute(f"LISTEN {CHANNEL}")
                    pause = 0.2
                    while True:
                        self.look()
                        async for _notice in line.notifies(timeout=LOOK_AGAIN, stop_after=1):
                            pass
            except psycopg.Error as error:
                log.warning("line to the database lost", error=str(error).strip(), again_in=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _tell(self, event: port.Event) -> None:
        self._events.put(lambda: self._hear(event))

    def _hear(self, event: port.Event) -> None:
        actions.hear(event)
        # What the house decided on it waits already; its call through the database would come later.
        self._take()

    def _look(self) -> None:
        self._is_looking = False
        self._read_duties()
        self._take()

    def _read_duties(self) -> None:
        duties = [
            Duty(
                agent_id=agent.pk,
                is_ready=agent.state == AgentState.READY,
                has_auto_answer=agent.is_auto_answer,
                idle_since=agent.since_at.timestamp(),
                extension=agent.extension,
            )
            for agent in Agent.objects.exclude(state=AgentState.OFF)
        ]
        if duties != self._told:
            self._told = duties
            self._loop.call_soon_threadsafe(self.listeners.on_duty, duties)

    def _take(self) -> None:
        waiting = actions.take_commands(self.driver, at=datetime.now(UTC))
        if any(isinstance(given.command, port.Ring) for given in waiting):
            # Whether the agent wants to be put through at once may have changed a moment ago.
            self._read_duties()
        for given in waiting:
            self._loop.call_soon_threadsafe(self.listeners.on_command, given)

    async def look_after_queue(self) -> None:
        """Have the house go through its queue every second, for ever."""
        while True:
            await asyncio.sleep(1)
            # While there is other work to do, the queue is served by it.
            if self._events.is_idle:
                self._events.put(self._look_after)

    def _look_after(self) -> None:
        actions.look_after_queue(at=datetime.now(UTC))
        self._take()

    def done(self, given: port.Given, *, fault: str = "") -> None:
        """A command was done, or came to nothing."""
        self._events.put(lambda: actions.command_done(given.command_id, fault=fault, at=datetime.now(UTC)))

    def _at(self) -> datetime:
        """Now, and later than ever before: events are ordered by their instants."""
        self._last_at = max(datetime.now(UTC), self._last_at + timedelta(microseconds=1))
        return self._last_at
