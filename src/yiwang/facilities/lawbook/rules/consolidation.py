"""Applying an amending instrument to a text by machine, and proving it against the official text.

A text is its articles by number. Where no earlier text is at hand, an article is known only as far as the
instruments gave it: paragraphs that nobody has told stay unknown, and only the known ones are compared.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile

from yiwang.facilities.lawbook.rules.amendments import Amendment, Operation, Verb
from yiwang.facilities.lawbook.rules.citations import find
from yiwang.facilities.lawbook.rules.numerals import Number, article_number, chinese
from yiwang.facilities.lawbook.rules.provisions import LAST, Provision

PREAMBLE = "序言"
SHORT = 40
"""Characters; a longer line is no member of a list."""
_ITEM = re.compile(r"^\s*[（(][一二三四五六七八九十百]+[）)]")
_HEADING = re.compile(r"^第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?[\s　]*")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?")
_NOISE = re.compile(r"[\s，,。．.：:；;、“”\"‘’'《》<>〈〉（）()〔〕\[\]—－\-…·]")
_ANNEX = re.compile(r"\s*附[表件录][一二三四五]?[：:\s]*$")
_DELETED = re.compile(r"^(?:（.*)?(?:已?删[去除]|根据.*删[去除])")


class Effect(StrEnum):
    """What became of an article: of all of it, or of a paragraph or an item in it."""

    REWRITTEN = "replace"
    PARAGRAPH_REWRITTEN = "replace_para"
    ITEM_REWRITTEN = "replace_item"
    NEW = "insert"
    PARAGRAPH_NEW = "insert_para"
    ITEM_NEW = "insert_item"
    DELETED = "delete"
    PARAGRAPH_DELETED = "delete_para"
    ITEM_DELETED = "delete_item"
    RENUMBERED = "rename"
    MERGED = "merge"
    WORDS_REPLACED = "words"
    WORDS_ADDED = "add_words"


class CannotApply(ValueError):
    """An operation that doesn't fit the text; its words say why."""


@dataclass(slots=True)
class Paragraph:
    """A paragraph as far as it is known: its own line and its items, and its place before the instrument."""

    origin: int
    lines: list[str] | None = None
    is_given: bool = False
    """Whether the instrument gave its words."""


