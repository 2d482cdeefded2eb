"""The search index: a random sample is looked for by a piece of its own text."""

from yiwang.site.checks import Outcome, Progress

name = "search"
help = "look for a random sample of texts and name those that the index doesn't return"

SAMPLE = 500


def check(progress: Progress) -> Outcome:
    """Look for a random sample of what is indexed."""
    from yiwang.kernel.search.queries import unfindable

    progress(0, SAMPLE)
    lost = unfindable(sample=SAMPLE)
    progress(SAMPLE, SAMPLE)
    lines = [
        f"A sample of up to {SAMPLE} texts; {len(lost)} not found.",
        *(f"not found: {kind} {object_id}" for kind, object_id in lost),
    ]
    if lost:
        lines.append("Build the index anew: REINDEX INDEX search_document_tokens.")
    return Outcome(not lost, {"sample": SAMPLE, "lost": [list(each) for each in lost]}, lines)
