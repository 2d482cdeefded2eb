"""Reading an amendment of the Constitution: its articles quote the old words and then give the new ones.

宪法第七条：“…”修改为：“…”. The preamble is spoken of by its paragraphs (自然段); here it is the article 0.
"""

import re
from collections.abc import Iterator

from yiwang.facilities.lawbook.rules.amendments import Amendment, Operation, Verb
from yiwang.facilities.lawbook.rules.numerals import NUMERAL, Number, value
from yiwang.facilities.lawbook.rules.provisions import LAST, WHOLE, Provision

PREAMBLE = Number(0)

_CLAUSE = re.compile(rf"^(?P<label>第{NUMERAL}条)[\s　]+(?P<rest>宪法(?:第|序言).*)")
_QUOTE = re.compile("“([^“”]*)(?:”|$)")
_ONE = "‹[0-9]+›"
_MARK = re.compile("‹([0-9]+)›")
_PARTS = re.compile(rf"[。；]|，(?=在?{_ONE})|，(?=第[^‹，]*相应)|(?<=›)(?=第[^‹，]*相应)")
_PLACE = re.compile(
    rf"(?:宪法)?(?:序言第(?P<line>{NUMERAL})自然段(?P<piece>第{NUMERAL}句|[前后]{NUMERAL}句)?"
    rf"|第(?P<article>{NUMERAL})条(?:第(?P<paragraph>{NUMERAL})款)?)"
)
_ITEM = re.compile(rf"^(?!增加)(?:[^‹第]*(?:{_ONE}中)?)第(?P<item>{NUMERAL})项")
_CHANGE = re.compile(rf"^(?P<within>中)?：?(?P<old>(?:{_ONE})+)修改为：?(?P<new>(?:{_ONE})+)$")
_FOLLOWING = re.compile(rf"^这一(?:自然段|款|条)相应地?修改为：(?P<new>(?:{_ONE})+)$")
_AT_THE_END = re.compile(rf"^增加规定：(?P<new>{_ONE})$")
_PARAGRAPH = re.compile(rf"^增加一款，作为第(?P<number>{NUMERAL})款(?:，规定)?：(?P<new>{_ONE})$")
_NEW_ITEM = re.compile(rf"^(?:{_ONE}中)?增加一项，作为第(?P<number>{NUMERAL})项(?P<new>{_ONE})$")
_BEHIND = re.compile(
    rf"^中?(?P<old>{_ONE})之?后(?:增加|增写)(?:一句，内容为)?：?(?P<new>{_ONE})$"
    rf"|^末尾增加：(?P<last>{_ONE})$"
)
_BEFORE = re.compile(rf"^中?在?(?P<old>{_ONE})前增写(?P<new>{_ONE})$")
_ARTICLES = re.compile(rf"^增加{NUMERAL}条，分别作为第(?P<first>{NUMERAL})条至第(?P<last>{NUMERAL})条$")
_NO_ARTICLE = re.compile(
    rf"^宪法第{NUMERAL}章(?:章名{_ONE}修改为{_ONE}|{_ONE}中增加一节，作为第{NUMERAL}节{_ONE})$"
)
_FOLLOWS_BY_ITSELF = re.compile(r"^内容如下：?$|^第[^‹]*相应地?改为")


def is_one(text: str) -> bool:
    """Whether a text amends the Constitution in its own form."""
    return any(map(_CLAUSE.match, text.split("\n")))


def read(text: str) -> list[Amendment]:
    """The instructions of an amendment of the Constitution, article by article."""
    return [_read(label, lines) for label, lines in _clauses(text)]


