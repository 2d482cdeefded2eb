"""The audit log: every entry, leaf, node and head recomputed."""

from dataclasses import asdict

from yiwang.site.checks import Outcome, Progress

name = "audit"
help = "recompute the audit log and name what was altered, removed or cut off"


def check(progress: Progress) -> Outcome:
    """Recompute the log and run the checks that other modules added to it."""
    from yiwang.kernel.audit.notebook import heads_noted
    from yiwang.kernel.audit.verification import verify

    result = verify(progress, notebook=heads_noted())
    sealed = f", last sealed {result.sealed_at:%Y-%m-%d %H:%M:%S %Z}" if result.sealed_at else ""
    lines = [
        f"{result.entries:,} entries in {result.heads:,} sealings{sealed}; {result.unsealed:,} not sealed yet.",
        f"Root at size {result.size}: {result.root}" if result.size else "Nothing has been sealed yet.",
        *(f"{check}: {number:,} found" for check, number in result.checks.items()),
        *(finding.sentence for finding in result.findings),
    ]
    if result.found > len(result.findings):
        lines.append(f"… and {result.found - len(result.findings):,} more.")
    return Outcome(result.is_sound, asdict(result), lines)
