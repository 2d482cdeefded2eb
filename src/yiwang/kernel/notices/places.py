"""The bell of the frame, the line at the top, and where announcements are found."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.labels import name_action
from yiwang.kernel.base.addresses import address
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.notices.queries import unnoted, unread_count
from yiwang.kernel.ui.context import provide
from yiwang.kernel.ui.parts import NewsLine
from yiwang.kernel.ui.places import SIGNED_IN, Place, PublicDoor, offer, register

_numbers: Remembered[Standing, int] = Remembered()


def _unread(request: HttpRequest) -> int:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    if not standing.is_signed_in:
        return 0
    if request.path.startswith(_address(request)):
        _numbers.forget(lambda key: key == standing)
    return _numbers.get(standing, lambda: unread_count(standing))


def _address(request: HttpRequest) -> str:
    return address("notices:news")


provide(unread=_unread, notices_url=_address)


# ------------------------------------------------------------------------------------------ announcements

_lines: Remembered[Standing, NewsLine | None] = Remembered()


def _line(request: HttpRequest) -> NewsLine | None:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    if not standing.is_signed_in:
        return None
    if request.COOKIES.get("messages") or request.method == "POST":
        _lines.forget(lambda key: key == standing)  # something was just done: the line must be right
    return _lines.get(standing, lambda: _work_out(standing))


def _work_out(standing: Standing) -> NewsLine | None:
    rows, number = unnoted(standing, at=timezone.now())
    if not rows or rows[0].current is None:
        return None
    first, words = rows[0], rows[0].current
    url = address("notices:announcement", announcement_id=first.pk)
    return NewsLine(
        words=words.title,
        url=url,
        must_be_read=first.must_read_within is not None,
        more=number - 1,
        more_url=address("notices:board"),
        noted_url=url,
        noted_as=str(words.number),
    )


provide(news_line=_line)
register(
    Place("announcements", _("Notice board"), "notices:board", frozenset({SIGNED_IN}), order=60,
          icon="megaphone", shortcut="n")
)  # fmt: skip
offer(
    PublicDoor(
        "announcements",
        _("Public announcements"),
        _("What the county's offices make known, and until when it holds."),
        "notices:public",
        order=30,
        icon="megaphone",
    )
)
for _key, _label in (
    ("announcement.submitted", _("Announcement handed in")),
    ("announcement.sent_back", _("Announcement sent back")),
    ("announcement.approved", _("Announcement approved")),
    ("announcement.withdrawn", _("Announcement withdrawn")),
    ("announcement.archived", _("Announcement archived")),
):
    name_action(_key, _label)
