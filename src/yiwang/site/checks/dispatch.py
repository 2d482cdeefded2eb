"""`yiwang verify dispatch`: every kept decision worked out again, and every team's load counted again."""

from yiwang.site.checks import Outcome, Progress

name = "dispatch"
help = "work every decision of dispatch out again from what it kept, and count the teams' loads"


def check(progress: Progress) -> Outcome:
    """Weigh the candidates of each decision by its own facts; compare parts, reasons and choice."""
    from yiwang.facilities.dispatch.replay import verify

    found = verify(told=progress)
    lines = [
        f"{found.decisions} decisions worked out again, {len(found.differing)} differ",
        f"{found.teams} teams with work counted, {len(found.wrong_loads)} loads differ",
        *(f"decision {number}" for number in found.differing[:20]),
        *(f"load of team {number}" for number in found.wrong_loads[:20]),
    ]
    figures = {
        "decisions": found.decisions,
        "differing": len(found.differing),
        "wrong_loads": len(found.wrong_loads),
    }
    return Outcome(not found.differing and not found.wrong_loads, figures, lines)
