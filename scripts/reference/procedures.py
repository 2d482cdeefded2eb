"""One page for each declared procedure; `casework.procedure_page` writes it."""

from collections.abc import Callable
from functools import partial

from yiwang.kernel.casework.procedure_page import procedure_page
from yiwang.kernel.casework.registry import declared
from yiwang.site.settings import FACILITIES, INSTITUTIONS

COUNTED_APART = ("information",)
"""What a facility carries out but the statistics count as an institution's."""


def procedures() -> dict[str, Callable[[], str]]:
    """File name → what writes its text."""
    return {
        f"{case_type.key}-procedure.md": partial(procedure_page, case_type)
        for case_type in declared()
        if case_type.institution in (*INSTITUTIONS, *FACILITIES, *COUNTED_APART)
    }
