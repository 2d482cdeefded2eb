"""Where the auditor finds the log."""

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ui.places import Place, register

register(
    Place(
        key="audit",
        label=_("Audit log"),
        url_name="audit:log",
        roles=frozenset({"auditor"}),
        order=80,
        icon="scroll-text",
        shortcut="l",
    )
)
