"""What somebody is telling, as it stands in a form: lists of people, and a petition not finished yet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.institutions.petitions import identity
from yiwang.institutions.petitions.repeat_search import accused_keys, person
from yiwang.institutions.petitions.repeats import NewMatter
from yiwang.institutions.petitions.rules import Signing
from yiwang.kernel.base.text import clean_line, clean_text


@dataclass(frozen=True)
class Named:
    """Somebody on a line of a list: name, telephone, identity number."""

    name: str
    phone: str = ""
    identity_number: str = ""


_IDENTITY = re.compile(r"(?<![\w])(\d{17}[\dXx]|\d{15})(?![\w])", re.ASCII)
_PHONE = re.compile(r"(?<![\w])(\+?\d[\d\- ]{3,18}\d)(?![\w])", re.ASCII)


def people_in(text: str) -> list[Named]:
    """The people of a list, one a line, in whatever order their numbers stand."""
    found = []
    for line in text.splitlines():
        rest = clean_line(line)
        number = _IDENTITY.search(rest)
        rest = _IDENTITY.sub(" ", rest, count=1)
        phone = _PHONE.search(rest)
        rest = _PHONE.sub(" ", rest, count=1)
        name = clean_line(re.sub(r"[,，;；、\t]+", " ", rest))
        if name or phone or number:
            found.append(Named(name, phone[1] if phone else "", number[1].upper() if number else ""))
    return found


def being_told(data: Mapping[str, Any]) -> NewMatter:
    """What stands in the form so far, right or wrong, to be compared with earlier petitions."""

    def typed(key: str, most: int) -> str:
        return clean_text(str(data.get(key) or ""))[:most]

    is_unsigned = data.get("signing") == Signing.ANONYMOUS
    first = person(
        name=typed("name", 80),
        phone=typed("phone", 30),
        identity_number=identity.plain(typed("identity_number", 30)),
        address=typed("address", 200),
    )
    listed = [*people_in(typed("representatives", 1000)), *people_in(typed("others", 20_000))]
    more = [person(name=one.name, phone=one.phone, identity_number=one.identity_number) for one in listed]
    agent = person(name=typed("agent_name", 80), phone=typed("agent_phone", 30))
    unit = typed("accused_unit", 18)
    return NewMatter(
        title=typed("title", 120),
        text=typed("text", 8000),
        category=typed("category", 80),
        people=() if is_unsigned else (first, *more),
        agents=() if is_unsigned or not agent.name else (agent,),
        accused=accused_keys(
            unit_ids=[int(unit)] if unit.isdecimal() else [], names=[typed("accused_name", 80)]
        ),
    )
