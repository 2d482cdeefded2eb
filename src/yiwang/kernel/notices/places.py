"""The bell of the frame."""

from django.http import HttpRequest

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.addresses import address
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.notices.queries import unread_count
from yiwang.kernel.ui.context import provide

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
