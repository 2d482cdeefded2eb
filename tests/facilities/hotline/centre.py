"""A small call centre for tests: a unit with a line, agents with phones, calls told as a driver tells them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.builders import LONG_AGO, a_post, an_account
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import enter_service, hear, open_line, set_state
from yiwang.facilities.hotline.models import Agent, Call
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
RESIDENT = "13900000000"
_numbers = count(1)


def later(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def a_centre(*, number: str = "96519", **line: Any) -> Unit:
    """A unit whose agents answer a number."""
    unit = found_unit(
        code=f"centre{next(_numbers)}", name="服务中心", kind=UnitKind.OFFICE, valid_from_on=LONG_AGO
    )
    open_line(number, name="服务热线", unit_id=unit.pk, **line)
    return unit


def an_agent(
    unit: Unit, *, is_ready: bool = True, has_line: bool = True, at: datetime = NOON, extension: str = ""
) -> Agent:
    """An agent of the unit, ready and with a phone unless said otherwise."""
    account = an_account()
    a_post(account, unit, "agent")
    agent = enter_service(account.pk, unit_id=unit.pk, at=at - timedelta(hours=1), extension=extension)
    if has_line:
        hear(port.AgentLine("voice", agent.pk, is_up=True, at=at - timedelta(minutes=50)))
    if is_ready:
        set_state(agent.pk, "ready", at=at - timedelta(minutes=40))
    agent.refresh_from_db()
    return agent


class Caller:
    """One call, told to the house step by step by its driver."""

    def __init__(self, *, caller: str = RESIDENT, driver: str = "voice", called: str = "96519") -> None:
        self.driver, self.key = driver, f"call-{next(_numbers)}"
        self.caller, self.called = caller, called

    def offer(self, seconds: float = 0) -> "Caller":
        """The call comes in."""
        hear(port.CallOffered(self.driver, self.key, later(seconds), "inbound", self.caller, self.called))
        return self

    def tell(self, kind: type[port.CallEvent], after: float, /, **data: Any) -> "Caller":
        """Something happens to it."""
        hear(kind(self.driver, self.key, later(after), **data))
        return self

    @property
    def call(self) -> Call:
        """As it stands in the database."""
        return Call.objects.get(driver=self.driver, driver_key=self.key)


def state_of(agent: Agent) -> str:
    """What an agent is doing."""
    return Agent.objects.get(pk=agent.pk).state