@dataclass(slots=True)
class Article:
    """An article; `is_open` says that paragraphs may follow which nobody has told."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    is_open: bool = False

    @classmethod
    def of(cls, lines: Iterable[str], *, is_new: bool = False) -> "Article":
        """An article from its lines; a line that begins with （一） is an item of the paragraph before it.

        So is a line of a list without numbers: 由下列人员组成：主任，副主任若干人，委员若干人。
        """
        article = cls()
        for bare in filter(None, map(str.strip, lines)):
            known = article.paragraphs[-1].lines if article.paragraphs else None
            if known and (_ITEM.match(bare) or _is_listed(bare, after=known[-1])):
                known.append(bare)
            else:
                article.paragraphs.append(
                    Paragraph(0 if is_new else len(article.paragraphs) + 1, [bare], is_new)
                )
        return article

    def copy(self) -> "Article":
        """The same article, to be changed."""
        pieces = [
            Paragraph(at, list(each.lines) if each.lines else None)
            for at, each in enumerate(self.paragraphs, 1)
        ]
        return Article(pieces, self.is_open)

    def now(self, paragraph: int) -> Paragraph:
        """A paragraph by its present place. Raises CannotApply."""
        while self.is_open and len(self.paragraphs) < paragraph:
            self.paragraphs.append(Paragraph(len(self.paragraphs) + 1))
        if not 0 < paragraph <= len(self.paragraphs):
            raise CannotApply(f"there is no {paragraph}. paragraph")
        return self.paragraphs[paragraph - 1]

    def before(self, paragraph: int) -> Paragraph:
        """A paragraph by the place that it had before the instrument. Raises CannotApply."""
        found = next((each for each in self.paragraphs if each.origin == paragraph), None)
        return found or self.now(paragraph)

    @property
    def lines(self) -> list[str]:
        """The known lines."""
        return [line for paragraph in self.paragraphs for line in paragraph.lines or ()]

    @property
    def is_whole(self) -> bool:
        """Whether every paragraph is known."""
        return not self.is_open and all(paragraph.lines for paragraph in self.paragraphs)


Text = dict[Number, Article]


@dataclass(slots=True)
class Outcome:
    """What became of an instruction: why it wasn't read or applied, if it wasn't, and what it did to which article."""

    amendment: Amendment
    fault: str = ""
    done: list[tuple[Number, Effect]] = field(default_factory=list)

    @property
    def touched(self) -> list[Number]:
        """The articles in the order in which they were touched, each once."""
        return list(dict.fromkeys(number for number, _ in self.done))

    def effects(self, number: Number) -> tuple[Effect, ...]:
        """What became of an article; two new paragraphs stand there twice."""
        found = tuple(effect for touched, effect in self.done if touched == number)
        is_renamed = any(
            one.verb is Verb.RENAME and not one.places[0].paragraph and _number(one.becomes[0]) == number
            for one in self.amendment.operations
        )
        return (Effect.RENUMBERED, *found) if is_renamed else found


@dataclass(frozen=True, slots=True)
class Comparison:
    """An article beside the official one: whether it is equal as far as known, and whether all of it was known."""

    number: Number
    is_equal: bool
    is_whole: bool
    ours: str
    official: str


def text_of(articles: Mapping[Number, str]) -> Text:
    """A text from the words of its articles, one line a paragraph or item."""
    return {number: Article.of(words.split("\n")) for number, words in articles.items()}


def apply(
    instructions: Iterable[Amendment], text: Text, *, is_complete: bool, followed: set[Number] | None = None
) -> tuple[Text, list[Outcome]]:
    """The text after the instructions, and what became of each; the text given isn't changed.

    `is_complete` says whether the text holds every article; if not, an article that an instruction speaks of
    may be unknown. New articles with a number of their own push the later ones on; `followed` are numbers from
    before, which become those that the same articles have afterwards.
    """
    applying = _Applying({number: each.copy() for number, each in text.items()}, is_complete=is_complete)
    outcomes = [applying.take(instruction) for instruction in instructions]
    after = applying.renumbered(outcomes)
    if followed is not None:
        before = list(followed)
        followed.clear()
        followed.update(applying.names.get(number, number) for number in before)
    return after, outcomes


class _Applying:
    """A text on which operations are done, in its old numbers until the end."""

    def __init__(self, text: Text, *, is_complete: bool) -> None:
        self.text = text
        self.is_complete = is_complete
        self.placed: Text = {}  # articles whose new number the instrument names
        self.names: dict[Number, Number] = {}  # old number to new number

    def take(self, instruction: Amendment) -> Outcome:
        """Do one instruction as far as it goes."""
        outcome = Outcome(instruction, f"not understood: {instruction.unread}" if instruction.unread else "")
        for operation in instruction.operations:
            try:
                numbers = self._do(operation)
                outcome.done += [(number, each) for number in numbers for each in _effects(operation)]
            except CannotApply as wrong:
                outcome.fault = str(wrong)
        return outcome

    def _do(self, operation: Operation) -> list[Number]:
        if operation.verb is Verb.HEADING:
            return []
        doing = {
            Verb.INSERT: self._insert,
            Verb.RENAME: self._rename,
            Verb.MERGE: self._merge,
            Verb.DELETE: self._delete,
            Verb.REPLACE: self._replace,
        }
        return doing.get(operation.verb, self._words)(operation)

    def _article(self, place: Provision) -> Article:
        number = _number(place)
        if number not in self.text:
            # The preamble may be missing where every article is there.
            if place.division != PREAMBLE and (self.is_complete or not place.article):
                raise CannotApply(f"there is no {number.label()}")
            self.text[number] = Article(is_open=True)
        return self.text[number]

    def _insert(self, operation: Operation) -> list[Number]:
        first = operation.becomes[0]
        if first.item:
            lines = _known(self._article(first).now(first.paragraph or 1))
            lines[first.item : first.item] = operation.lines
            _relabel(lines)
            return [_number(first)]
        if first.paragraph:
            return self._insert_paragraphs(operation, first)
        numbers = [_number(place) for place in operation.becomes]
        for number, lines in zip(numbers, _divided(operation.lines, numbers), strict=True):
            into = self.text if number.branch else self.placed
            into[number] = Article.of(lines, is_new=True)
        return numbers

    def _insert_paragraphs(self, operation: Operation, first: Provision) -> list[Number]:
        article = self._article(first)
        new = Article.of(operation.lines, is_new=True).paragraphs
        if len(new) != len(operation.becomes):
            raise CannotApply(f"{len(operation.becomes)} paragraphs are announced, {len(new)} given")
        if first.paragraph == LAST and article.is_open:
            raise CannotApply("how many paragraphs there are isn't known without the earlier text")
        at = len(article.paragraphs) if first.paragraph == LAST else first.paragraph - 1
        if at and first.paragraph != LAST:
            article.now(at)
        article.paragraphs[at:at] = new
        return [_number(first)]

    def _replace(self, operation: Operation) -> list[Number]:
        first = operation.places[0]
        new = Article.of(operation.lines, is_new=True)
        if operation.old:
            self._hold_against(first, operation.old)
        if first.item:
            lines = _known(self._article(first).now(first.paragraph or 1))
            if len(lines) <= first.item:
                raise CannotApply(f"there is no {first.item}. item")
            lines[first.item] = operation.lines[0]
        elif first.paragraph:
            article = self._article(first)
            article.now(operation.places[-1].paragraph)
            begin, end = first.paragraph - 1, operation.places[-1].paragraph
            for at, paragraph in enumerate(new.paragraphs):
                paragraph.origin = begin + at + 1 if begin + at < end else 0
            article.paragraphs[begin:end] = new.paragraphs
        else:
            self._article(first)
            new.paragraphs[0].lines = [
                _HEADING.sub("", line) if not at else line
                for at, line in enumerate(new.paragraphs[0].lines or [])
            ]
            self.text[_number(first)] = new
        return [_number(first)]

    def _hold_against(self, place: Provision, old: str) -> None:
        """An instruction that quotes what it replaces is done only where that stands. Raises CannotApply."""
        article = self._article(place)
        if place.paragraph:
            known = article.now(place.paragraph).lines
        else:
            known = article.lines if article.is_whole else None
        if known is not None and _plain(known) != _plain([old]):
            raise CannotApply(f"{_number(place).label()} doesn't say {old}")

    def _delete(self, operation: Operation) -> list[Number]:
        for place in reversed(operation.places):
            self._remove(place)
        return [_number(place) for place in operation.places]

    def _remove(self, place: Provision) -> None:
        article = self._article(place)
        if place.item:
            lines = _known(article.before(place.paragraph or 1))
            if len(lines) <= place.item:
                raise CannotApply(f"there is no {place.item}. item")
            del lines[place.item]
            _relabel(lines)
        elif place.paragraph:
            article.paragraphs.remove(article.before(place.paragraph))
        if not place.paragraph and not place.item or (not article.paragraphs and not article.is_open):
            del self.text[_number(place)]

    def _rename(self, operation: Operation) -> list[Number]:
        old, new = operation.places[0], operation.becomes[0]
        if old.paragraph and not new.paragraph:
            lines = _known(self._article(old).before(old.paragraph))
            self._remove(old)
            self.placed[_number(new)] = Article([Paragraph(0, lines)])
            return [_number(new)]
        if not old.paragraph and not old.item:
            self.names[_number(old)] = _number(new)
        # A paragraph or item that gets the next number was pushed there by what came before it.
        return []

    def _merge(self, operation: Operation) -> list[Number]:
        for place in reversed(operation.places):
            self._remove(place)
        new = _number(operation.becomes[0])
        self.placed[new] = Article.of(operation.lines, is_new=True)
        return [new]

    def _words(self, operation: Operation) -> list[Number]:
        for place in operation.places:
            article = self._article(place)
            pieces = [article.before(place.paragraph)] if place.paragraph else article.paragraphs
            if place.paragraph or article.is_open:
                list(map(_known, pieces or [Paragraph(0)]))
            change = operation.new if operation.verb is Verb.WORDS else operation.old + operation.new
            done = sum(_changed(piece, place.item, operation.old, change) for piece in pieces)
            if not done:
                raise CannotApply(f"{_number(place).label()} doesn't say {operation.old}")
        return [_number(place) for place in operation.places]

    def _numbers_to(self, last: Number) -> list[Number]:
        """Every number up to one, and those with a branch that are known."""
        return sorted({*map(Number, range(1, last.number + 1)), *self.text})

    def renumbered(self, outcomes: Sequence[Outcome]) -> Text:
        """The text under its new numbers; the outcomes' numbers follow."""
        if not self.placed and not self.names:
            return dict(sorted(self.text.items()))
        taken = {*self.placed, *self.names.values()}
        free = (number for number in _whole_numbers() if number not in taken)
        names = self.names
        # Where not every article is known, the unknown ones are counted all the same.
        standing = (
            sorted(self.text) if self.is_complete else self._numbers_to(max(self.text, default=Number(0)))
        )
        for number in standing:
            if number.number and number not in names:
                names[number] = next(free)
        names.setdefault(Number(0), Number(0))
        for outcome in outcomes:
            outcome.done = [
                (names.get(number, number) if number not in self.placed else number, effect)
                for number, effect in outcome.done
            ]
        for article in self.text.values():
            _readdress(article, names)
        text = {names[number]: article for number, article in self.text.items()}
        return dict(sorted({**text, **self.placed}.items()))


