"""Parts of addresses: 刑法@2024-03-01 and the number of an article."""

from yiwang.facilities.lawbook.rules.addresses import (
    DAY,
    EID,
    NAME,
    ArticleId,
    Reference,
    article_id,
    reference,
)


class ReferenceConverter:
    """A work by its name, with the day whose version is meant."""

    regex = f"{NAME}(?:@{DAY})?"

    def to_python(self, value: str) -> Reference:
        """Read it; a day that doesn't exist is no address."""
        return reference(value)

    def to_url(self, value: Reference | str) -> str:
        """Write it."""
        return str(value)


class ArticleConverter:
    """The number of an article: 133.1."""

    regex = EID

    def to_python(self, value: str) -> ArticleId:
        """Read it."""
        return article_id(value)

    def to_url(self, value: ArticleId | str) -> str:
        """Write it."""
        return str(value)
