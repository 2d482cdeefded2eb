"""Articles of the knowledge base, blocked numbers, and the lines people dial."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from yiwang.facilities.hotline.events import NumberBlocked
from yiwang.facilities.hotline.models import Article, ArticleVersion, BlockedNumber, Line
from yiwang.facilities.hotline.queries import ARTICLE, forget_articles, forget_lines
from yiwang.facilities.hotline.rules import clean_number
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_line, clean_text
from yiwang.kernel.search.actions import forget, index


def open_line(number: str, *, name: str, unit_id: int, skills: Iterable[str] = ()) -> Line:
    """Have a unit's agents answer a number; naming the same number again moves it."""
    line, _ = Line.objects.update_or_create(
        number=clean_number(number), defaults={"name": name, "unit_id": unit_id, "skills": list(skills)}
    )
    forget_lines()
    return line


@transaction.atomic
def write_article(
    *,
    title: str,
    text: str,
    review_on: date,
    by: int | None,
    at: datetime,
    section: str = "",
    source: str = "",
    article_id: int | None = None,
) -> Article:
    """Write an article, or a new wording of one; every wording is kept."""
    article = (
        Article.objects.select_for_update(of=("self",)).get(pk=article_id)
        if article_id is not None
        else Article(version=0)
    )
    article.title, article.section = clean_line(title)[:120], clean_line(section)[:60]
    article.text, article.source = clean_text(text), clean_line(source)[:200]
    article.review_on, article.withdrawn_at = review_on, None
    article.version += 1
    article.changed_at, article.changed_by_id = at, by
    article.save()
    ArticleVersion.objects.create(
        article=article,
        version=article.version,
        title=article.title,
        section=article.section,
        text=article.text,
        source=article.source,
        review_on=review_on,
        at=at,
        by_id=by,
    )
    index(ARTICLE, article.pk, at=at, text="\n".join((article.title, article.section, article.text)))
    forget_articles()
    return article


def review_article(article_id: int, *, review_on: date, by: int, at: datetime) -> Article:
    """Somebody has checked an article and found it right; it is to be looked at again on a day."""
    held = Article.objects.get(pk=article_id)
    return write_article(
        title=held.title,
        text=held.text,
        section=held.section,
        source=held.source,
        review_on=review_on,
        by=by,
        at=at,
        article_id=article_id,
    )


def withdraw_article(article_id: int, *, at: datetime) -> None:
    """Nobody finds an article any more; its wordings stay."""
    if Article.objects.filter(pk=article_id, withdrawn_at__isnull=True).update(withdrawn_at=at):
        forget(ARTICLE, article_id)
    forget_articles()


class NoEnd(ValueError):
    """A number is blocked for a time that ends after it begins, never for ever."""


@transaction.atomic
def block(number: str, *, reason: str, until_at: datetime, by: int, at: datetime) -> BlockedNumber:
    """Refuse calls of a number until an instant; blocking it again replaces the earlier block.

    Raises `NoEnd`, and `ValueError` for a number without digits.
    """
    cleaned = clean_number(number)
    if not cleaned:
        raise ValueError(number)
    if until_at <= at:
        raise NoEnd(number)
    BlockedNumber.objects.filter(number=cleaned, lifted_at__isnull=True).update(lifted_at=at, lifted_by_id=by)
    blocked = BlockedNumber.objects.create(
        number=cleaned, reason=clean_line(reason)[:200], from_at=at, until_at=until_at, blocked_by_id=by
    )
    publish(NumberBlocked(blocked.pk, by, at))
    return blocked


def lift_block(blocked_id: int, *, by: int, at: datetime) -> None:
    """Take calls of a number again before the time is over."""
    BlockedNumber.objects.filter(Q(lifted_at__isnull=True), pk=blocked_id).update(
        lifted_at=at, lifted_by_id=by
    )
