"""Every night: what a handler missed. In between: packages that somebody asked for."""

from django.utils import timezone

from yiwang.facilities.archive.actions_packages import work_on
from yiwang.facilities.archive.composing import compose_missing
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jobs import periodic, task


@periodic(cron="20 19 * * *")
@task(queueing_lock="archive_missing")
def look_for_missing(timestamp: int) -> None:
    """At twenty past three in China: make file units of what was archived and has none."""
    with acting_as_system():
        compose_missing(at=timezone.now())


@task
def work_on_package(package_id: int) -> None:
    """Make a package, or check one again."""
    with acting_as_system():
        work_on(package_id, at=timezone.now())
