"""Reading what other programs send, and what the public may see of a place: pure."""

import hashlib
import math
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from yiwang.kernel.base.text import N_, clean_line, clean_text
from yiwang.kernel.channels.open311.offers import Attribute, Datatype, Refused, Submission

LONGEST_DESCRIPTION = 4000
LONGEST_LINE = 200
LONGEST_LINK = 500
MOST_ATTRIBUTES = 50
MOST_ROWS = 1000
"""Requests in one answer; GeoReport v2 says so."""

DEEPEST_ROW = 100_000
WIDEST = timedelta(days=90)
"""The longest span of one question; GeoReport v2 says so."""

SAME_WITHIN = timedelta(minutes=10)
"""A request that a sender repeats word for word within this time is the same request."""

PUBLIC_PLACES = 3
"""Decimals of a public position: about a hundred metres."""

PUBLICATION = "publication"
NOTHING, STATUS, TEXT = "none", "status", "text"

_ATTRIBUTE = re.compile(r"attribute\[([\w.-]{1,60})\](?:\[\])?")

Parameters = Mapping[str, Sequence[str]]


def new_key() -> str:
    """A random key of 256 bits for a program."""
    return secrets.token_urlsafe(32)


def key_digest(key: str) -> bytes:
    """The hash under which a program's key is kept."""
    return hashlib.sha256(b"yiwang open311 key " + key.encode(errors="replace")).digest()


def fingerprint(parameters: Parameters, *, key_id: int) -> bytes:
    """The same for the same words of the same sender, in whatever order they came."""
    told = sorted((name, *values) for name, values in parameters.items() if name != "api_key")
    return hashlib.sha256(repr((key_id, told)).encode(errors="replace")).digest()


def rounded(degrees: float | None) -> float | None:
    """A position as the public may see it."""
    return None if degrees is None else round(degrees, PUBLIC_PLACES)


def one(parameters: Parameters, name: str) -> str:
    """What was sent under a name, the last of several; nothing is the same as an empty word."""
    values = parameters.get(name) or ("",)
    return values[-1].strip()


def listed(parameters: Parameters, name: str) -> list[str]:
    """Words with commas between, sent once or several times."""
    return [word.strip() for value in parameters.get(name, ()) for word in value.split(",") if word.strip()]


def submission_in(parameters: Parameters, *, attributes: Sequence[Attribute]) -> Submission:
    """A request in what was sent, checked and cleaned; raises `Refused` (400) with a sentence that helps."""
    lat, long = _position(parameters)
    address, address_id = _line(parameters, "address_string"), _line(parameters, "address_id")
    if lat is None and not address and not address_id:
        raise Refused(400, N_("Say where it is: lat and long, address_string or address_id."))
    return Submission(
        description=_bounded("description", clean_text(one(parameters, "description")), LONGEST_DESCRIPTION),
        lat=lat,
        long=long,
        address=address,
        address_id=address_id,
        name=full_name(_line(parameters, "first_name"), _line(parameters, "last_name")),
        email=_line(parameters, "email"),
        phone=_line(parameters, "phone"),
        media_url=_link(parameters),
        attributes=_answers(parameters, attributes),
    )


def full_name(first: str, last: str) -> str:
    """A whole name: Chinese ones with the family name in front and no blank, others as they are spoken."""
    is_latin = (first + last).isascii()
    return (f"{first} {last}" if is_latin else f"{last}{first}").strip()


def _line(parameters: Parameters, name: str) -> str:
    return _bounded(name, clean_line(one(parameters, name)), LONGEST_LINE)


def _bounded(name: str, words: str, most: int) -> str:
    if len(words) > most:
        raise Refused(400, N_("%(name)s is longer than %(most)s characters."), name=name, most=most)
    return words


def _position(parameters: Parameters) -> tuple[float | None, float | None]:
    lat, long = one(parameters, "lat"), one(parameters, "long")
    if not lat and not long:
        return None, None
    if not lat or not long:
        raise Refused(400, N_("lat and long are sent together."))
    return _degrees("lat", lat, most=90), _degrees("long", long, most=180)


def _degrees(name: str, words: str, *, most: int) -> float:
    try:
        found = float(words[:40])
    except ValueError:
        found = math.nan
    if not abs(found) <= most:
        raise Refused(400, N_("%(name)s isn't a position in degrees (WGS84)."), name=name)
    return found


def _link(parameters: Parameters) -> str:
    words = _bounded("media_url", clean_line(one(parameters, "media_url")), LONGEST_LINK)
    try:
        parts = urlsplit(words)
        is_link = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        is_link = False
    if words and (not is_link or " " in words):
        raise Refused(400, N_("media_url isn't an address that begins with http:// or https://."))
    return words


