"""The database server: where it is, how it is started and stopped, and whether it can hold Chinese text.

Owns the embedded server's life (`Cluster`), the two database roles and the checks made at every start.
Does not own any table.
Nouns: cluster, role, lease.
"""

from yiwang.kernel.base.postgres.cluster import Cluster, Lease
from yiwang.kernel.base.postgres.connection import (
    APP_ROLE,
    DATABASE,
    OWNER_ROLE,
    connection_settings,
    server_in_use,
)
from yiwang.kernel.base.postgres.soundness import check_server, prepare_roles

__all__ = [
    "APP_ROLE",
    "DATABASE",
    "OWNER_ROLE",
    "Cluster",
    "Lease",
    "check_server",
    "connection_settings",
    "prepare_roles",
    "server_in_use",
]