def compare(text: Text, official: Mapping[Number, str], numbers: Iterable[Number]) -> list[Comparison]:
    """Articles beside the official text, without regard to punctuation; a deleted one is equal to none."""
    found = []
    for number in sorted(set(numbers)):
        ours, theirs = text.get(number), Article.of(_without_annex(official.get(number, "")))
        if ours is None:
            is_gone = not theirs.lines or bool(_DELETED.match(theirs.lines[0]))
            found.append(
                Comparison(number, is_gone, is_whole=True, ours="", official="\n".join(theirs.lines))
            )
            continue
        pairs = zip(ours.paragraphs, theirs.paragraphs, strict=False)
        is_equal = all(
            mine.lines is None or _plain(mine.lines) == _plain(other.lines) for mine, other in pairs
        )
        if ours.is_whole:
            is_equal = _plain(ours.lines) == _plain(theirs.lines)
        elif len(ours.paragraphs) > len(theirs.paragraphs):
            is_equal = False
        found.append(
            Comparison(number, is_equal, ours.is_whole, "\n".join(ours.lines), "\n".join(theirs.lines))
        )
    return found


def _without_annex(words: str) -> Iterator[str]:
    """The lines of the last article without the tables that some texts hang on it."""
    return takewhile(lambda line: not _ANNEX.match(line), words.split("\n"))