def _clauses(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each article of the amendment with its lines."""
    label, lines = "", list[str]()
    for line in filter(None, map(str.strip, text.split("\n"))):
        if begins := _CLAUSE.match(line):
            if label:
                yield label, lines
            label, lines = begins["label"], [begins["rest"]]
        elif label:
            lines.append(line)
    if label:
        yield label, lines


def _read(label: str, lines: list[str]) -> Amendment:
    instruction = Amendment(label, lines[0])
    reading = _Reading(instruction)
    for at, line in enumerate(lines):
        reading.line(_quoted(line))
        if line.endswith(("内容如下：", "内容如下:")):
            given = [each for each in lines[at + 1 :] if not _FOLLOWS_BY_ITSELF.match(each)]
            reading.give(given)
            break
    return instruction


def _quoted(line: str) -> str:
    """A line whose straight quotation marks are turned into opening and closing ones, its colons into wide ones."""
    pieces = line.replace(":", "：").split('"')
    return "".join(piece + ("" if at == len(pieces) - 1 else "“”"[at % 2]) for at, piece in enumerate(pieces))


class _Reading:
    """Reads the parts of an article one after another and keeps the place of which they speak."""

    def __init__(self, instruction: Amendment) -> None:
        self.instruction = instruction
        self.place = WHOLE
        self.quotes: list[str] = []

    def line(self, line: str) -> None:
        """Read a line: every part of it is an operation, or is kept as unread."""
        self.quotes = []
        marked = _QUOTE.sub(self._kept, line)
        for part in filter(None, _PARTS.split(marked)):
            if not self._part(part.strip()):
                self.instruction.unread += _MARK.sub(lambda mark: f"“{self.quotes[int(mark[1])]}”", part)

    def give(self, lines: list[str]) -> None:
        """The words of new articles, which stand below their instruction."""
        for at, operation in enumerate(self.instruction.operations):
            if operation.verb is Verb.INSERT and not operation.lines:
                self.instruction.operations[at] = Operation(
                    Verb.INSERT, operation.places, operation.becomes, tuple(lines)
                )

    def _kept(self, quote: re.Match[str]) -> str:
        self.quotes.append(quote[1])
        return f"‹{len(self.quotes) - 1}›"

    def _words(self, marks: str) -> tuple[str, ...]:
        return tuple(self.quotes[int(number)] for number in _MARK.findall(marks))

    def _do(self, verb: Verb, place: Provision, *, becomes: Provision | None = None, **words: object) -> bool:
        self.instruction.operations.append(
            Operation(verb, (place,), (becomes,) if becomes else (), **words)  # type: ignore[arg-type]
        )
        return True

    def _part(self, part: str) -> bool:
        """Whether a part was read."""
        if _FOLLOWS_BY_ITSELF.match(part):
            return True
        if _NO_ARTICLE.match(part):
            self.instruction.operations.append(Operation(Verb.HEADING, ()))
            return True
        if several := _ARTICLES.match(part):
            numbers = range(value(several["first"]), value(several["last"]) + 1)
            becomes = tuple(map(Provision, numbers))
            self.instruction.operations.append(Operation(Verb.INSERT, becomes[:1], becomes))
            return True
        rest, is_piece = self._placed(part)
        return self._change(rest, is_piece=is_piece) or self._addition(rest)

    def _placed(self, part: str) -> tuple[str, bool]:
        """Take the place that a part begins with; what is left, and whether it's a sentence of a paragraph."""
        is_piece = False
        if found := _PLACE.match(part):
            part = part[found.end() :]
            is_piece = bool(found["piece"])
            if found["line"]:
                self.place = Provision(paragraph=value(found["line"]), division="序言")
            else:
                paragraph = value(found["paragraph"]) if found["paragraph"] else 0
                self.place = Provision(value(found["article"]), paragraph=paragraph)
        if item := _ITEM.match(part):
            self.place = self.place._replace(item=value(item["item"]))
            part = part[item.end() :]
        return part, is_piece

    def _change(self, rest: str, *, is_piece: bool) -> bool:
        if whole := _FOLLOWING.match(rest):
            # The words that it replaces have been told before one by one.
            operations = self.instruction.operations
            while operations and operations[-1].places == (self.place,):
                operations.pop()
            return self._do(Verb.REPLACE, self.place, lines=self._words(whole["new"]))
        change = _CHANGE.match(rest)
        if change is None:
            return False
        old, new = self._words(change["old"]), self._words(change["new"])
        if change["within"] or is_piece or self.place.item or self._is_list(rest):
            return self._do(Verb.WORDS, self.place, old="".join(old), new="".join(new))
        return self._do(Verb.REPLACE, self.place, lines=new, old="".join(old))

    def _is_list(self, rest: str) -> bool:
        """Whether one more pair of words of the same paragraph follows a first one."""
        operations = self.instruction.operations
        is_more = bool(operations) and operations[-1].places == (self.place,)
        return is_more and operations[-1].verb in (Verb.WORDS, Verb.ADD_WORDS) and not rest.startswith("：")

    def _addition(self, rest: str) -> bool:
        place = self.place
        if found := _AT_THE_END.match(rest):
            becomes = place._replace(paragraph=LAST)
            return self._do(Verb.INSERT, place, becomes=becomes, lines=self._words(found["new"]))
        if found := _PARAGRAPH.match(rest):
            becomes = place._replace(paragraph=value(found["number"]))
            return self._do(Verb.INSERT, place, becomes=becomes, lines=self._words(found["new"]))
        if found := _NEW_ITEM.match(rest):
            becomes = place._replace(item=value(found["number"]))
            return self._do(Verb.INSERT, place, becomes=becomes, lines=self._words(found["new"]))
        if found := _BEHIND.match(rest):
            old = self._words(found["old"])[0] if found["old"] else ""
            (new,) = self._words(found["new"] or found["last"])
            return self._do(Verb.ADD_WORDS, place, old=old, new=new)
        if found := _BEFORE.match(rest):
            (old,), (new,) = self._words(found["old"]), self._words(found["new"])
            return self._do(Verb.WORDS, place, old=old, new=f"{new}，{old}")
        return False
