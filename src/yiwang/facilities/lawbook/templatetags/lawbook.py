"""Links in any text: each citation leads to the words that it means on the text's day."""

from datetime import date

from django.template import Library
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from yiwang.facilities.lawbook.citing import Cited, citations_of
from yiwang.facilities.lawbook.words import standing_words

register = Library()


@register.simple_tag
def law_links(text: str, on: date, title: str = "") -> SafeString:
    """A text with its citations as links; a dead one says what is wrong with it, for ears too.

    One place of a text is one link. What the lawbook doesn't know stays as it is. The text itself is escaped.
    """
    pieces, end = [], 0
    for cited in citations_of(text, on=on, title=title):
        # Words in which 本法 stands alone would only lead back to the page on which one is.
        if not cited.url or (not cited.citation.title and not cited.citation.provision.article):
            continue
        pieces += [escape(text[end : cited.citation.start]), _link(cited)]
        end = cited.citation.end
    return format_html_join("", "{}", ((piece,) for piece in (*pieces, escape(text[end:]))))


def _link(cited: Cited) -> SafeString:
    told = standing_words(cited.bound)
    if cited.bound.is_dead:
        return format_html(
            '<a class="law-cited law-dead" href="{}" title="{}">{}<span class="hidden-words"> ({})</span></a>',
            cited.url,
            told,
            cited.text,
            told,
        )
    return format_html(
        '<a class="law-cited" href="{}" data-law-card="{}" title="{}">{}</a>',
        cited.url,
        cited.card_url,
        told,
        cited.text,
    )
