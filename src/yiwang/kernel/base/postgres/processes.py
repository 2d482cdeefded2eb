"""Which living processes belong to a server folder; a pid file alone is never believed."""

import os
import time
from collections.abc import Callable
from pathlib import Path

_PROC = Path("/proc")


def postmaster(cluster: Path) -> int | None:
    """The process number of the server of this folder, or nothing if it doesn't live.

    The number in `postmaster.pid` counts only if that process stands in the folder, as PostgreSQL's do.
    """
    try:
        first = (cluster / "postmaster.pid").read_text().split("\n", 1)[0].strip()
        number = int(first)
    except (OSError, ValueError):
        return None
    return number if number > 0 and _stands_in(number, cluster) else None


def standing_in(cluster: Path) -> list[int]:
    """Every living process of the server of this folder."""
    if not _PROC.joinpath("self").exists():
        number = postmaster(cluster)
        return [number] if number else []
    found = [int(name) for name in os.listdir(_PROC) if name.isdecimal()]
    return [number for number in found if _stands_in(number, cluster) and _is_postgres(number)]


def wait_until_gone(cluster: Path, *, is_ready: Callable[[], bool], patience: float = 600) -> None:
    """Wait while a server is still coming up or still going down.

    Returns as soon as it answers or no process of it is left; a server that lost its head (its first
    process was killed) ends within moments by itself, one that replays its log may take minutes.
    """
    deadline = time.monotonic() + patience
    while standing_in(cluster) and time.monotonic() < deadline:
        if is_ready():
            return
        time.sleep(0.1)


def _stands_in(number: int, cluster: Path) -> bool:
    if not _PROC.joinpath("self").exists():
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    try:
        if _is_dead(number):
            return False
        return os.path.samefile(f"/proc/{number}/cwd", cluster)
    except OSError:
        return False


def _is_dead(number: int) -> bool:
    """Whether the process has ended and only waits to be collected."""
    state = Path(f"/proc/{number}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return state[0] in ("Z", "X")


def _is_postgres(number: int) -> bool:
    try:
        return os.path.basename(os.readlink(f"/proc/{number}/exe")).split(" ")[0] == "postgres"
    except OSError:
        return True
