"""How announcements look on every page: the status in words, the files."""

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from yiwang.kernel.notices.models import Announcement, AnnouncementVersion
from yiwang.kernel.notices.rules import Status
from yiwang.kernel.ui import states
from yiwang.kernel.ui.parts import File

STATUS_WORDS = {
    Status.DRAFT: pgettext_lazy("announcement", "Draft"),
    Status.WAITING: pgettext_lazy("announcement", "Waits for approval"),
    Status.RETURNED: pgettext_lazy("announcement", "Sent back"),
    Status.PLANNED: pgettext_lazy("announcement", "Planned"),
    Status.PUBLISHED: pgettext_lazy("announcement", "In force"),
    Status.EXPIRED: pgettext_lazy("announcement", "Has run out"),
    Status.WITHDRAWN: pgettext_lazy("announcement", "Withdrawn"),
    Status.ARCHIVED: pgettext_lazy("announcement", "Put away"),
}
LOOKS = {
    Status.DRAFT: "none",
    Status.WAITING: "waiting",
    Status.RETURNED: "soon",
    Status.PLANNED: "info",
    Status.PUBLISHED: "done",
    Status.EXPIRED: "none",
    Status.WITHDRAWN: "none",
    Status.ARCHIVED: "none",
}


def status_shown(status: Status) -> SafeString:
    """A status as shape, word and colour."""
    return states.state(LOOKS[status], words=STATUS_WORDS[status])


def files_shown(found: Announcement, version: AnnouncementVersion, *, name: str) -> list[File]:
    """The files of a version with their addresses; `name` is the page that serves them."""
    return [
        File(file.name, file.size, reverse(name, args=[found.pk, file.pk])) for file in version.files.all()
    ]
