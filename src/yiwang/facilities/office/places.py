"""The places of the office in the words of the work: 公文 in the navigation, from there 收文, 发文, 传阅.

The navigation has room for seven; what the office does beside is a step from its first page and in the palette.
"""

from django.utils.translation import gettext_lazy as _

from yiwang.facilities.office.policies import OFFICE_ROLES, SIGNERS, STAFF
from yiwang.kernel.ui.places import Place, register

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
