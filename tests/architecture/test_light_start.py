"""What a process of pages holds in memory at rest doesn't include what few requests ever need."""

import subprocess
import sys

HEAVY = ("pypdf", "cryptography", "xlsxwriter", "babel", "holidays", "aiosipua", "OpenSSL")
ASKING = f"""
import sys
from yiwang.site import database
database.set_up()
from django.urls import get_resolver
import yiwang.site.wsgi, yiwang.site.worker
get_resolver().url_patterns[0].resolve("counter/")
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_pages_are_served_without_the_heavy_packages():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASKING], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
