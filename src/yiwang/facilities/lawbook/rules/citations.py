"""Finding every citation of a statute in a Chinese text, with its place: 《刑法》第二百六十四条, 本法第十条, 前款.

`find` reads a text once, from front to back, and remembers what it has named, so that 该法 and a list of
articles find their law. It doesn't know what is in force: `binding` asks that.

A citation is: a place (article, paragraph, item, chapter) of a statute; a statute named as a whole, in book
marks or by a name that is known; and the words by which a statute speaks of itself and of the place before.
Contracts, notices, plans, standards, treaties and books aren't statutes, whatever their numbering.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from yiwang.facilities.lawbook.rules import citation_words as words
from yiwang.facilities.lawbook.rules.numerals import value
from yiwang.facilities.lawbook.rules.own_place import OwnPlace
from yiwang.facilities.lawbook.rules.provisions import WHOLE, Provision, places
from yiwang.facilities.lawbook.rules.statute_names import (
    KNOWN_NAMES,
    NameBook,
    is_generic,
    is_statute,
    is_statute_of,
    name_before,
    plain_title,
    start_of_state,
)


class CitationKind(StrEnum):
    """How a text names the statute."""

    TITLED = "titled"  # 《中华人民共和国刑法》第三条
    NAMED = "named"  # 刑法第三条
    OWN = "own"  # 本法第三条, or 第三条 within a statute
    BACK = "back"  # 该法第三条, 第三条 after another article of the same law
    RELATIVE = "relative"  # 前款, 本条第二款


class Citation(NamedTuple):
    """One place of one statute, named between two offsets of a text.

    `title` is the statute's name as the text gives it, without book marks; empty for the text's own statute.
    `number` is the document's number where one follows the title. `until` ends a range.
    """

    start: int
    end: int
    kind: CitationKind
    title: str
    provision: Provision = WHOLE
    until: Provision | None = None
    number: str = ""


def is_statute_text(text: str) -> bool:
    """Whether a text is itself a statute, by its headings: three lines or more that begin with 第…条."""
    return sum(1 for _ in zip(words.HEADINGS.finditer(text), range(3), strict=False)) == 3


def find(
    text: str, *, names: NameBook = KNOWN_NAMES, is_own: bool | None = None, about: str = ""
) -> list[Citation]:
    """Every citation in a text, in its order; `names` are the statutes known by name.

    `about` is the text's own title: a decision that changes a law, or an interpretation, speaks of the law there.
    `is_own` says whether the text is itself a statute, so that 本法 and a bare 第三条 speak of it; left out, its
    headings decide.
    """
    reading = _Reading(text, names, is_own=is_statute_text(text) if is_own is None else is_own)
    return reading.read(about)


class _Reading:
    """What has been named so far while a text is read."""

    def __init__(self, text: str, names: NameBook, *, is_own: bool) -> None:
        self.text = text
        self.names = names
        self.is_own = is_own
        self.found: list[Citation] = []
        self.short: dict[str, str] = {}
        self.about: list[str] = []
        self.titles: list[str] = []
        self.title = ""  # the statute named last; empty where something else was named since
        self.titled_at = -words.FAR
        self.place = WHOLE  # the place named last
        self.own = OwnPlace(text)

    def read(self, about: str) -> list[Citation]:
        """Go through the text once, from token to token; what stands in book marks isn't looked into."""
        for token in words.TITLE.finditer(about):
            self._named(plain_title(token["title"]), 0)
        self.about = list(self.titles)
        text, end = self.text, 0
        tokens = [
            (match.start(), order, match)
            for order, (one, _) in enumerate(self._passes())
            for match in one.finditer(text)
        ]
        tokens.sort()
        takes = [take for _, take in self._passes()]
        for start, order, match in tokens:
            if start >= end:
                end = takes[order](match) or end
        return self.found

    def _passes(self) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], int]], ...]:
        """The patterns, and what each of their tokens is taken for."""
        return (
            (words.TITLE, self._title),
            (words.BARE, self._bare),
            (words.FORMER, self._former),
            (words.THIS, self._this),
            (words.THAT, self._that),
            (words.SAME, self._that),
            (words.ABOVE, self._that),
            (self.names.law, self._name),
            (words.REGULATION, self._name),
            (words.ITEMS, self._items),
        )

    def _add(
        self,
        kind: CitationKind,
        title: str,
        *,
        start: int,
        at: int,
        chain: str,
        base: Provision = WHOLE,
        number: str = "",
    ) -> None:
        """Add the places of a chain that begins at `at`; the first citation begins at `start` already."""
        found = self.found
        for place in places(chain):
            provision, until = place.provision, place.until
            if base is not WHOLE and not provision.article:
                provision, until = _within(base, provision), until and _within(base, until)
            found.append(
                Citation(
                    start if place.start == 0 else at + place.start,
                    at + place.end,
                    kind,
                    title,
                    provision,
                    until,
                    number,
                )
            )
            self.place = until or provision

    def _title(self, token: re.Match[str]) -> int:
        """《…》, with its brackets and its articles."""
        written = self.short.get(token["title"], token["title"])
        start, end, chain = token.start(), token.end("title") + 1, token["of_title"]
        if not is_statute(written) and not is_statute_of(self.text[max(0, start - 24) : start], written):
            if words.HAS_ARTICLES.search(written.strip()):
                self.title = ""
            return token.end()
        title = self._full(plain_title(written))
        if is_generic(title) and not chain and title in words.TOO_GENERIC:
            return token.end()
        number, close = self._bracket(end, written)
        self._named(title, end)
        if chain:
            self._add(
                CitationKind.TITLED,
                title,
                start=start,
                at=token.start("of_title"),
                chain=chain,
                number=number,
            )
            return token.end()
        self.found.append(
            Citation(start, close if number else end, CitationKind.TITLED, title, number=number)
        )
        return close

    def _bracket(self, at: int, written: str) -> tuple[str, int]:
        """What stands in brackets behind a title: the document's number, and a short name to remember."""
        bracket = words.AFTER_TITLE.match(self.text, at) if self.text[at : at + 1] in "（([［〔" else None
        if bracket is None:
            return "", at
        inside = bracket[0][1:-1]
        shorts = words.SHORT_FOR.findall(inside)
        for short in shorts:
            self.short[short] = written
        number = "" if shorts or not words.NUMBERED.search(inside) else inside
        return number, bracket.end() if shorts or number else at

    def _full(self, title: str) -> str:
        """The statute that 《条例》 stands for: the last one of that sort."""
        if is_generic(title):
            sort = title.split("（")[0]
            return next((full for full in reversed(self.titles) if full.split("（")[0].endswith(sort)), title)
        return title

    def _named(self, title: str, at: int) -> None:
        """Remember the statute that was named last; one that changes others is named for their sake."""
        if words.ON_CHANGES.match(title) and self.title:
            return
        self.title, self.titled_at, self.place = title, at, WHOLE
        self.titles.append(title)

    def _name(self, token: re.Match[str]) -> int:
        """A statute that is named without book marks."""
        text, end = self.text, token.end()
        name = self.names.ending_at(text, end)
        if not name and token[0] == "条例":
            return self._its_rules(end)
        if not name or words.LONGER_WORD.match(text, end):
            return 0
        start = end - len(name)
        its_rules = words.ITS_RULES.match(text, end)
        if its_rules is not None:
            name, end = name + its_rules[0], its_rules.end()
        if text.startswith("#", text.rfind("\n", 0, start) + 1):
            return 0
        if start and text[start - 1] in words.REGION and name.endswith("条例"):
            longer = name_before(text, end)
            name, start = (longer, end - len(longer)) if len(longer) > len(name) else (name, start)
        start = start_of_state(text, start)
        title = plain_title(name)
        self._named(title, end)
        article = words.ARTICLE.match(text, end)
        if article is not None:
            self._add(CitationKind.NAMED, title, start=start, at=end, chain=article[0])
            return article.end()
        self.found.append(Citation(start, end, CitationKind.NAMED, title))
        return end

    def _its_rules(self, end: int) -> int:
        """An article of the rules to the law just named: 《道路交通安全法》及实施条例四十九条."""
        start, last = end - len("实施条例"), self.found[-1] if self.found else None
        article = words.ARTICLE.match(self.text, end) or words.BARE.match(self.text, end)
        if (
            article is None
            or last is None
            or not last.title.endswith("法")
            or not self.text.startswith("实施", start)
            or not 0 < start - last.end < 4
            or not words.THE_LAW_S_RULES.match(self.text[last.end : start])
        ):
            return 0
        title = last.title + "实施条例"
        self._named(title, end)
        self._add(CitationKind.NAMED, title, start=start, at=end, chain=article[0])
        return article.end()

    def _bare(self, token: re.Match[str]) -> int:
        """第…条 without a statute in the same breath: a heading, an article of the text itself, or of the last law."""
        text, start, chain = self.text, token.start(), token[0]
        before = text[start - 1 : start]
        if before in words.BEFORE_A_HEADING and self._heading(start, chain):
            return 0
        last = self.found[-1] if self.found else None
        if (
            last
            and last.provision is WHOLE
            and last.title
            and start - last.end < 60
            and words.GLUE.fullmatch(text, last.end, start)
        ):
            self.found.pop()
            self._add(last.kind, last.title, start=last.start, at=start, chain=chain, number=last.number)
            self.titled_at = start
        elif (
            (before and before in "法例定则办释程案典）)" and self._unknown(start, chain))
            or self._unclosed(start, chain)
            or words.CHAPTER_HEADING.match(text, start)
        ):
            pass
        elif words.NOT_A_STATUTE.search(text, max(0, start - 8), start):
            if not self.is_own or self.own.article is WHOLE:
                self.title = ""
        elif (
            last
            and "条" not in chain
            and before
            and before in "和、及或者与"
            and self._continues(last, start)
        ):
            self._add(last.kind, last.title, start=start, at=start, chain=chain, base=last.provision)
        elif last and last.title and words.JOINED.fullmatch(text, last.end, start):
            self._add(CitationKind.BACK, last.title, start=start, at=start, chain=chain, base=last.provision)
        elif self.is_own and self.own.article is not WHOLE:
            self._own(start, chain)
        elif self.title and (self.is_own or start - self.titled_at < words.FAR):
            base = self.place if "条" not in chain else WHOLE
            self._add(CitationKind.BACK, self.title, start=start, at=start, chain=chain, base=base)
            self.titled_at = start
        return token.end()

    def _continues(self, last: Citation, start: int) -> bool:
        """Whether 和第二项 goes on with the items that were named last, in the same sentence."""
        between = self.text[last.end : start]
        return last.provision.item > 0 and len(between) < 60 and not any(mark in between for mark in "。；\n")

    def _unknown(self, start: int, chain: str) -> bool:
        """A statute that isn't known by name, before its article."""
        name = name_before(self.text, start)
        if not name:
            return False
        name_start = start_of_state(self.text, start - len(name))
        if self.text[name_start - 1 : name_start] == "《":
            return False
        for short in words.SHORT_FOR.findall(name):
            name = name[: max(name.rfind("（"), name.rfind("("))]
            self.short[short] = name
        title = plain_title(self.short.get(name, name))
        self._named(title, start)
        self._add(CitationKind.NAMED, title, start=name_start, at=start, chain=chain)
        return True

    def _unclosed(self, start: int, chain: str) -> bool:
        """A statute whose book mark was opened and forgotten: 《…办法〔2017〕29号第九条."""
        opened = self.text.rfind("《", max(0, start - 60), start)
        if opened < 0:
            return False
        named = words.UNCLOSED.fullmatch(self.text, opened, start)
        if named is None or not is_statute(named["title"]):
            return False
        title = self._full(plain_title(named["title"]))
        self._named(title, start)
        self._add(CitationKind.TITLED, title, start=opened, at=start, chain=chain)
        return True

    def _heading(self, start: int, chain: str) -> bool:
        """Whether 第…条 begins a line as a heading; then the text's own article is that one."""
        after = self.text[start + len(chain) : start + len(chain) + 1]
        if (
            after
            and after not in words.AFTER_A_HEADING
            and (self.is_own or not words.QUOTED_HEADING.match(after))
        ):
            return False
        first, *more = places(chain)
        provision = first.provision
        if more or first.until or provision.paragraph or provision.item:
            return False
        if provision.division:
            self.own.divisions[provision.division[-1]] = provision
        elif self.is_own:
            self.own.begin(start, provision)
        else:
            self.place = provision
        return True

    def _own(self, start: int, chain: str) -> None:
        """An article, paragraph or item of the text itself."""
        base = self.own.article
        if "款" not in chain:
            base = base._replace(paragraph=self.own.paragraph(start))
        self._add(CitationKind.OWN, "", start=start, at=start, chain=chain, base=base)

    def _items(self, token: re.Match[str]) -> int:
        """（二）项 of the paragraph that is being read."""
        at = token.start()
        items = words.ITEMS_FROM.search(self.text, max(0, at - 40), at)
        if (
            not self.is_own
            or self.own.article is WHOLE
            or items is None
            or self.text[items.start() - 1] == "\n"
        ):
            return 0
        self._own(items.start(), self.text[items.start() : token.end()])
        return token.end()

    def _this(self, token: re.Match[str]) -> int:
        """本法 and 本条: the text's own statute and place, or those of the law that a letter copies."""
        start, end, sort = token.start(), token.end(), token["sort"]
        if (
            start
            and self.text[start - 1] in words.NOT_BEFORE_OWN
            and not words.A_VERB.search(self.text, max(0, start - 2), start)
        ):
            return 0
        if sort is None:
            here = self.own.here(start, token["unit"]) if self.is_own else WHOLE
            return self._relative(token, "", here, None) if self.is_own else self._from_there(token)
        chain, title = token["of_sort"], ""
        if self.is_own and self.own.article is WHOLE:
            last = self.about + self.titles[-1:-6:-1]
            title = next((one for one in last if one.endswith(sort)), "")
        if not self.is_own:
            title = self.title if self.title.endswith(sort) else ""
            if not chain or not title:
                return 0
        if chain:
            self._add(CitationKind.OWN, title, start=start, at=token.start("of_sort"), chain=chain)
        else:
            self.found.append(Citation(start, end, CitationKind.OWN, title))
        return end

    def _that(self, token: re.Match[str]) -> int:
        """该法, 同条, 上述条例: the statute or article named last."""
        start, end, sort = token.start(), token.end(), token["sort"]
        if sort is None:
            return self._from_there(token)
        if len(self.names.ending_at(self.text, token.end("sort"))) > len(sort):
            return 0
        chain, who = token["of_sort"], self.text[start]
        title = next((one for one in reversed(self.titles[-6:]) if one.endswith(sort)), "")
        if not title or (not chain and (who != "该" or sort not in ("法", "条例"))):
            return 0
        self._named(title, end)
        if chain:
            self._add(CitationKind.BACK, title, start=start, at=token.start("of_sort"), chain=chain)
        else:
            self.found.append(Citation(start, end, CitationKind.BACK, title))
        return end

    def _former(self, token: re.Match[str]) -> int:
        """前款, 前两条: seen from where the words stand, or from the article named last."""
        start = token.start()
        if self.text[start - 1 : start] in words.NOT_BEFORE_FORMER and start:
            return 0
        if not self.is_own:
            return self._from_there(token)
        back = value(token["count"]) if token["count"] else 1
        first, last = self.own.former(start, token["level"], back)
        return self._relative(token, "", first, last)

    def _from_there(self, token: re.Match[str]) -> int:
        """Add what 前款 or 该条 means in a law that was named before, where one was."""
        if not self.title or not self.place.article or token.start() - self.titled_at > words.FAR:
            return 0
        return self._relative(token, self.title, Provision(self.place.article, self.place.branch), None)

    def _relative(self, token: re.Match[str], title: str, base: Provision, until: Provision | None) -> int:
        start, end, chain = token.start(), token.end(), token["deeper"]
        if chain:
            self._add(
                CitationKind.RELATIVE, title, start=start, at=token.start("deeper"), chain=chain, base=base
            )
        else:
            self.found.append(Citation(start, end, CitationKind.RELATIVE, title, base, until))
        return end


def _within(base: Provision, provision: Provision) -> Provision:
    """A paragraph or item as a place in the article that the words before it name."""
    if provision.division:
        return provision
    paragraph = provision.paragraph or base.paragraph
    item = provision.item or (base.item if not provision.paragraph else 0)
    return Provision(base.article, base.branch, paragraph, item, provision.subitem)
