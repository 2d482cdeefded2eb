"""Remembering what was read for a few seconds in this process, where another process may have changed it."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import connection

from yiwang.kernel.base.config import installation

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Answers by key, each relied on for the installation's `remember_seconds`, apart for each database."""

    def __init__(self, *, most: int = 5000) -> None:
        self.most = most
        self._kept: dict[tuple[str, K], tuple[float, V]] = {}

    def get(self, key: K, work_out: Callable[[], V], *, worth: Callable[[V], bool] | None = None) -> V:
        """The answer for a key, worked out anew when it is too old; kept only if it is worth it."""
        place = (str(connection.settings_dict["NAME"]), key)
        now = time.monotonic()
        found = self._kept.get(place)
        if found is not None and now < found[0]:
            return found[1]
        answer = work_out()
        if worth is not None and not worth(answer):
            return answer
        if len(self._kept) >= self.most:
            self._kept.clear()
        self._kept[place] = (now + installation().remember_seconds, answer)
        return answer

    def forget(self, chosen: Callable[[K], bool] | None = None) -> None:
        """Work everything out anew, or what stands under the chosen keys."""
        if chosen is None:
            self._kept.clear()
            return
        for place in [place for place in self._kept if chosen(place[1])]:
            del self._kept[place]
