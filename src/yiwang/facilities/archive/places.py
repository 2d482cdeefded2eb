"""Where the archive is found, and what the auditor's log calls its deeds."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.archive.models import Fonds
from yiwang.facilities.archive.policies import KEEPERS, kept_units
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.labels import name_action, name_purpose
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.ui.places import Place, register

_with_fonds: Remembered[str, frozenset[int]] = Remembered()


def keeps_a_fonds(request: HttpRequest) -> bool:
    """Whether somebody's unit has an archive of its own."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    units = _with_fonds.get("units", lambda: frozenset(Fonds.objects.values_list("unit_id", flat=True)))
    return bool(units & kept_units(standing))


register(
    Place("archive", _("Archives"), "archive:list", KEEPERS, order=70, icon="archive", shortcut="k", is_for=keeps_a_fonds)
)  # fmt: skip
for _key, _label in (
    ("archive.founded", _("Fonds begun")),
    ("archive.schedule_proposed", _("Retention schedule proposed")),
    ("archive.schedule_approved", _("Retention schedule approved")),
    ("archive.numbered", _("Archive numbers given")),
    ("archive.held", _("Hold placed")),
    ("archive.hold_lifted", _("Hold lifted")),
    ("archive.disposal_proposed", _("Disposal proposed")),
    ("archive.disposal_decided", _("Disposal decided")),
    ("archive.package_asked", _("Transfer package asked for")),
    ("archive.handed_over", _("Transfer package handed over")),
    ("file_unit.read", _("Read a file unit")),
    ("archive_package.read", _("Took a transfer package")),
):
    name_action(_key, _label)
name_purpose("archive", _("Keeping the archive"))
