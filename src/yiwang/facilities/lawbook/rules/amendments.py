"""Reading an amending instrument: 刑法修正案, 关于修改《…》的决定, clause by clause, into operations on a text.

`read` gives every instruction with the operations that it asks for, or why it couldn't be read.
`consolidation` applies them and compares the outcome with the official text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from yiwang.facilities.lawbook.rules.numerals import NUMERAL
from yiwang.facilities.lawbook.rules.provisions import CHAIN, WHOLE, Provision, places


class Verb(StrEnum):
    """What an instruction does."""

    REPLACE = "replace"  # 修改为
    INSERT = "insert"  # 增加…作为
    DELETE = "delete"  # 删去
    RENAME = "rename"  # 第十八条改为第十九条
    HEADING = "heading"  # 增加一章, whose articles come with instructions of their own
    MERGE = "merge"  # 合并，作为
    WORDS = "words"  # 将“…”修改为“…”
    ADD_WORDS = "add_words"  # 在“…”后增加“…”


@dataclass(frozen=True, slots=True)
class Operation:
    """One change: what, where, as which place it comes in, with which lines, and for words the old and the new."""

    verb: Verb
    places: tuple[Provision, ...]
    becomes: tuple[Provision, ...] = ()
    lines: tuple[str, ...] = ()
    old: str = ""
    new: str = ""


@dataclass(slots=True)
class Amendment:
    """One clause of an instrument: its number as written, its words without the new text, its operations."""

    label: str
    words: str
    operations: list[Operation] = field(default_factory=list)
    unread: str = ""
    """The words that no operation was read from; empty when everything was read."""


_CLAUSE = re.compile(r"^(?:条目)?(?P<label>[一二三四五六七八九十]+)(?:、|\s*[|｜]\s*)(?P<rest>.*)", re.DOTALL)
_SUB = re.compile(r"^（[一二三四五六七八九十]+）(?=将|在|删去|第)")
_NO_CHANGE = re.compile(
    r"^(?:本(?:修正案|决定)自|《.*》根据本(?:修正案|决定)|对部分条文作|为了|根据|此外|.*作如下(?:补充)?修改|\d{4}年|#|<!--|$)"
)
_BEGINS_QUOTE = re.compile(r"[：:]\s*[“\"](?P<first>.*)$", re.DOTALL)
_PURPOSE = re.compile(r"^(?:为了|根据|为).*?[，,](?P<change>(?:将|在)[^，]*第.*[：:].*)$", re.DOTALL)
_ENDS_QUOTE = re.compile(r"[”\"][。；;]?\s*$")
_NEW_HEAD = re.compile(
    r"^(?:原?第[一二三四五六七八九十]+[款项](?:改为|作为|修改为|增加)|增加[一二三四五六七八九十]|将|删去|本修正案|本决定)"
)
_CHAIN = rf"(?:《?[\u4e00-\u9fff]{{{{1,30}}}}?(?:法|法典|条例)》?)?(?P<{{}}>{CHAIN})"
_QUOTED = '[“"](?P<{}>[^“”"]*)[”"]'
_DELETE = re.compile(rf"^(?:将)?删去{_CHAIN.format('place')}$")
_INSERT = re.compile(
    rf"^(?:在)?(?:{_CHAIN.format('place')})?(?:之?后|中)?(?:增加|增写)[一二三四五六七八九十两][条款项章]，?(?:分别)?作为{_CHAIN.format('as')}$"
)
_MERGE = re.compile(rf"^将?{_CHAIN.format('place')}合并，作为{_CHAIN.format('as')}(?:，修改为)?$")
_RENAME = re.compile(
    rf"^将?原?{_CHAIN.format('place')}(?:相应)?(?:改为|作为){_CHAIN.format('as')}(?:，(?P<rest>.*))?$"
)
_INSERT_BY_REPLACING = re.compile(
    rf"^在{_CHAIN.format('place')}中?增加[一二三四五]款，?作为{_CHAIN.format('as')}，将该条修改为$"
)
_INSERT_CHAPTER = re.compile(rf"^增加一[编章节].*，作为第{NUMERAL}[编章节]")
_REPLACE = re.compile(rf"^将?(?:{_CHAIN.format('place')})?(?:的规定)?修改为$")
_WORDS_WHERE = re.compile(rf"^(?:将|在)?(?:{_CHAIN.format('place')})?(?:其)?中的?(?=[“\"])")
_CHANGE = re.compile(rf"^[，]?{_QUOTED.format('old')}(?:修改为|改为){_QUOTED.format('new')}")
_ADDITION = re.compile(rf"^[，]?{_QUOTED.format('old')}后增加{_QUOTED.format('new')}")
_SENTENCE = re.compile(r"(?:[^。“”\"]|“[^”]*”|\"[^\"]*\")+")


def read(text: str) -> list[Amendment]:
    """The instructions of an amending instrument, in its order; provisions on its entry into force are left out."""
    found: list[Amendment] = []
    article = WHOLE
    for label, head, lines in _heads(text):
        if label or not found:
            article = WHOLE
            found.append(Amendment(label, head))
        else:
            found[-1].words += " " + head
        instruction = found[-1]
        for sentence in _SENTENCE.findall(head):
            article = _operations(instruction, sentence.strip(), lines, article)
    return [each for each in found if each.operations or each.unread]


def _heads(text: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each instruction's words with the lines of new text that follow them; the label where a clause begins."""
    label, head = "", ""
    quote: list[str] | None = None
    for raw in text.split("\n"):
        line = raw.strip()
        if not line:
            continue
        clause = _CLAUSE.match(line)
        if quote is not None and not clause and not (_NEW_HEAD.match(line) and quote):
            quote.append(_unquoted(line))
            if _ENDS_QUOTE.search(line):
                yield label, head, tuple(quote)
                label, quote = "", None
            continue
        if quote is not None:
            yield label, head, tuple(quote)
            label, quote = "", None
        if clause:
            label, line = clause["label"], clause["rest"].strip()
        line = _SUB.sub("", line)
        if purpose := _PURPOSE.match(line):
            line = purpose["change"]
        if _NO_CHANGE.match(line):
            continue
        begins = _BEGINS_QUOTE.search(line)
        if begins is None and line.endswith(("：", ":")):
            head, quote = line.rstrip("：:"), []
        elif begins is None:
            yield label, line, ()
            label = ""
        else:
            head, first = line[: begins.start()], begins["first"]
            if _ENDS_QUOTE.search(first):
                yield label, head, (_unquoted(first),)
                label = ""
            else:
                quote = [_unquoted(first)]
    if quote is not None:
        yield label, head, tuple(quote)