def _answers(parameters: Parameters, attributes: Sequence[Attribute]) -> dict[str, tuple[str, ...]]:
    sent: dict[str, list[str]] = {}
    for name, values in parameters.items():
        if match := _ATTRIBUTE.fullmatch(name):
            sent.setdefault(match[1], []).extend(value for value in values if value.strip())
    if sum(map(len, sent.values())) > MOST_ATTRIBUTES:
        raise Refused(400, N_("More than %(most)s attributes were sent."), most=MOST_ATTRIBUTES)
    found = {}
    for attribute in attributes:
        values = sent.get(attribute.code, [])
        if attribute.is_required and attribute.is_variable and not values:
            raise Refused(400, N_("attribute[%(code)s] is needed."), code=attribute.code)
        if values:
            found[attribute.code] = tuple(_answer(attribute, value) for value in _single(attribute, values))
    return found


def _single(attribute: Attribute, values: list[str]) -> list[str]:
    return values if attribute.datatype is Datatype.MULTI else values[-1:]


def _answer(attribute: Attribute, value: str) -> str:
    is_text = attribute.datatype is Datatype.TEXT
    words = clean_text(value) if is_text else clean_line(value)
    words = _bounded(f"attribute[{attribute.code}]", words, LONGEST_DESCRIPTION if is_text else LONGEST_LINE)
    is_good = True
    match attribute.datatype:
        case Datatype.NUMBER:
            is_good = re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,9})?", words, re.ASCII) is not None
        case Datatype.DATETIME:
            is_good = _moment(words) is not None
        case Datatype.SINGLE | Datatype.MULTI:
            is_good = words in dict(attribute.values)
    if not is_good:
        raise Refused(
            400,
            N_("attribute[%(code)s] isn't a value of the type %(type)s."),
            code=attribute.code,
            type=attribute.datatype.value,
        )
    return words


def _moment(words: str) -> datetime | None:
    """A date and time in the W3C's form with its offset; a plus that became a blank on its way is one again."""
    try:
        found = datetime.fromisoformat(words[:40].replace(" ", "+"))
    except ValueError:
        return None
    if found.tzinfo is None or not 1970 <= found.year <= 2999:
        return None
    return found.astimezone(UTC)


@dataclass(frozen=True)
class Span:
    """From when until when, both included."""

    since: datetime
    until: datetime


def span_in(parameters: Parameters, *, now: datetime) -> Span:
    """The span that is asked for: the last 90 days when nothing is said. Raises `Refused` (400)."""
    start, end = _moment_of(parameters, "start_date"), _moment_of(parameters, "end_date")
    if start and end and not timedelta(0) <= end - start <= WIDEST:
        raise Refused(400, N_("start_date and end_date may be at most 90 days apart, in this order."))
    if start is None:
        end = end or now
        return Span(end - WIDEST, end)
    return Span(start, end or start + WIDEST)


def _moment_of(parameters: Parameters, name: str) -> datetime | None:
    words = one(parameters, name)
    found = _moment(words) if words else None
    if words and found is None:
        raise Refused(
            400, N_("%(name)s isn't a date and time with an offset, such as 2026-11-23T12:00:00Z."), name=name
        )
    return found


def page_in(parameters: Parameters) -> tuple[int, int]:
    """First row and number of rows of the page that is asked for; raises `Refused` (400)."""
    size = _whole(parameters, "page_size", otherwise=MOST_ROWS, most=MOST_ROWS)
    number = _whole(parameters, "page", otherwise=1, most=DEEPEST_ROW)
    if (number - 1) * size >= DEEPEST_ROW:
        raise Refused(400, N_("So far back only the dates lead; ask for a shorter span."))
    return (number - 1) * size, size


def _whole(parameters: Parameters, name: str, *, otherwise: int, most: int) -> int:
    words = one(parameters, name)
    if not words:
        return otherwise
    if not re.fullmatch(r"[0-9]{1,9}", words) or not 1 <= int(words) <= most:
        raise Refused(400, N_("%(name)s is a whole number from 1 to %(most)s."), name=name, most=most)
    return int(words)


def is_open_in(parameters: Parameters) -> bool | None:
    """Whether only open requests are asked for, only closed ones, or both; raises `Refused` (400)."""
    words = set(listed(parameters, "status"))
    if words - {"open", "closed"}:
        raise Refused(400, N_("status is open or closed."))
    return None if len(words) != 1 else words == {"open"}


def ids_in(parameters: Parameters) -> list[int] | None:
    """The requests that are asked for by number; nothing when none was named. Raises `Refused` (400)."""
    words = listed(parameters, "service_request_id")
    if len(words) > MOST_ROWS:
        raise Refused(400, N_("At most %(most)s requests can be asked for at once."), most=MOST_ROWS)
    return [number for number in map(number_in, words) if number is not None] if words else None


def number_in(words: str) -> int | None:
    """The number of a request, when it can be one."""
    return int(words) if re.fullmatch(r"[0-9]{1,18}", words) else None
