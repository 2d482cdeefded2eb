"""Where a team on its way is, as the resident who waits for it may see it: roughly, and only until it begins.

It is the place of a person at work. So it is shown to nobody but whoever holds the receipt of this order, after the
team has said that it has set out, to the nearest hundred metres, and with the minute of which it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.models import Job
from yiwang.facilities.dispatch.rules.plane import metres
from yiwang.facilities.dispatch.rules.suitability import STALE_AFTER
from yiwang.facilities.dispatch.shown import distance

ROUNDED_TO = 100
WIDTH, HEIGHT, EDGE = 320, 200, 36
SCALES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


@dataclass(frozen=True)
class Way:
    """How far away the team is, at which minute it was there, and a drawing of both places."""

    distance: str
    as_of: str
    drawing: SafeString


def way_of(job: Job | None, *, at: datetime) -> Way | None:
    """The way that is left, while a team is on it and its phone says where it is."""
    if job is None or job.team is None or job.state != JobState.ACCEPTED or job.departed_at is None:
        return None
    said_at = job.team.position_at
    if said_at is None or at - said_at > timedelta(seconds=STALE_AFTER):
        return None
    team = _roughly(job.team.x), _roughly(job.team.y)
    away = distance(max(metres(team, (job.x, job.y)), ROUNDED_TO))
    return Way(away, f"{timezone.localtime(said_at):%H:%M}", _drawing(team, (job.x, job.y), away))


def _roughly(value: float) -> float:
    return round(value / ROUNDED_TO) * float(ROUNDED_TO)


def _drawing(team: tuple[float, float], door: tuple[float, float], away: str) -> SafeString:
    """Both places with the line between them, north above, and a scale."""
    east, north = door[0] - team[0], door[1] - team[1]
    fit = max(abs(east) / (WIDTH - 2 * EDGE), abs(north) / (HEIGHT - 2 * EDGE), 1.0)
    half_x, half_y = east / fit / 2, north / fit / 2
    from_x, from_y = round(WIDTH / 2 - half_x), round(HEIGHT / 2 + half_y)
    to_x, to_y = round(WIDTH / 2 + half_x), round(HEIGHT / 2 - half_y)
    length = max((one for one in SCALES if one / fit <= WIDTH / 3), default=SCALES[0])
    return format_html(
        '<svg viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{label}">'
        '<rect width="{w}" height="{h}" rx="6" fill="var(--ground)"/>'
        '<path d="M{fx} {fy}L{tx} {ty}" stroke="var(--edge)" stroke-width="2" stroke-dasharray="5 5"/>'
        '<circle cx="{fx}" cy="{fy}" r="8" fill="var(--action)"/>'
        '<path d="M{tx} {ty}m0-11 11 11-11 11-11-11z" fill="var(--soon-mark)"/>'
        '<g fill="var(--ink)" font-size="14" text-anchor="middle"><text x="{fx}" y="{fl}">{team}</text>'
        '<text x="{tx}" y="{tl}">{door}</text></g>'
        '<path d="M12 {s}h{length}" stroke="var(--ink)" stroke-width="2"/>'
        '<text x="12" y="{sl}" font-size="12" fill="var(--muted)">{scale}</text></svg>',
        w=WIDTH,
        h=HEIGHT,
        label=_("The team is %(distance)s away.") % {"distance": away},
        fx=from_x,
        fy=from_y,
        fl=from_y - 14 if from_y <= to_y else from_y + 24,
        tx=to_x,
        ty=to_y,
        tl=to_y + 26 if from_y <= to_y else to_y - 16,
        team=_("Team"),
        door=_("You"),
        s=HEIGHT - 10,
        sl=HEIGHT - 16,
        length=round(length / fit),
        scale=distance(length),
    )
