"""What agents command: hold, ask somebody, bring them in, hand over, hang up, call a number.

Each function does one command of the port. What can't be done raises `Impossible` with a short reason, which the
house keeps with the command.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.enums import ListenMode
from yiwang.facilities.hotline.voice import sounds
from yiwang.facilities.hotline.voice.calls import LiveCall, PhoneLine, Seat
from yiwang.facilities.hotline.voice.floor import Floor
from yiwang.facilities.hotline.voice.guests import Guests
from yiwang.facilities.hotline.voice.sip import CallRefused, NoPortLeft, TrunkLine
from yiwang.facilities.hotline.voice.sounds import Player


class Impossible(Exception):
    """A command that doesn't fit what is going on."""


class Places(Protocol):
    """Whoever can call a number."""

    async def place(self, number: str, *, patience: float = 45.0) -> TrunkLine:
        """Call it and wait for an answer."""


class Orders:
    """The commands, on one floor and one trunk."""

    def __init__(self, floor: Floor, trunk: Places) -> None:
        self._floor = floor
        self._trunk = trunk
        self._placing: dict[str, asyncio.Task[None]] = {}
        self._callers: set[Seat] = set()
        self._guests = Guests(floor)

    async def obey(self, key: str, command: port.Command) -> None:
        """Do one command of the port."""
        match command:
            case port.Originate(number=number, agent_id=agent_id, key=given):
                self.originate(number, agent_id, key=given)
            case port.HangUp() if key in self._placing:
                self._placing[key].cancel()
            case port.HangUp():
                self._floor.hang_up(self._call(key), cause="agent")
            case port.Refuse(cause=cause):
                self._floor.refuse(self._call(key), cause=cause)
            case port.Queue(position=position):
                self._floor.let_wait(self._spoken_of(key), position=position)
            case port.Ring(agent_id=agent_id):
                self._floor.ring(self._spoken_of(key), self._floor.seat(agent_id))
            case port.StopRinging(agent_id=agent_id):
                self._floor.take_from(self._call(key), self._floor.seat(agent_id))
            case port.Answer(agent_id=agent_id):
                self.answer(key, agent_id)
            case port.Hold():
                self.hold(key)
            case port.Resume():
                self.resume(key)
            case port.Consult(agent_id=int(agent_id)):
                self.consult_agent(key, agent_id)
            case port.Consult(number=number):
                self.consult(key, number)
            case port.ThreeWay():
                self.three_way(key)
            case port.Transfer(agent_id=int(agent_id)):
                self.transfer_to_agent(key, agent_id)
            case port.Transfer(number=number):
                self.transfer_to_number(key, number)
            case port.Listen(agent_id=agent_id, mode=mode):
                self.listen(key, agent_id, ListenMode(mode))
            case port.Leave(agent_id=agent_id):
                self.leave(key, agent_id)
            case _:
                raise Impossible("not known")

    def answer(self, key: str, agent_id: int) -> None:
        """An agent takes the call that rings, or one that waits."""
        call = self._call(key)
        seat = self._floor.seat(agent_id)
        if call.seat is seat:
            return
        if call.asked is seat:
            self._guests.come_in(call)
            return
        if call.seat is not None or not seat.is_up or seat.call not in (None, call):
            raise Impossible("the call has been taken" if call.seat else "no line")
        if call.ringing is not None and call.ringing is not seat:
            self._floor.stop_ringing(call, reason="")
        self._floor.connect(call, seat)

    def hold(self, key: str) -> None:
        """Give the caller music."""
        call = self._talking(key)
        call.bridge.hold(is_held=True)
        self._floor.house.held(call.key)

    def resume(self, key: str) -> None:
        """Let the caller hear the agent again; whoever was only being asked leaves."""
        call = self._talking(key)
        self._drop_third(call)
        call.bridge.hold(is_held=False)
        self._floor.house.resumed(call.key)

    def consult(self, key: str, number: str) -> None:
        """Ask somebody at a number while the caller hears music."""
        call = self._talking(key)
        self._begin_asking(call)

        def reached(line: PhoneLine) -> None:
            self._join(call, line)
            self._floor.house.joined(call.key, number=number)

        def failed() -> None:
            self.resume(key)

        self._dial(call, number, reached=reached, failed=failed)

    def consult_agent(self, key: str, agent_id: int) -> None:
        """Ask another agent, who is there and free, while the caller hears music."""
        call = self._talking(key)
        seat = self._free(agent_id)
        self._begin_asking(call)
        self._guests.ask(call, seat)

    def _begin_asking(self, call: LiveCall) -> None:
        if call.third is not None or call.dialling is not None or call.asked is not None:
            raise Impossible("somebody is being asked already")
        call.bridge.hold(is_held=True)
        self._floor.house.held(call.key)
        self._ring_agent(call)

    def listen(self, key: str, agent_id: int, mode: ListenMode) -> None:
        """Let a supervisor into a call that somebody has taken."""
        call = self._talking(key)
        seat = self._floor.seat(agent_id)
        if call.listener is not seat:
            if call.listener is not None:
                raise Impossible("somebody listens already")
            seat = self._free(agent_id)
        self._guests.listen(call, seat, mode=mode)

    def leave(self, key: str, agent_id: int) -> None:
        """An agent who was asked, or who listens in, goes."""
        call = self._call(key)
        seat = self._floor.seat(agent_id)
        if seat not in call.guests:
            raise Impossible("not in this call")
        if call.asked is seat:
            self._guests.part(call, reason="refused" if call.bridge.third is None else "")
        else:
            self._guests.stop_listening(call)

    def three_way(self, key: str) -> None:
        """Let caller, agent and whoever was asked speak together."""
        call = self._talking(key)
        if call.bridge.third is None:
            raise Impossible("nobody was asked")
        call.bridge.hold(is_held=False)
        self._floor.house.resumed(call.key)

    def transfer_to_agent(self, key: str, agent_id: int) -> None:
        """Hand the call to another agent: to whoever was asked and has picked up, or to one who is there and free."""
        call = self._talking(key)
        is_asked = call.asked is not None and call.asked.agent_id == agent_id
        asked = self._guests.take_over(call) if is_asked else None
        seat = asked or self._free(agent_id)
        self._drop_third(call)
        self._guests.stop_listening(call)
        self._leave(call)
        call.bridge.hold(is_held=False)
        self._floor.house.transferred(call.key, agent_id=agent_id)
        self._floor.connect(call, seat)

    def transfer_to_number(self, key: str, number: str) -> None:
        """Hand the call to a number: at once if it was asked before, else when it answers."""
        call = self._talking(key)
        if call.third is not None and call.third.called == number:
            self._hand_over(call, number)
            return
        self._drop_third(call)
        call.bridge.hold(is_held=True)
        self._floor.house.held(call.key)
        self._ring_agent(call)

        def reached(line: PhoneLine) -> None:
            self._join(call, line)
            self._hand_over(call, number)

        self._dial(call, number, reached=reached, failed=lambda: self.resume(key))

    def _free(self, agent_id: int) -> Seat:
        seat = self._floor.seats.get(agent_id)
        if seat is None or not seat.is_up or seat.call is not None:
            raise Impossible("the agent isn't free")
        return seat

    def originate(self, number: str, agent_id: int, *, key: str) -> None:
        """Call a number for an agent and put them together when it answers."""
        seat = self._floor.seat(agent_id)
        if not seat.is_up or seat.call is not None or seat in self._callers:
            self._floor.house.ended(key, cause="refused")
            raise Impossible("the agent isn't free")
        self._callers.add(seat)
        self._placing[key] = asyncio.create_task(self._originate(number, seat, key))

    async def _originate(self, number: str, seat: Seat, key: str) -> None:
        cause = "agent"
        try:
            line = await self._trunk.place(number)
            if seat.is_up and seat.call is None:
                self._floor.placed(line, seat, key=key)
                cause = ""
            else:
                line.hang_up()
        except CallRefused as error:
            cause = error.cause
        except NoPortLeft:
            cause = "busy"
        finally:
            self._callers.discard(seat)
            self._placing.pop(key, None)
            if cause:
                self._floor.house.ended(key, cause=cause)

    def _dial(
        self,
        call: LiveCall,
        number: str,
        *,
        reached: Callable[[PhoneLine], None],
        failed: Callable[[], None],
    ) -> None:
        async def work() -> None:
            try:
                line = await self._trunk.place(number)
            except (CallRefused, NoPortLeft):
                call.dialling = None
                if not call.is_over:
                    failed()
                return
            call.dialling = None
            if call.is_over:
                line.hang_up()
            else:
                reached(line)

        call.dialling = asyncio.create_task(work())

    def _join(self, call: LiveCall, line: PhoneLine) -> None:
        call.third = line
        line.on_ended = lambda _cause: self._third_gone(call)
        call.bridge.put_third(line)
        if call.bridge.agent is not None:
            call.bridge.agent.player = None

    def _third_gone(self, call: LiveCall) -> None:
        if call.third is not None and not call.is_over:
            self._floor.house.parted(call.key, number=call.third.called)
        call.third = None
        call.bridge.put_third(None)
        if call.is_over:
            return
        if call.seat is None:
            self._floor.hang_up(call, cause="other_party")
        elif call.bridge.is_held:
            call.bridge.hold(is_held=False)
            self._floor.house.resumed(call.key)

    def _hand_over(self, call: LiveCall, number: str) -> None:
        """The agent leaves caller and third alone."""
        self._guests.stop_listening(call)
        self._leave(call)
        call.bridge.hold(is_held=False)
        self._floor.house.transferred(call.key, number=number)

    def _leave(self, call: LiveCall) -> None:
        if call.seat is not None:
            self._floor.set_free(call.seat)
            call.seat = None
        call.bridge.put_agent(None)

    def _drop_third(self, call: LiveCall) -> None:
        if call.dialling is not None:
            call.dialling.cancel()
            call.dialling = None
        self._guests.part(call, goes_back=False)
        if call.bridge.agent is not None:
            call.bridge.agent.player = None
        third, call.third = call.third, None
        if third is not None:
            third.on_ended = lambda _cause: None
            call.bridge.put_third(None)
            third.hang_up()
            self._floor.house.parted(call.key, number=third.called)

    def _ring_agent(self, call: LiveCall) -> None:
        if call.bridge.agent is not None:
            call.bridge.agent.player = Player(forever=sounds.ringback())

    def _call(self, key: str) -> LiveCall:
        call = self._floor.calls.get(key)
        if call is None:
            # Should the house not know yet, or of a call that was never ours, it knows from now on.
            self._floor.house.ended(key, cause="lost")
            raise Impossible("the call is over")
        return call

    def _spoken_of(self, key: str) -> LiveCall:
        """A call that the house has spoken of, however late: from now on it decides again."""
        call = self._call(key)
        call.is_on_our_own = False
        return call

    def _talking(self, key: str) -> LiveCall:
        call = self._call(key)
        if call.seat is None:
            raise Impossible("nobody has taken the call")
        return call
