"""The archive hears from the kernel that something is over; it knows no institution."""

from yiwang.facilities.archive.composing import compose_announcement, compose_case
from yiwang.facilities.archive.events import PackageAsked
from yiwang.facilities.archive.tasks import work_on_package
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.events import handles
from yiwang.kernel.casework.events import CaseMoved
from yiwang.kernel.notices.events import AnnouncementArchived


@handles(CaseMoved)
def on_case_moved(event: CaseMoved) -> None:
    """A case that was archived becomes a file unit, whatever its procedure."""
    if event.verb == "archive":
        with acting_as_system():
            compose_case(event.case_id, at=event.at)


@handles(AnnouncementArchived)
def on_announcement_archived(event: AnnouncementArchived) -> None:
    """So does an announcement that was put away."""
    with acting_as_system():
        compose_announcement(event.announcement_id, at=event.at)


@handles(PackageAsked)
def on_package_asked(event: PackageAsked) -> None:
    """Making and checking a package may take minutes; no page waits for it."""
    work_on_package.defer(package_id=event.package_id)
