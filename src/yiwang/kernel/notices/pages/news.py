"""My notices: what happened in matters that concern me, newest first."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yiwang.kernel.base.pages import SIGNED_IN, page
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.notices.actions import mark_read
from yiwang.kernel.notices.enums import NoticeKind
from yiwang.kernel.notices.queries import NewsItem, news_of
from yiwang.kernel.orgs.queries import tree

OF_ANNOUNCEMENTS = {
    NoticeKind.MUST_READ: gettext_lazy("Please read and note: %(title)s"),
    NoticeKind.UNREAD: gettext_lazy("%(number)s of your unit have not read in time: %(title)s"),
    NoticeKind.TO_APPROVE: gettext_lazy("Waits for your approval: %(title)s"),
    NoticeKind.SENT_BACK: gettext_lazy("Sent back to you: %(title)s"),
}


@dataclass(frozen=True)
class Line:
    """A notice as it is read."""

    item: NewsItem
    words: str
    url: str


@page("notices:news", roles=SIGNED_IN, budget=8)
def show(request: HttpRequest) -> HttpResponse:
    """List notices; POST marks one or all as read."""
    standing = request.standing  # type: ignore[attr-defined]
    if request.method == "POST":
        number = request.POST.get("notice", "")
        mark_read(
            standing.account_id, at=timezone.now(), notice_id=int(number) if number.isdecimal() else None
        )
        return HttpResponseRedirect(reverse("notices:news"), status=303)
    items, has_more = news_of(standing, before=_before(request.GET.get("before", "")))
    lines = [Line(item, _words(item), _url(item)) for item in items]
    next_url = ""
    if has_more and items:
        last = items[-1].notice
        next_url = f"?before={last.at.isoformat().replace('+', '%2B')}_{last.pk}"
    context = {
        "lines": lines,
        "next_url": next_url,
        "has_unread": any(i.notice.read_at is None for i in items),
    }
    return render(request, "notices/news.html", context)


def _before(word: str) -> tuple[datetime, int] | None:
    at_word, _sign, number = word.rpartition("_")
    try:
        at = parse_datetime(at_word)
    except ValueError:
        return None
    if at is None or at.tzinfo is None or not number.isdecimal() or len(number) > 18:
        return None
    return at, int(number)


def _url(item: NewsItem) -> str:
    if item.notice.kind in (NoticeKind.RUNS_OUT, NoticeKind.WAITS):
        return str(item.notice.facts.get("url", ""))
    if item.notice.kind in OF_ANNOUNCEMENTS:
        return reverse("notices:announcement", args=[item.notice.facts["announcement"]])
    return reverse("casework:case", args=[item.notice.case_id]) if item.notice.case_id else ""


def _day(word: str | None) -> str:
    return date_format(date.fromisoformat(word), "MONTH_DAY_FORMAT") if word else "–"


def _words(item: NewsItem) -> str:
    facts = item.notice.facts
    kind = item.notice.kind
    if kind == NoticeKind.UNIT_MERGED:
        name = tree().name(facts["unit"], language=get_language() or "zh-hans")
        return _("%(unit)s has been merged into your unit; its open matters now wait on your desk.") % {
            "unit": name
        }
    if kind == NoticeKind.WAITS:
        return _(str(facts["what"]))
    if kind == NoticeKind.RUNS_OUT:
        name = tree().name(facts["unit"], language=get_language() or "zh-hans")
        what = str(facts["what"])
        words = {"what": _(what), "unit": name, "day": _day(facts["day"])}
        return _("%(what)s of %(unit)s: the last day is %(day)s.") % words
    if kind in OF_ANNOUNCEMENTS:
        return str(OF_ANNOUNCEMENTS[NoticeKind(kind)] % facts)
    case_type = case_type_of(facts["type"], facts["version"])
    if kind == NoticeKind.CLOCK_MOVED:
        sentence = (
            _(
                "%(clock)s: the last day moved from %(before)s to %(after)s, because the calendar of %(year)s was published."
            )
            if facts["year"]
            else _(
                "%(clock)s: the last day moved from %(before)s to %(after)s, because another term was chosen."
            )
        )
        return sentence % {
            "clock": _(case_type.clock(facts["clock"]).label),
            "before": _day(facts["before"]),
            "after": _day(facts["after"]),
            "year": facts["year"],
        }
    if kind in (NoticeKind.DUE_SOON, NoticeKind.LATE):
        sentence = (
            _("%(clock)s ends on %(day)s.")
            if kind == NoticeKind.DUE_SOON
            else _("%(clock)s ended on %(day)s.")
        )
        return sentence % {"clock": _(case_type.clock(facts["clock"]).label), "day": _day(facts["due"])}
    if kind == NoticeKind.UNHAPPY:
        return _("The person isn't satisfied with the answer; please look into it.")
    step = case_type.variants(facts["verb"])[0]
    return _("New step: %(step)s") % {"step": _(step.done_label)}
