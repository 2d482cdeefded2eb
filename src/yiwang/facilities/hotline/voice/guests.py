"""Agents in a call that isn't theirs: another agent whom its agent asks, and a supervisor who listens in."""

from collections.abc import Callable

from yiwang.facilities.hotline.enums import ListenMode
from yiwang.facilities.hotline.voice import sounds
from yiwang.facilities.hotline.voice.calls import LiveCall, Seat
from yiwang.facilities.hotline.voice.floor import RINGS_FOR, Floor
from yiwang.facilities.hotline.voice.sounds import Player


class Guests:
    """How guests come into calls and leave them, on one floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def ask(self, call: LiveCall, seat: Seat) -> None:
        """Let it ring at another agent's; its caller is on hold and its agent hears it ring."""
        call.asked, seat.call = seat, call
        call.guests[seat] = lambda: self.part(call, reason="no_line")
        if seat.duty is not None and seat.duty.has_auto_answer:
            self.come_in(call)
        else:
            self._floor.later(call, RINGS_FOR, self._unless_in(call, seat))

    def _unless_in(self, call: LiveCall, seat: Seat) -> Callable[[], None]:
        def give_up() -> None:
            if call.asked is seat and call.bridge.third is None:
                self.part(call, reason="no_answer")

        return give_up

    def come_in(self, call: LiveCall) -> None:
        """Whoever is asked has picked up, and speaks with the agent of the call."""
        seat = call.asked
        if seat is None or seat.peer is None or call.bridge.third is not None:
            return
        call.bridge.put_third(seat.peer)
        if call.bridge.third is not None:
            call.bridge.third.under = Player([sounds.beep()])
        if call.bridge.agent is not None:
            call.bridge.agent.player = None
        self._floor.house.joined(call.key, agent_id=seat.agent_id)

    def part(self, call: LiveCall, *, reason: str = "", goes_back: bool = True) -> None:
        """Whoever was asked goes; the agent is back with the caller, unless something else follows."""
        seat, call.asked = call.asked, None
        if seat is None:
            return
        call.guests.pop(seat, None)
        self._floor.set_free(seat)
        call.bridge.put_third(None)
        if call.bridge.agent is not None:
            call.bridge.agent.player = None
        self._floor.house.parted(call.key, agent_id=seat.agent_id, reason=reason)
        if goes_back and not call.is_over and call.bridge.is_held:
            call.bridge.hold(is_held=False)
            self._floor.house.resumed(call.key)

    def take_over(self, call: LiveCall) -> Seat | None:
        """Whoever was asked gives up that place, to become the call's agent; nothing before they have picked up."""
        seat = call.asked
        if seat is None or call.bridge.third is None:
            return None
        call.asked = seat.call = None
        call.guests.pop(seat, None)
        call.bridge.put_third(None)
        return seat

    def listen(self, call: LiveCall, seat: Seat, *, mode: ListenMode) -> None:
        """Let a supervisor into the call, or change who hears them."""
        call.listener, seat.call = seat, call
        call.guests[seat] = lambda: self.stop_listening(call)
        call.bridge.put_listener(seat.peer, mode=mode)
        self._floor.house.listened(call.key, agent_id=seat.agent_id, mode=mode.value)

    def stop_listening(self, call: LiveCall) -> None:
        """The supervisor goes; nobody else hears a difference."""
        seat, call.listener = call.listener, None
        if seat is None:
            return
        call.guests.pop(seat, None)
        self._floor.set_free(seat)
        call.bridge.put_listener(None)
        self._floor.house.unlistened(call.key, agent_id=seat.agent_id)
