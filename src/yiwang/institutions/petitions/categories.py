"""The house's own list of content classes, in the words of the field; a county may load its own instead."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OWN_LIST = Path(__file__).with_name("categories.json")
LONGEST_PATH = 80
LONGEST_NAME = 40


@dataclass(frozen=True)
class ContentClass:
    """One class: field, group, class."""

    level1: str
    level2: str
    level3: str

    @property
    def path(self) -> str:
        """The key under which cases carry the class."""
        return f"{self.level1}/{self.level2}/{self.level3}"


def own_list() -> Iterator[ContentClass]:
    """The classes that come with the house, in their order."""
    for level1, groups in json.loads(OWN_LIST.read_text(encoding="utf-8")).items():
        for level2, names in groups.items():
            for level3 in names:
                yield ContentClass(level1, level2, level3)


class BadLine(ValueError):
    """A line of a class list can't be read; the message says why."""


def class_in(line: str) -> ContentClass:
    """The class in a line of JSON with `level1`, `level2`, `level3`; raises `BadLine`."""
    try:
        found = json.loads(line)
    except ValueError:
        raise BadLine("not JSON") from None
    if not isinstance(found, dict):
        raise BadLine("not an object")
    names = []
    for key in ("level1", "level2", "level3"):
        name = found.get(key)
        if not isinstance(name, str) or not name.strip():
            raise BadLine(f"{key} is missing")
        names.append(name.strip().replace("/", "／"))
        if len(names[-1]) > LONGEST_NAME:
            raise BadLine(f"{key} is longer than {LONGEST_NAME} characters")
    one = ContentClass(*names)
    if len(one.path) > LONGEST_PATH:
        raise BadLine(f"the three names together are longer than {LONGEST_PATH} characters")
    return one
