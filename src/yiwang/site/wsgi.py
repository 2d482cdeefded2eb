"""The pages, as a WSGI application."""

import os

import django

from yiwang.kernel.base import live
from yiwang.kernel.base.requests import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")

django.setup(set_prefix=False)
application = Handler()
live.gather()
