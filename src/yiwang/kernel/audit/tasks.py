"""The sealer, which comes back every few seconds."""

from django.utils import timezone

from yiwang.kernel.audit import actions
from yiwang.kernel.audit.notebook import heads_noted
from yiwang.kernel.base.jobs import periodic, task


@periodic(cron="* * * * * */5")
@task(queue="audit", queueing_lock="audit.seal", lock="audit.seal")
def seal(timestamp: int) -> None:
    """Make new entries of the log leaves of the tree; nothing happens when there are none."""
    actions.seal(at=timezone.now(), notebook=heads_noted())
