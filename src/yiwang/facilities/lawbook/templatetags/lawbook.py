"""Links in any text: each citation leads to the words that it means on the text's day."""

from datetime import date

from django.template import Library
from django.utils.safestring import SafeString

from yiwang.facilities.lawbook.linking import linked

register = Library()


@register.simple_tag
def law_links(text: str, on: date, title: str = "") -> SafeString:
    """A text with its citations as links, escaped; `title` is that of the statute which it is from."""
    return linked([text], on, title=title)[0]
