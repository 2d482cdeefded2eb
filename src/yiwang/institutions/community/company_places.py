"""Where the pages about companies are found, and what stands on the pages of their matters."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.institutions.community.casetypes import admission_2026
from yiwang.institutions.community.company_policies import OFFICE, is_office
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.dossier import Dossier
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.receipt_faces import Act, ReceiptFace, register_face
from yiwang.kernel.casework.rules.casetype import Stage
from yiwang.kernel.casework.sections import Section, register_section
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.places import Place, register


def _looks_after_companies(request: HttpRequest) -> bool:
    standing: Standing | None = getattr(request, "standing", None)
    return standing is not None and is_office(standing, on=timezone.localdate())


def _is_of_company(request: HttpRequest) -> bool:
    standing: Standing | None = getattr(request, "standing", None)
    units = tree().units
    return standing is not None and any(
        post.role in OFFICE and post.unit_id in units and units[post.unit_id].kind == UnitKind.COMPANY
        for post in standing.posts
    )


def may_see_application(standing: Standing, case: Case) -> bool:
    """Whether somebody is shown what a company handed in: whoever sees the case."""
    return True


def _on_the_receipt(dossier: Dossier, code: str) -> dict[str, Any]:
    """What is missing, while it is."""
    if dossier.progress.state != admission_2026.INCOMPLETE:
        return {"missing": ""}
    asked = (entry.data["missing"] for entry in reversed(dossier.entries) if entry.verb == "ask")
    return {"missing": next(asked, "")}


register(
    Place("companies", _("Companies"), "community:companies", OFFICE, order=18, icon="building-2", shortcut="i", is_for=_looks_after_companies)
)  # fmt: skip
register(
    Place("own_company", _("Our company"), "community:own_company", OFFICE, order=8, icon="building-2", shortcut="y", is_for=_is_of_company)
)  # fmt: skip
register_section(
    Section(
        admission_2026.KEY,
        _("What the company handed in"),
        "community:application_section",
        may_see_application,
    )
)
register_face(
    ReceiptFace(
        admission_2026.KEY,
        stages={
            Stage.WAITING: _("The centre verifies what you handed in"),
            Stage.WORKING: _("Something is missing, or the head is deciding"),
            Stage.ANSWERED: _("Decided"),
        },
        template="community/application_receipt.html",
        context=_on_the_receipt,
        acts=(
            Act(
                "complete",
                _("Hand in what was missing"),
                _("Received. The centre verifies it."),
                is_open=True,
            ),
            Act("withdraw", _("Withdraw the application"), _("The application is withdrawn.")),
        ),
    )
)
