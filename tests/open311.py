"""Builders for Open311: a key and requests sent with it, through the actions."""

from datetime import datetime
from itertools import count
from typing import Any

from tests.builders import NOON
from yiwang.institutions.petitions.models import Category
from yiwang.kernel.channels.models import Report
from yiwang.kernel.channels.open311.actions import IssuedKey, Received, issue_key, receive

PIPE = "市政与公用事业/供水/水管漏水"
_numbers = count(1)


def a_key(*, at: datetime = NOON, **changes: Any) -> IssuedKey:
    """A key of a map's makers, valid without end."""
    fields: dict[str, Any] = {"holder": "云川地图", "contact": "", "per_hour": 1000, "may_publish_text": True}
    return issue_key(**{**fields, "valid_until_at": None, **changes}, at=at)


def a_code(path: str = PIPE) -> str:
    """The code of the service that a content class is."""
    return f"petitions-{Category.objects.get(path=path).pk}"


def told(key: IssuedKey, **changes: str) -> dict[str, str]:
    """What a program sends about a burst pipe; a change to nothing leaves the parameter out."""
    number = next(_numbers)
    fields = {
        "api_key": key.words,
        "service_code": a_code(),
        "description": f"幸福路第{number}号井盖旁水管漏水,路面结冰。",
        "lat": "36.123456",
        "long": "117.654321",
        "address_string": f"幸福路{number}号门口",
        "first_name": "建华",
        "last_name": "欧阳",
        "phone": "13900000000",
        "email": "ouyang@example.org",
        "media_url": "https://pictures.example.org/1.jpg",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value}


def a_request(key: IssuedKey, *, at: datetime = NOON, **changes: str) -> Received:
    """A request received from a program."""
    return receive({name: [value] for name, value in told(key, **changes).items()}, at=at)


def a_report(*, at: datetime, **changes: str) -> Report:
    """A public report, sent with a key of its own."""
    return a_request(a_key(at=at), at=at, **changes).report
