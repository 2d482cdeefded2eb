"""The files: every one read again and hashed anew."""

from dataclasses import asdict

from yiwang.site.checks import Outcome, Progress

name = "files"
help = "read every file again and name those that are missing or altered"


def check(progress: Progress) -> Outcome:
    """Read every file again."""
    from yiwang.kernel.files.queries import inspect

    result = inspect(progress)
    lines = [
        f"{result.blobs:,} files, {result.size:,} bytes; {result.unknown:,} that nothing refers to.",
        *(f"missing: {digest}" for digest in result.missing),
        *(f"altered: {digest}" for digest in result.altered),
    ]
    return Outcome(result.is_sound, asdict(result), lines)
