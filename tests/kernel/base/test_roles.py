"""The application role may work with rows and owns nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import ProgrammingError, connection, transaction


@pytest.mark.django_db
def test_tests_and_site_run_as_the_application_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, count(*) FROM pg_tables WHERE tableowner = current_user GROUP BY 1"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("yiwang_app",)


@pytest.mark.django_db
def test_application_role_cannot_change_tables() -> None:
    with connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
            cursor.execute("ALTER TABLE procrastinate_jobs DISABLE TRIGGER ALL")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("CREATE TABLE public.mine (n int)")


def test_owner_may_act_within_the_same_transaction(
    as_owner: Callable[[], AbstractContextManager[None]],
) -> None:
    with connection.cursor() as cursor:
        with as_owner():
            cursor.execute("CREATE TABLE public.mine (n int)")
            cursor.execute("INSERT INTO public.mine VALUES (1)")
        cursor.execute("SELECT current_user, n FROM public.mine")
        assert cursor.fetchall() == [("yiwang_app", 1)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_tables_are_emptied_between_tests_and_keep_what_migrations_brought(round_: int) -> None:
    with connection.cursor() as cursor:
        # A site that still runs beside the tests may put in jobs of its own.
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'nothing'")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args) VALUES ('nothing', 'none', '{}')"
        )
        cursor.execute("SELECT count(*) > 10 FROM django_content_type")
        assert cursor.fetchone() == (True,)
