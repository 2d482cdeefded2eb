"""Settings of one installation, read once from the environment and typed."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Installation:
    """What one installation was told by its environment.

    `data` is the data directory (embedded database, files, keys). `database_url` names a PostgreSQL of
    one's own; without it the embedded server in `data` is used. `owner_url` is the address under which
    migrations run; it defaults to `database_url`. `remember_seconds` is how long a process relies on the
    units, posts and terms that it has read, when another process may have changed them. `jurisdiction_id` is the
    name under which Open311 knows the county, `open311_origins` the sites whose pages may read its answers.
    """

    data: Path
    database_url: str | None
    owner_url: str | None
    is_demo: bool
    host: str
    port: int
    public_url: str | None
    remember_seconds: float = 5.0
    jurisdiction_id: str | None = None
    open311_origins: tuple[str, ...] = ()


def default_data_folder() -> Path:
    """Where data goes when nobody says: under /var/lib for root, else in the user's data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/yiwang")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "yiwang"


@cache
def installation() -> Installation:
    """The settings of this installation; read from the environment at the first call."""
    env = os.environ
    return Installation(
        data=Path(env.get("YIWANG_DATA") or default_data_folder()).absolute(),
        database_url=env.get("DATABASE_URL") or None,
        owner_url=env.get("DATABASE_OWNER_URL") or env.get("DATABASE_URL") or None,
        is_demo=env.get("YIWANG_DEMO", "") not in ("", "0", "no"),
        host=env.get("YIWANG_HOST", "127.0.0.1"),
        port=int(env.get("YIWANG_PORT", "8000")),
        public_url=env.get("YIWANG_PUBLIC_URL") or None,
        remember_seconds=float(env.get("YIWANG_REMEMBER_SECONDS") or 5),
        jurisdiction_id=env.get("YIWANG_JURISDICTION") or None,
        open311_origins=tuple(env.get("YIWANG_OPEN_ORIGINS", "").split()),
    )
