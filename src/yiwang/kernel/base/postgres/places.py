"""Where the embedded server keeps its files and its socket; nothing here is created or changed."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 100
"""The system allows 107 bytes for a socket's whole path; a few are kept in hand."""

SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """The folders of one embedded server, all derived from the data directory."""

    data: Path

    @property
    def cluster(self) -> Path:
        """The folder PostgreSQL calls its data directory."""
        return self.data / "postgres"

    @property
    def locks(self) -> Path:
        """The folder of the two lock files."""
        return self.data / "locks"

    @property
    def log(self) -> Path:
        """What the server says; inside its own folder, so that it may write there."""
        return self.cluster / "server.log"

    @property
    def binaries(self) -> Path:
        """Where a copy of the programs goes when the server's user can't reach the environment's."""
        return self.data / "postgres-programs"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: in the data directory if that is short and plain, else a short one.

        The choice depends on the path alone, so that every process comes to the same answer.
        """
        own = self.data / "socket"
        plain = all(c.isascii() and (c.isalnum() or c in "/._-") for c in str(own))
        if plain and len(os.fsencode(own / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return own
        key = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path("/tmp") / f"yiwang-{os.geteuid()}-{key}"

    @property
    def socket(self) -> Path:
        """The socket itself."""
        return self.sockets / SOCKET_NAME
