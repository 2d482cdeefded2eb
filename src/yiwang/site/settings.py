"""Django's settings, derived from the installation's environment; nothing secret stands here."""

import os
import secrets
from pathlib import Path

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.postgres import connection_settings

INSTALLATION = installation()
HERE = Path(__file__).resolve().parent
TESTING = "PYTEST_VERSION" in os.environ


def _secret_key() -> str:
    """The installation's key: made once, kept in the data directory, readable by its owner only."""
    if TESTING:
        return "only-for-tests-" + "0" * 40
    if "YIWANG_SECRET_KEY" in os.environ:
        return os.environ["YIWANG_SECRET_KEY"]
    path = INSTALLATION.data / "secret-key"
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"secret-key.{os.getpid()}.new")
    with open(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = (
    ["*"]
    if INSTALLATION.is_demo or TESTING
    else os.environ.get("YIWANG_HOSTS", "127.0.0.1,localhost").split(",")
)

KERNEL = [
    "base",
    "ui",
    "calendar",
    "orgs",
    "people",
    "access",
    "audit",
    "files",
    "search",
    "casework",
    "channels",
    "notices",
    "stats",
]
FACILITIES = ["dispatch", "hotline", "lawbook", "office", "archive"]
INSTITUTIONS = ["petitions", "community"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    *(f"yiwang.kernel.{name}" for name in KERNEL),
    *(f"yiwang.facilities.{name}" for name in FACILITIES),
    *(f"yiwang.institutions.{name}" for name in INSTITUTIONS),
    "yiwang.site",
]

MIDDLEWARE = [
    "yiwang.kernel.base.threads.KeptByThread",
    "yiwang.kernel.base.catalogues.MergedCatalogues",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yiwang.kernel.base.middleware.SafeHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "yiwang.kernel.base.bounds.BoundedRequests",
    "yiwang.kernel.base.middleware.QuietTokens",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "yiwang.kernel.access.middleware.StandingMiddleware",
]

ROOT_URLCONF = "yiwang.site.urls"
FORM_RENDERER = "yiwang.kernel.ui.widgets.QuickWidgets"
WSGI_APPLICATION = "yiwang.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.static",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "yiwang.kernel.ui.context.frame",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **connection_settings(INSTALLATION, as_owner=os.environ.get("YIWANG_DB_ROLE") == "owner"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["yiwang.kernel.people.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "yiwang.kernel.people.hashers.PasswordHasher",
    # Read, and derived anew at the next sign-in: accounts made before Argon2.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "site:home"

SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(
    INSTALLATION.public_url and INSTALLATION.public_url.startswith("https://")
)
CSRF_TRUSTED_ORIGINS = [INSTALLATION.public_url.rstrip("/")] if INSTALLATION.public_url else []
CSRF_FAILURE_VIEW = "yiwang.site.pages.errors.stale_form"
MESSAGE_STORAGE = "yiwang.kernel.ui.messages.QuietCookieStorage"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["yiwang.site.formats"]

STATIC_URL = "static/"
STATIC_ROOT = INSTALLATION.data / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A refused or missing page is an answer, not a fault of ours.
    "loggers": {"django.request": {"level": "ERROR"}},
}
