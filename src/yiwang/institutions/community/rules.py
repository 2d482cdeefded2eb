"""Rules of the service centre without the database: PINs, windows, questions of the booking."""

import hmac
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
PIN_FIGURES = 4
MOST_WRONG_PINS = 5
"""After so many misses only the centre can help."""

MORE_PINS = 4
"""How many new PINs can be made for an order."""

DIGEST_BYTES = 32
WINDOW_HOURS = 2
BOOKABLE_DAYS = 14
"""How far ahead a service can be booked."""

MOST_BOOKINGS = 6
MOST_CODES = 5
WITHIN = timedelta(hours=1)
SAME_WITHIN = timedelta(days=3)
"""Two orders of one telephone for one item within so many days are perhaps the same."""


def pin_of(receipt_code: str, *, secret: str, number: int = 0) -> str:
    """The PIN for the door: it follows from the receipt's code and the house's secret, and is kept nowhere.

    `number` is 0 for the first one and grows with every new one that is asked for.
    """
    letters = "".join(c for c in receipt_code.upper() if c.isalnum())
    figures = int.from_bytes(
        hmac.digest(
            secret.encode(), f"door pin {letters}{f' {number}' if number else ''}".encode(), "sha256"
        )[:8],
        "big",
    )
    return f"{figures % 10**PIN_FIGURES:0{PIN_FIGURES}}"


def pin_digest(case_id: int, pin: str, *, secret: str) -> bytes:
    """The keyed hash under which an order keeps its PIN."""
    return hmac.digest(secret.encode(), f"order {case_id} pin {pin}".encode(), "sha256")


def windows(on: date, *, from_hour: int, until_hour: int, after: datetime) -> list[tuple[datetime, datetime]]:
    """The windows of a day in which a service can still begin: two hours each, within its hours."""
    found = []
    for hour in range(from_hour, until_hour, WINDOW_HOURS):
        begin = datetime.combine(on, time(hour), CHINA)
        end = begin + timedelta(hours=min(WINDOW_HOURS, until_hour - hour))
        if end > after + timedelta(minutes=30):
            found.append((begin, end))
    return found


def bookable_days(today: date) -> list[date]:
    """The days for which a service can be booked today."""
    return [today + timedelta(days=number) for number in range(BOOKABLE_DAYS)]


QUESTIONS = ("place", "when", "contact", "check")


def is_answered(question: str, told: Mapping[str, Any]) -> bool:
    """Whether a question of the booking has been answered."""
    needed = {
        "place": ("place_unit", "address"),
        "when": ("window_from", "window_until"),
        "contact": ("name", "phone", "is_confirmed"),
    }
    return all(told.get(key) for key in needed[question])


def first_open(told: Mapping[str, Any]) -> str:
    """The first question without an answer; the check when there is none."""
    return next((question for question in QUESTIONS[:-1] if not is_answered(question, told)), "check")


def total(price_fen: int, quantity: int) -> int:
    """What so many units cost."""
    return price_fen * quantity
