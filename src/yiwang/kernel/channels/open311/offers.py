"""What institutions offer through Open311: the register, and the words in which it speaks with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from yiwang.kernel.base.text import N_

if TYPE_CHECKING:
    from yiwang.kernel.casework.models import Case


class Datatype(StrEnum):
    """What a field of a service takes, in the words of GeoReport v2."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    SINGLE = "singlevaluelist"
    MULTI = "multivaluelist"


class Pace(StrEnum):
    """When the number of a request is known: at once, later by its token, or never."""

    REALTIME = "realtime"
    BATCH = "batch"
    BLACKBOX = "blackbox"


@dataclass(frozen=True)
class Service:
    """Something that can be asked for; `code` begins with the provider's key and a hyphen.

    `is_private` says that it concerns a home: nothing of it is public unless the sender asks for that.
    """

    code: str
    name: str
    description: str = ""
    group: str = ""
    keywords: tuple[str, ...] = ()
    pace: Pace = Pace.REALTIME
    is_private: bool = False


@dataclass(frozen=True)
class Attribute:
    """A field that a service asks for beside the general ones; `values` are key and words of a list."""

    code: str
    datatype: Datatype
    description: str
    is_required: bool = False
    hint: str = ""
    values: tuple[tuple[str, str], ...] = ()
    is_variable: bool = True


@dataclass(frozen=True)
class Submission:
    """A request as it came in, checked and cleaned; `attributes` are the answers by the field's code."""

    description: str = ""
    lat: float | None = None
    long: float | None = None
    address: str = ""
    address_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    media_url: str = ""
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """The case that a request became and, once only, the code of its receipt."""

    case: "Case"
    receipt_code: str = ""


class Refused(Exception):
    """A request can't be fulfilled; `status` is HTTP's, `message` an English sentence to be translated."""

    def __init__(self, status: int, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.status, self.message, self.values = status, message, values


class ServiceProvider(Protocol):
    """An institution's side of Open311. It uses the same actions as its own pages."""

    key: str

    def services(self) -> Sequence[Service]:
        """What can be asked for today, in order."""

    def attributes(self, code: str) -> Sequence[Attribute]:
        """The fields of a service, in the order in which people are asked."""

    def submit(self, submission: Submission, *, service: Service, at: datetime) -> Accepted:
        """Register a request as a case of the institution; may raise `Refused`."""

    def supplement(self, case_id: int, *, text: str, request_key: str, at: datetime) -> int:
        """Add what the sender says later and return the number of the journal's line; may raise `Refused`.

        The same `request_key` adds it once.
        """


_providers: dict[str, ServiceProvider] = {}

UNKNOWN_SERVICE = N_("There is no service with the code %(code)s.")


def offer(provider: ServiceProvider) -> ServiceProvider:
    """Enter an institution; its key is entered once, the newest counts."""
    _providers[provider.key] = provider
    return provider


def withdraw(key: str) -> None:
    """Take an institution out of the register."""
    _providers.pop(key, None)


def services() -> list[Service]:
    """Everything on offer, institution by institution."""
    return [service for provider in _providers.values() for service in provider.services()]


def provider_of(code: str) -> ServiceProvider:
    """Who offers services whose codes begin like this one; raises `Refused` (404)."""
    provider = _providers.get(code.partition("-")[0])
    if provider is None:
        raise Refused(404, UNKNOWN_SERVICE, code=code[:40])
    return provider


def service_of(code: str) -> Service:
    """The service of that code; raises `Refused` (404)."""
    for service in provider_of(code).services():
        if service.code == code:
            return service
    raise Refused(404, UNKNOWN_SERVICE, code=code[:40])
