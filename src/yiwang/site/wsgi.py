"""The pages, as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from yiwang.kernel.base import live

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")

application = get_wsgi_application()
live.gather()
