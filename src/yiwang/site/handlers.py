"""What the site tells its modules of one another: where live news comes from, and who looks citations up."""

from collections.abc import Sequence
from datetime import date

from yiwang.facilities.lawbook.queries import dead_citations
from yiwang.facilities.lawbook.words import standing_words
from yiwang.facilities.office.citations import DeadCitation, provide_citation_check
from yiwang.kernel.base.live import live_address
from yiwang.kernel.ui.context import provide


def dead_in(text: str, on: date) -> Sequence[DeadCitation]:
    """The citations of a document that the lawbook doesn't bear out on a day."""
    return [DeadCitation(each.text, str(standing_words(each.bound))) for each in dead_citations(text, on=on)]


provide(live_url=live_address)
provide_citation_check(dead_in)
