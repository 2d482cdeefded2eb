"""The places of the office in the words of the work: 公文 in the navigation, from there 收文, 发文, 传阅.

The navigation has room for seven; what the office does beside is a step from its first page and in the palette.
"""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.office.policies import OFFICE_ROLES, SIGNERS, STAFF
from yiwang.facilities.office.queries import number_waiting
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.ui.context import count_in_places
from yiwang.kernel.ui.places import Place, register

COUNTED_TO = 99

register(
    Place(
        "incoming",
        _("Official documents"),
        "office:incoming",
        OFFICE_ROLES,
        order=22,
        icon="file-text",
        shortcut="i",
    )
)
register(
    Place(
        "outgoing", _("Documents sent"), "office:outgoing", OFFICE_ROLES, order=56, icon="send", shortcut="o"
    )
)
register(
    Place("reading", _("Circulation"), "office:reading", OFFICE_ROLES, order=58, icon="users", shortcut="r")
)
register(Place("tasks", _("Tasks"), "office:tasks", OFFICE_ROLES, order=28, icon="check", shortcut="x"))
register(
    Place(
        "reports",
        _("Information reports"),
        "office:reports",
        OFFICE_ROLES,
        order=59,
        icon="upload",
    )
)
register(Place("signing", _("To sign"), "office:signing", SIGNERS, order=60, icon="pencil", shortcut="y"))
register(
    Place("numbers", _("Document numbers"), "office:numbers", STAFF, order=62, icon="folder", shortcut="n")
)
register(Place("astray", _("What went astray"), "office:astray", OFFICE_ROLES, order=64, icon="flag"))
register(Place("away", _("Hand over"), "office:away", OFFICE_ROLES, order=66, icon="forward", shortcut="h"))

_waiting: Remembered[Standing, int] = Remembered()


def place_counts(request: HttpRequest) -> dict[str, str]:
    """How many documents wait to be read or countersigned; they are led to from the office's first page."""
    standing: Standing | None = getattr(request, "standing", None)
    if standing is None or not standing.roles & OFFICE_ROLES:
        return {}
    if request.COOKIES.get("messages"):
        _waiting.forget(lambda key: key == standing)  # something was just done: the number must be right
    number = _waiting.get(standing, lambda: number_waiting(standing, cap=COUNTED_TO))
    if number == 0:
        return {}
    words = f"{COUNTED_TO}+" if number > COUNTED_TO else str(number)
    return {"incoming": words, "reading": words}


count_in_places(place_counts)