def _unquoted(line: str) -> str:
    return _ENDS_QUOTE.sub("", line.lstrip('“"'))


def _operations(instruction: Amendment, words: str, lines: tuple[str, ...], article: Provision) -> Provision:
    """Read one sentence into operations; gives the article that the next sentence speaks of."""
    words = re.sub(r"^(?:其中的|其中)(?=[“\"])", "中的", words).rstrip("，；;：:")
    if not words:
        return article
    if deleted := _DELETE.match(words):
        where = _where(deleted["place"], article)
        instruction.operations.append(Operation(Verb.DELETE, where))
    elif merged := _MERGE.match(words):
        where = _where(merged["place"], article)
        instruction.operations.append(Operation(Verb.MERGE, where, _where(merged["as"], article), lines))
    elif inserted := _INSERT.match(words):
        where = _where(inserted["place"], article) if inserted["place"] else (article,)
        becomes = _where(inserted["as"], where[-1])
        instruction.operations.append(Operation(Verb.INSERT, where, becomes, lines))
    elif renamed := _RENAME.match(words):
        where = _where(renamed["place"], article)
        becomes = _where(renamed["as"], where[0])
        instruction.operations.append(Operation(Verb.RENAME, where, becomes))
        if renamed["rest"]:
            _after_rename(instruction, renamed["rest"], lines, where[0], becomes[0])
    elif rewritten := _INSERT_BY_REPLACING.match(words):
        where = _where(rewritten["place"], article)
        instruction.operations.append(Operation(Verb.REPLACE, where, lines=lines))
    elif _INSERT_CHAPTER.match(words):
        instruction.operations.append(Operation(Verb.HEADING, ()))
        return article
    elif replaced := _REPLACE.match(words):
        where = _where(replaced["place"], article) if replaced["place"] else (article,)
        instruction.operations.append(Operation(Verb.REPLACE, where, lines=lines))
    elif located := _WORDS_WHERE.match(words):
        where = _where(located["place"], article) if located["place"] else (article,)
        _changes(instruction, words[located.end() :], where)
    else:
        instruction.unread += words
        return article
    return where[-1]._replace(paragraph=0, item=0) if where[-1].article else article


def _after_rename(
    instruction: Amendment, rest: str, lines: tuple[str, ...], old: Provision, new: Provision
) -> None:
    """What follows 改为第十九条: a paragraph speaks of itself by its new number, an article by its old one."""
    if rest != "修改为":
        _operations(instruction, rest, lines, old)
    elif old.paragraph and not new.paragraph:
        # A paragraph that becomes an article of its own, with new words.
        instruction.operations[-1] = Operation(Verb.MERGE, (old,), (new,), lines)
    else:
        place = new if old.paragraph or old.item else old
        instruction.operations.append(Operation(Verb.REPLACE, (place,), lines=lines))


def _changes(instruction: Amendment, words: str, where: tuple[Provision, ...]) -> None:
    """“甲”修改为“乙”，“丙”修改为“丁”."""
    while words:
        change, addition = _CHANGE.match(words), _ADDITION.match(words)
        if change:
            instruction.operations.append(Operation(Verb.WORDS, where, old=change["old"], new=change["new"]))
        elif addition:
            instruction.operations.append(
                Operation(Verb.ADD_WORDS, where, old=addition["old"], new=addition["new"])
            )
        else:
            instruction.unread += words
            return
        words = words[(change or addition).end() :]  # type: ignore[union-attr]


def _where(chain: str, base: Provision) -> tuple[Provision, ...]:
    """The places of a chain, every one of a range; what they leave out is that of the place spoken of."""
    found: list[Provision] = []
    for place in places(chain):
        last = place.until or place.provision
        one = place.provision
        found.append(one)
        while one != last and len(found) < 500:
            one = _next(one, last)
            found.append(one)
    return tuple(each if each.article or each.division else _in(base, each) for each in found)


def _in(base: Provision, place: Provision) -> Provision:
    paragraph = place.paragraph or (base.paragraph if place.item else 0)
    return place._replace(article=base.article, branch=base.branch, paragraph=paragraph)


def _next(one: Provision, last: Provision) -> Provision:
    """The place that follows in a range."""
    for level in ("item", "paragraph", "branch"):
        if getattr(last, level) and getattr(one, level) != getattr(last, level):
            return one._replace(**{level: getattr(one, level) + 1})
    return one._replace(article=one.article + 1) if one.article < last.article else last