def _plain(lines: Iterable[str] | None) -> str:
    return _NOISE.sub("", "".join(lines or ()))


def _is_listed(line: str, *, after: str) -> bool:
    """Whether a line goes on with a list without numbers that the line before begins or belongs to."""
    is_begun = after.endswith(("：", ":")) and line.endswith(("，", ","))
    return is_begun or (after.endswith(("，", ",")) and len(line) < SHORT)


def _effects(operation: Operation) -> tuple[Effect, ...]:
    """What an operation does to each article that it touches; several new paragraphs of one are counted."""
    if operation.verb not in (Verb.REPLACE, Verb.INSERT, Verb.DELETE):
        return (Effect(operation.verb.value),)
    is_new = operation.verb is Verb.INSERT
    place = operation.becomes[0] if is_new else operation.places[0]
    level = "_item" if place.item else "_para" if place.paragraph else ""
    return (Effect(operation.verb + level),) * (len(operation.becomes) if is_new and level else 1)


def _number(place: Provision) -> Number:
    return Number(place.article, place.branch)


def _whole_numbers() -> Iterator[Number]:
    return (Number(value) for value in range(1, 100_000))


def _known(paragraph: Paragraph) -> list[str]:
    if paragraph.lines is None:
        raise CannotApply("the paragraph isn't known without the earlier text")
    return paragraph.lines


def _relabel(lines: list[str]) -> None:
    """Give a paragraph's items their numbers anew."""
    for at, line in enumerate(lines[1:], 1):
        lines[at] = f"（{chinese(at)}）" + _ITEM.sub("", line)


def _changed(paragraph: Paragraph, item: int, old: str, new: str) -> int:
    lines = paragraph.lines or []
    done = 0
    if not old and lines:
        lines[-1] += new
        return 1
    for at in [item] if item else range(len(lines)):
        if at < len(lines) and old in lines[at]:
            lines[at] = lines[at].replace(old, new)
            # Who changes a number in the words has looked at the numbers there.
            paragraph.is_given = paragraph.is_given or "第" in old
            done += 1
    return done


def _readdress(article: Article, names: Mapping[Number, Number]) -> None:
    """Let 本法第二十一条 name the article by its new number, in words that the instrument left as they were."""
    for paragraph in article.paragraphs:
        if paragraph.lines and not paragraph.is_given:
            paragraph.lines = [_readdressed(line, names) for line in paragraph.lines]


def _readdressed(line: str, names: Mapping[Number, Number]) -> str:
    parts, end = [], 0
    for citation in find(line, is_own=True):
        if citation.title or not citation.provision.article:
            continue
        span = line[citation.start : citation.end]
        parts += [line[end : citation.start], _ARTICLE.sub(lambda found: _renamed(found, names), span)]
        end = citation.end
    return "".join((*parts, line[end:]))


def _renamed(found: re.Match[str], names: Mapping[Number, Number]) -> str:
    number = article_number(found[0])
    return names.get(number, number).label()


def _divided(lines: tuple[str, ...], numbers: list[Number]) -> list[list[str]]:
    """The lines of several new articles, each from its own heading on."""
    if len(numbers) == 1:
        label = numbers[0].label()
        return [[line.removeprefix(label).strip() if not at else line for at, line in enumerate(lines)]]
    found: list[list[str]] = []
    for line in lines:
        label = numbers[len(found)].label() if len(found) < len(numbers) else ""
        if label and line.startswith(label):
            found.append([line.removeprefix(label).strip()])
        elif found:
            found[-1].append(line)
    if len(found) != len(numbers):
        raise CannotApply(f"{len(numbers)} articles are announced, {len(found)} given")
    return found
