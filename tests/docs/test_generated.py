"""The generated pages of the documentation say what the code says."""

import pytest
from django.apps import apps

from scripts.docs import REFERENCE, generated
from scripts.reference import events

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", sorted(generated()))
def test_a_generated_page_is_as_the_code_would_write_it(name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == generated()[name](), f"docs/reference/{name} is out of date: run `make docs`"


def test_every_event_is_published_by_somebody() -> None:
    told = events.publishers()
    assert [kind.__name__ for kind in events.known() if kind.__name__ not in told] == []


def test_every_table_has_a_sentence() -> None:
    models = [m for c in apps.get_app_configs() if c.name.startswith("yiwang.") for m in c.get_models()]
    silent = [m.__name__ for m in models if (m.__doc__ or "").startswith(f"{m.__name__}(")]
    assert silent == []
