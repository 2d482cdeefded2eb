"""The floor: calls that wait, agents who are free, and how they come together.

The house chooses who gets which call and says so; the floor does it, and says what came of it. Everything here
happens in one event loop and nothing waits for the database. When the house is silent, the floor goes on alone.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path

import structlog
from aiosipua import SdpNegotiationError

from yiwang.facilities.hotline.rules import LINE_GONE_FOR, RING_FOR
from yiwang.facilities.hotline.voice import sounds
from yiwang.facilities.hotline.voice.bridge import Bridge
from yiwang.facilities.hotline.voice.calls import Duty, House, LiveCall, PhoneLine, Seat
from yiwang.facilities.hotline.voice.g711 import RATE
from yiwang.facilities.hotline.voice.recorder import Recorder, path_for
from yiwang.facilities.hotline.voice.rtc import Peer
from yiwang.facilities.hotline.voice.sounds import Player

log = structlog.get_logger(__name__)

RINGS_FOR = RING_FOR.total_seconds()
AGENT_MAY_BE_AWAY = LINE_GONE_FOR.total_seconds()
SILENT_BROWSER = 1.5
"""Seconds without a packet after which a browser counts as gone."""
SILENT_TRUNK = 60.0
"""Seconds without a packet after which a call counts as broken off."""
TICK = 0.02

HOUSE_MAY_BE_SILENT = 1.5
"""Seconds after which a call of which the house says nothing is dealt with by the floor alone."""


def longest_idle(free: Sequence[Duty]) -> int | None:
    """The agent who has waited longest; the house has a finer rule, and this is for when it is silent."""
    return min(free, key=lambda duty: (duty.idle_since, duty.agent_id)).agent_id if free else None


class Floor:
    """All calls and all seats."""

    def __init__(self, house: House, *, recordings: Path) -> None:
        self.house = house
        self.calls: dict[str, LiveCall] = {}
        self.seats: dict[int, Seat] = {}
        self._recordings = recordings
        self._loop = asyncio.get_running_loop()
        self._now = self._loop.time

    # --- callers ------------------------------------------------------------------------------------------

    def came(self, line: PhoneLine) -> None:
        """A call has come: let it ring until the house says what to do with it."""
        line.ring()
        call = self._new_call(line, key=line.name)
        self.house.offered(call.key, caller=line.caller, called=line.called)
        self.later(call, HOUSE_MAY_BE_SILENT, lambda: self._go_on_alone(call))

    def _new_call(self, line: PhoneLine, *, key: str) -> LiveCall:
        bridge = Bridge(line)
        bridge.music = lambda: Player(forever=sounds.sound(sounds.MUSIC))
        call = LiveCall(line, bridge, key, self._now())
        self.calls[key] = call
        line.on_ended = lambda cause: self._caller_gone(call, cause)
        return call

    def _take(self, call: LiveCall) -> bool:
        """Answer towards the network, once; say whether there is a call to go on with."""
        if call.answered_at is None and not call.is_outbound:
            try:
                call.line.answer()
            except SdpNegotiationError as error:
                log.warning("a call was refused", reason=str(error))
                self._forget_line(call)
                call.line.refuse(488)
                self._caller_gone(call, "no_codec")
                return False
            call.answered_at = self._now()
        return not call.is_over

    def _go_on_alone(self, call: LiveCall) -> None:
        """The house says nothing, perhaps because its database is away: callers are served all the same."""
        if call.answered_at is None and call.is_waiting:
            log.warning("the house says nothing of a call", call=call.key)
            call.is_on_our_own = True
            self._assign()
            if call.is_waiting:
                waiting = [each for each in self.calls.values() if each.is_waiting]
                self.let_wait(call, position=waiting.index(call) + 1)

    def let_wait(self, call: LiveCall, *, position: int) -> None:
        """Let the caller wait, and say the place in the queue."""
        if not call.is_waiting or not self._take(call):
            return
        place = sounds.place_in_queue(position)
        if not call.position:
            call.bridge.caller.player = Player(
                [sounds.sound(sounds.RECORDED), place], sounds.sound(sounds.MUSIC)
            )
            self.later(call, sounds.POSITION_EVERY, lambda: self._say_place(call))
        elif position != call.position and call.bridge.caller.player is not None:
            call.bridge.caller.player.say(place)
        if position != call.position:
            call.position = position
            self.house.queued(call.key, position=position)

    def _say_place(self, call: LiveCall) -> None:
        if call.is_waiting and call.bridge.caller.player is not None:
            call.bridge.caller.player.say(sounds.place_in_queue(call.position))
            self.later(call, sounds.POSITION_EVERY, lambda: self._say_place(call))

    # --- agents -------------------------------------------------------------------------------------------

    def on_duty(self, duties: Sequence[Duty]) -> None:
        """The house says who is ready."""
        known = {duty.agent_id: duty for duty in duties}
        for agent_id in known:
            self.seat(agent_id)
        for agent_id, seat in self.seats.items():
            seat.duty = known.get(agent_id)
        self._assign()

    def sat_down(self, agent_id: int, peer: Peer) -> None:
        """An agent's browser offers a connection; it counts once media can flow."""
        seat = self.seat(agent_id)
        before, seat.peer = seat.peer, peer
        peer.on_up = lambda: self._up(seat, peer)
        peer.on_gone = lambda: self._away(seat, peer)
        if before is not None:
            before.on_gone = lambda: None
            if seat.call is not None and seat in seat.call.guests:
                seat.call.guests[seat]()
            elif seat.call is not None and seat.call.seat is seat:
                seat.call.bridge.put_agent(None)
            self._spawn(before.close())

    def _up(self, seat: Seat, peer: Peer) -> None:
        if seat.peer is not peer:
            return
        # A browser's silence counts from now on.
        peer.reception.last_at = self._now()
        self.house.line(seat.agent_id, is_up=True)
        if seat.call is not None and seat.call.seat is seat:
            seat.call.stop_timers()
            seat.call.bridge.put_agent(peer)
        self._assign()

    def _away(self, seat: Seat, peer: Peer) -> None:
        """A browser has gone; its caller hears music and waits for it."""
        if seat.peer is not peer:
            return
        seat.peer = None
        self.house.line(seat.agent_id, is_up=False)
        call = seat.call
        if call is None:
            return
        if seat in call.guests:
            call.guests[seat]()
            return
        if call.ringing is seat:
            self.stop_ringing(call, reason="no_line")
            return
        call.bridge.put_agent(None)
        call.bridge.caller.player = Player([sounds.sound(sounds.LEFT_ALONE)], sounds.sound(sounds.MUSIC))
        self.later(call, AGENT_MAY_BE_AWAY, lambda: self._give_up_on(call, seat))

    def _give_up_on(self, call: LiveCall, seat: Seat) -> None:
        if call.seat is seat and not seat.is_up and call.is_outbound:
            self.hang_up(call, cause="no_line")

    def take_from(self, call: LiveCall, seat: Seat) -> None:
        """The house takes a call from an agent who doesn't answer, or whose browser has gone."""
        if call.ringing is seat:
            self.stop_ringing(call, reason="")
        elif seat in call.guests:
            call.guests[seat]()
        elif call.seat is seat:
            _let_guests_go(call)
            call.stop_timers()
            call.seat, seat.call = None, None
            call.bridge.put_agent(None)

    def seat(self, agent_id: int) -> Seat:
        """The place of an agent."""
        return self.seats.setdefault(agent_id, Seat(agent_id))

    # --- bringing together --------------------------------------------------------------------------------

    def _assign(self) -> None:
        """Give calls of which the house says nothing, the longest first, to agents who are free."""
        for call in [call for call in self.calls.values() if call.is_waiting and call.is_on_our_own]:
            free = [
                seat.duty
                for seat in self.seats.values()
                if seat.is_free and seat.duty is not None and seat.agent_id not in call.passed_by
            ]
            chosen = longest_idle(free)
            if chosen is not None:
                self.ring(call, self.seats[chosen])

    def ring(self, call: LiveCall, seat: Seat) -> None:
        """Let a call ring at an agent's, who may have chosen to be put through at once."""
        if not call.is_waiting:
            return
        if not seat.is_up or seat.call is not None:
            self.house.returned(call.key, agent_id=seat.agent_id, reason="busy" if seat.is_up else "no_line")
            return
        if not self._take(call):
            return
        call.ringing, seat.call = seat, call
        self.house.ringing(call.key, agent_id=seat.agent_id)
        if seat.duty is not None and seat.duty.has_auto_answer:
            self.connect(call, seat)
            return
        if not call.position:
            call.bridge.caller.player = Player([sounds.sound(sounds.RECORDED)], sounds.ringback())
        if call.is_on_our_own:
            self.later(call, RINGS_FOR, lambda: self._let_ring(call, seat))

    def _let_ring(self, call: LiveCall, seat: Seat) -> None:
        if call.ringing is seat:
            self.stop_ringing(call, reason="no_answer")

    def stop_ringing(self, call: LiveCall, *, reason: str) -> None:
        """It rings no longer at the agent's; without a reason the house knows already."""
        seat = call.ringing
        if seat is None:
            return
        call.ringing, seat.call = None, None
        if not call.position:
            call.bridge.caller.player = Player(forever=sounds.sound(sounds.MUSIC))
        if reason:
            self.house.returned(call.key, agent_id=seat.agent_id, reason=reason)
        if call.is_on_our_own:
            call.passed_by.add(seat.agent_id)
            self._assign()

    def placed(self, line: PhoneLine, seat: Seat, *, key: str) -> None:
        """A number that we called for an agent has answered."""
        call = self._new_call(line, key=key)
        call.is_outbound = True
        self.connect(call, seat)

    def connect(self, call: LiveCall, seat: Seat) -> None:
        """Put a call and an agent together."""
        if seat.peer is None or not self._take(call):
            return
        call.stop_timers()
        call.ringing, call.seat, seat.call = None, seat, call
        if call.bridge.recorder is None:
            call.bridge.recorder = Recorder(path_for(self._recordings, call.key), now=self._now())
        call.bridge.put_agent(seat.peer)
        if seat.duty is not None and seat.duty.has_auto_answer and call.bridge.agent is not None:
            call.bridge.agent.under = Player([sounds.beep()])
        announcement = sounds.sound(sounds.RECORDED)
        if self._now() - (call.answered_at or self._now()) < len(announcement) / RATE:
            # Somebody speaks before it was heard to its end: it lies beneath their voice.
            call.bridge.caller.under = Player([announcement])
        self.house.answered(call.key, agent_id=seat.agent_id)

    # --- the end ------------------------------------------------------------------------------------------

    def hang_up(self, call: LiveCall, *, cause: str) -> None:
        """End a call."""
        self._forget_line(call)
        call.line.hang_up()
        self._caller_gone(call, cause)

    def refuse(self, call: LiveCall, *, cause: str) -> None:
        """Send a caller away who wasn't taken yet; whoever was, is hung up on."""
        if call.answered_at is not None:
            self.hang_up(call, cause=cause)
            return
        self._forget_line(call)
        call.line.refuse(486 if cause == "busy" else 603)
        self._caller_gone(call, cause)

    def _forget_line(self, call: LiveCall) -> None:
        call.line.on_ended = lambda _: None

    def _caller_gone(self, call: LiveCall, cause: str) -> None:
        if call.is_over:
            return
        call.is_over = True
        call.stop_timers()
        self.calls.pop(call.key, None)
        if call.dialling is not None:
            call.dialling.cancel()
        call.bridge.leave()
        _let_guests_go(call)
        for seat in (call.seat, call.ringing):
            if seat is not None:
                self.set_free(seat)
        if call.third is not None:
            call.third.on_ended = lambda _: None
            call.third.hang_up()
        recorder = call.bridge.recorder
        self.house.ended(call.key, cause=cause)
        if recorder is not None:
            path = recorder.finish(now=self._now())
            self.house.recorded(call.key, path, seconds=recorder.seconds)

    def set_free(self, seat: Seat) -> None:
        """A call has left an agent's place; until the house says anew, there is work to do after it."""
        seat.call = None
        if seat.duty is not None:
            seat.duty = replace(seat.duty, is_ready=False)

    def end_everything(self) -> None:
        """The process is being stopped: every call ends, and the house knows."""
        for call in list(self.calls.values()):
            self.hang_up(call, cause="stopped")

    # --- time ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Make sound every 20 ms and notice who has gone, for ever."""
        due = self._now()
        rounds = 0
        while True:
            due += TICK
            now = self._now()
            if due < now - 1:
                due = now
            await asyncio.sleep(max(0.0, due - now))
            rounds += 1
            try:
                self._tick(due)
                if rounds % 10 == 0:
                    self._notice_silence()
                if rounds % 250 == 0:
                    self._report()
            except Exception:
                # Whatever went wrong with one call, the others go on.
                log.exception("a round of the floor failed")

    def _tick(self, now: float) -> None:
        for call in list(self.calls.values()):
            if call.bridge.ticks:
                try:
                    call.bridge.tick(now)
                except Exception:
                    log.exception("a call has gone wrong", call=call.key)
                    self.hang_up(call, cause="fault")

    def _notice_silence(self) -> None:
        now = self._now()
        for seat in list(self.seats.values()):
            peer = seat.peer
            if peer is not None and peer.is_up and now - peer.reception.last_at > SILENT_BROWSER:
                self._away(seat, peer)
                self._spawn(peer.close())
        for call in list(self.calls.values()):
            last = call.bridge.caller.line.reception.last_at or call.began
            if now - last > SILENT_TRUNK:
                self.hang_up(call, cause="silent")

    def _report(self) -> None:
        for seat in self.seats.values():
            if seat.peer is not None and seat.peer.is_up and seat.peer.outgoing.sent:
                seat.peer.send_report()

    def later(self, call: LiveCall, seconds: float, work: Callable[[], None]) -> None:
        """Do something after some seconds, unless the call is over or its timers were stopped."""

        def then() -> None:
            call.timers.discard(timer)
            if not call.is_over:
                work()

        timer = self._loop.call_later(seconds, then)
        call.timers.add(timer)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        _running.add(task)
        task.add_done_callback(_running.discard)


def _let_guests_go(call: LiveCall) -> None:
    for let_go in list(call.guests.values()):
        let_go()


_running: set[asyncio.Task[None]] = set()
"""Kept here until done; the loop itself holds tasks only weakly."""
