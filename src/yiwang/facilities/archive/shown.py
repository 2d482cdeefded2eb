"""How the archive looks on its pages: numbers, stages, sources, the words of checks."""

from collections.abc import Mapping

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from yiwang.facilities.archive.models import FileUnit, Package
from yiwang.facilities.archive.package.form import place_of
from yiwang.facilities.archive.rules import Stage, stage_of
from yiwang.kernel.casework.registry import declared
from yiwang.kernel.ui import states

STAGE_WORDS = {
    Stage.COMPOSED: pgettext_lazy("archive", "To be classified"),
    Stage.CLASSIFIED: pgettext_lazy("archive", "To be numbered"),
    Stage.NUMBERED: pgettext_lazy("archive", "In the catalogue"),
    Stage.DISPOSED: pgettext_lazy("archive", "Disposed of"),
}
LOOKS = {Stage.COMPOSED: "soon", Stage.CLASSIFIED: "waiting", Stage.NUMBERED: "done", Stage.DISPOSED: "none"}
PROPERTY_WORDS = {
    "authenticity": gettext_lazy("Authenticity"),
    "integrity": gettext_lazy("Integrity"),
    "usability": gettext_lazy("Usability"),
    "safety": pgettext_lazy("archive", "Safety"),
}
ROLE_WORDS = {
    "letter": pgettext_lazy("archive", "Letter"),
    "receipt_slip": pgettext_lazy("archive", "Handling slip"),
    "original": pgettext_lazy("archive", "Original"),
    "rendition": pgettext_lazy("archive", "The same in another format"),
    "original_signature": pgettext_lazy("archive", "Signature of the original"),
    "attachment": pgettext_lazy("archive", "Attachment"),
    "final": pgettext_lazy("archive", "Text that was signed"),
    "earlier": pgettext_lazy("archive", "Earlier text"),
    "text_signature": pgettext_lazy("archive", "Signature of a text"),
    "issue_slip": pgettext_lazy("archive", "Drafting slip"),
    "certificate": pgettext_lazy("archive", "Certificate of the signatures"),
}
FAULT_WORDS = {
    "journal": gettext_lazy("The journal isn't what it was when it was archived."),
    "facts": gettext_lazy("Title, author or metadata are missing."),
    "not_kept": gettext_lazy("A file was missing when it was composed."),
    "number": gettext_lazy("This number is missing."),
    "missing": gettext_lazy("The file is missing in the store."),
    "altered": gettext_lazy("The file isn't what it was."),
    "program": gettext_lazy("A file is a program."),
    "classified": gettext_lazy("The title carries a mark of classification."),
}


def number_of(found: FileUnit) -> str:
    """The archive number; a dash while there is none."""
    return place_of(found).archive_number if found.item_number is not None else "–"


def stage_shown(found: FileUnit) -> SafeString:
    """How far it is, as shape, word and colour."""
    stage = stage_of(
        is_classified=found.classified_at is not None,
        item=found.item_number,
        is_disposed=found.disposed_at is not None,
    )
    return states.state(LOOKS[stage], words=STAGE_WORDS[stage])


def sources() -> dict[str, str]:
    """What file units are made of: every procedure that ends in the archive, and announcements."""
    found = {f"case:{one.key}": _(one.label) for one in declared() if "archive" in one.verbs}
    return {**found, "announcement": _("Notice board")}


def check_shown(found: Package) -> SafeString:
    """What the last check of a package said, as shape, word and colour."""
    if found.failed_at is not None:
        return states.state("late", words=_("couldn't be made"))
    if found.made_at is None:
        return states.state("waiting", words=_("being made"))
    if found.checked_at is None:
        return states.state("waiting", words=_("being checked"))
    if found.findings:
        words = ngettext("%(n)s fault", "%(n)s faults", len(found.findings)) % {"n": len(found.findings)}
        return states.state("late", words=words)
    if found.lacking:
        words = ngettext("sound, %(n)s file lacking", "sound, %(n)s files lacking", len(found.lacking))
        return states.state("soon", words=words % {"n": len(found.lacking)})
    return states.state("done", words=_("sound"))


def handed_shown(found: Package) -> SafeString:
    """Whether the county archives took it over."""
    if found.handed_over_at is None:
        return states.state("none", words=_("not handed over"))
    return states.state("done", words=pgettext("archive", "handed over"))


def said(finding: Mapping[str, str]) -> str:
    """The sentence of a finding in the reader's language."""
    is_chinese = (get_language() or "").startswith("zh")
    return (finding["chinese"] if is_chinese else "") or finding["sentence"]
