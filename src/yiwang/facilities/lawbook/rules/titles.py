"""When two names mean one law: with and without 中华人民共和国, in any brackets, with any spaces."""

import re

STATE = "中华人民共和国"
_NOISE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")
_BRACKETS = str.maketrans("<>＜＞〈〉()[]【】«»", "《》《》《》（）（）（）《》")
_TRIAL = re.compile(r"（(?:试行|暂行)）$")


def tidy(title: str) -> str:
    """A title as it is shown: without spaces inside and without the book marks around it."""
    bare = _NOISE.sub("", title)
    if bare.startswith("《") and bare.endswith("》") and bare.count("《") == 1:
        bare = bare[1:-1]
    return bare


def short_title(title: str) -> str:
    """The name by which people call it: 刑法 for 中华人民共和国刑法."""
    bare = tidy(title)
    rest = bare.removeprefix(STATE)
    return rest if len(rest) > 1 and not rest.startswith(("和", "境", "国务院", "主席", "成立")) else bare


def name_key(title: str) -> str:
    """What two names of one law have in common: compare these, show the titles."""
    return short_title(title.translate(_BRACKETS).replace("《", "").replace("》", ""))


def names_of(title: str) -> tuple[str, ...]:
    """The keys under which a law with this title is found, the surest first."""
    key = name_key(title)
    return (key,) if not _TRIAL.search(key) else (key, _TRIAL.sub("", key))
