"""Why a file isn't taken, in sentences that can stand beside the field."""

from django.utils.translation import gettext_lazy as _


class FileRefused(Exception):
    """A file that can't be taken; `sentence` says why and what to do."""

    sentence: object = ""

    def __str__(self) -> str:
        return str(self.sentence)


class FileEmpty(FileRefused):
    """The file has no content."""

    sentence = _("This file is empty. Please choose another one.")


class FileTooLarge(FileRefused):
    """The file is larger than the limit."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.sentence = _("This file is too large. At most %(limit)d MB can be taken.") % {
            "limit": max(1, limit_bytes // 1_000_000)
        }


class KindNotAllowed(FileRefused):
    """The file is of a kind that isn't taken here, whatever it is called."""

    def __init__(self, endings: list[str]) -> None:
        super().__init__(endings)
        self.sentence = _("Files of this kind can't be taken. You can send: %(endings)s.") % {
            "endings": ", ".join(endings)
        }


class NoRoom(FileRefused):
    """The disk is full; nothing was kept."""

    sentence = _("There is no room for files at the moment. Please try again later or tell the office.")
