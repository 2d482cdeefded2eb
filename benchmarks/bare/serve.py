"""Serve the bare views exactly as `yiwang run` serves its pages: same server, same processes and threads."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare.settings"

from yiwang.kernel.base.config import installation
from yiwang.site import database, server


def main() -> None:
    """Serve until SIGTERM, with the database already running."""
    with database.ready():
        server._load_everything()
        server.serve_pages(server.Shape.of(installation()))


if __name__ == "__main__":
    main()
