"""Where in a statute's own text a word stands: what 前款, 前条 and 本条 mean there."""

from yiwang.facilities.lawbook.rules.citation_words import ITEM, ITEM_LINE
from yiwang.facilities.lawbook.rules.numerals import value
from yiwang.facilities.lawbook.rules.provisions import WHOLE, Provision


class OwnPlace:
    """The article that is being read, those before it, and the chapter."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.article = WHOLE
        self.article_at = 0
        self.before: tuple[Provision, ...] = ()
        self.divisions: dict[str, Provision] = {}

    def begin(self, at: int, article: Provision) -> None:
        """An article begins."""
        self.before = (*self.before[-4:], self.article)
        self.article, self.article_at = article, at

    def paragraph(self, at: int) -> int:
        """The paragraph of the text's own article in which a place stands."""
        if self.article is WHOLE:
            return 0
        *lines, last = self.text[self.article_at : at].split("\n")
        paragraphs = sum(1 for line in lines if (bare := line.strip()) and not ITEM_LINE.match(bare))
        return paragraphs if paragraphs and ITEM_LINE.match(last.strip()) else paragraphs + 1

    def item(self, at: int) -> int:
        """The item in which a place stands."""
        numbers = [item["number"] for item in ITEM.finditer(self.text, self.article_at, at)]
        return value(numbers[-1]) if numbers else 0

    def here(self, at: int, unit: str) -> Provision:
        """本条, 本款, 本项, 本章."""
        if unit in "章节编":
            return self.divisions.get(unit, WHOLE)
        if unit == "条":
            return self.article
        here = self.article._replace(paragraph=self.paragraph(at))
        return here if unit == "款" else here._replace(item=self.item(at))

    def former(self, at: int, level: str, back: int) -> tuple[Provision, Provision | None]:
        """The place, and the last one of several, that 前款, 前两条 or 前项 mean."""
        if level == "条":
            earlier = (*self.before, self.article)[-1 - back : -1]
            return (earlier[0], earlier[-1] if back > 1 else None) if earlier else (WHOLE, None)
        here = self.article._replace(paragraph=self.paragraph(at))
        if level == "款":
            first, last = (here._replace(paragraph=max(0, here.paragraph - count)) for count in (back, 1))
        else:
            item = self.item(at)
            first, last = (here._replace(item=max(0, item - count)) for count in (back, 1))
        return first, last if back > 1 else None
