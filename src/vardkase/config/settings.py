"""Settings from the environment, a line each, `X_FILE` for secrets; a wrong one stops the start."""

import os
from pathlib import Path

from django.utils.csp import CSP

from vardkase.config.address import database

PACKAGE = Path(__file__).parent.parent


def secret(name: str, default: str = "") -> str:
    """The value of `name`, or of the file that `name_FILE` points to."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name, default)


DATA = Path(os.environ.get("VARDKASE_DATA", "data")).absolute()
DEBUG = os.environ.get("VARDKASE_DEBUG", "") == "1"
SECRET_KEY = secret("SECRET_KEY", "only-where-nothing-is-kept")
ALLOWED_HOSTS = os.environ.get("VARDKASE_HOSTS", "localhost 127.0.0.1 [::1]").split()
HTTPS = os.environ.get("VARDKASE_HTTPS", "") == "1"
DATABASES = {
    "default": database(secret("DATABASE_URL", "postgresql://vardkase_app@/vardkase?host=/nowhere"))
}
ADDRESS = os.environ.get("VARDKASE_ADDRESS", "http://localhost:8000").rstrip("/")  # in messages
MAIL_HOST = os.environ.get("VARDKASE_MAIL_HOST", "")  # where messages leave by
MAIL_PORT = int(os.environ.get("VARDKASE_MAIL_PORT", "25"))
MAIL_TLS = os.environ.get("VARDKASE_MAIL_TLS", "starttls")  # starttls, tls or none
MAIL_FROM = os.environ.get("VARDKASE_MAIL_FROM", "vardkase@localhost.localdomain")
MAIL_USER = os.environ.get("VARDKASE_MAIL_USER", "")
MAIL_PASSWORD = secret("VARDKASE_MAIL_PASSWORD")
SMS_GATEWAY = secret("VARDKASE_SMS_GATEWAY")  # as Apprise writes it, {to} for the number
PUSH_SERVICES = os.environ.get(  # that carry messages to browsers; our server calls no others
    "VARDKASE_PUSH_SERVICES",
    "fcm.googleapis.com push.services.mozilla.com notify.windows.com push.apple.com",
).split()
LISTEN = os.environ.get("VARDKASE_LISTEN", "").split()  # for syslog and mail
LISTEN_FROM = os.environ.get("VARDKASE_LISTEN_FROM", "").split()  # networks; else private ones
LISTEN_CERTIFICATE = os.environ.get("VARDKASE_LISTEN_CERTIFICATE", "")
LISTEN_KEY = os.environ.get("VARDKASE_LISTEN_KEY", "")
LISTEN_AUTHORITY = os.environ.get("VARDKASE_LISTEN_AUTHORITY", "")  # of the senders' certificates
LISTEN_PROCESSES = int(os.environ.get("VARDKASE_LISTEN_PROCESSES", "2"))
FILES = DATA / "files"  # attachments, by hash

ROOT_URLCONF = "vardkase.config.urls"
WSGI_APPLICATION = "vardkase.config.wsgi.application"
AUTH_USER_MODEL = "organisation.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
FORMAT_MODULE_PATH = "vardkase.config.formats"
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
    "vardkase.lib",
    "vardkase.decisionlog",
    "vardkase.organisation",
    "vardkase.delivery",
    "vardkase.suppliers",
    "vardkase.assets",
    "vardkase.vulnerabilities",
    "vardkase.detections",
    "vardkase.events",
    "vardkase.assessment",
    "vardkase.incidents",
    "vardkase.obligations",
    "vardkase.communication",
    "vardkase.conclusions",
    "vardkase.statistics",
    "vardkase.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "vardkase.web.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "vardkase.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vardkase.web.accounts.middleware.Presence",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vardkase.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["vardkase.web.accounts.hashing.Argon2"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "vardkase.web.accounts.passwords.OwnRules"}]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # a full cache forgets who was locked out
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
PROXIES = int(os.environ.get("VARDKASE_PROXIES", "0"))  # of our own, each adding X-Forwarded-For
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_ENGINE = "vardkase.lib.sessions"
SESSION_COOKIE_AGE = int(os.environ.get("VARDKASE_SESSION_IDLE_MINUTES", "120")) * 60
SESSION_LONGEST = int(os.environ.get("VARDKASE_SESSION_HOURS", "12")) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "vardkase.web.errors.csrf"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

MESSAGE_TAGS = {20: "", 25: "ok", 30: "warn", 40: "danger"}  # as the stylesheet calls them

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_ADAPTER = "vardkase.web.accounts.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
}  # a hospital: one IP
ACCOUNT_FORMS = {
    "login": "vardkase.web.accounts.forms.LoginForm",
    "reauthenticate": "vardkase.web.accounts.forms.ReauthenticateForm",
    "change_password": "vardkase.web.accounts.forms.ChangePasswordForm",
}
MFA_ADAPTER = "vardkase.web.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 12
MFA_TOTP_TOLERANCE = 1  # periods of 30 s that a telephone's clock may be off
MFA_FORMS = {
    "authenticate": "vardkase.web.accounts.forms.CodeForm",
    "reauthenticate": "vardkase.web.accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "vardkase.web.accounts.forms.ActivateAppForm",
    "authenticate_webauthn": "vardkase.web.accounts.forms.PasskeyForm",
    "login_webauthn": "vardkase.web.accounts.forms.PasskeyLoginForm",
    "reauthenticate_webauthn": "vardkase.web.accounts.forms.ReauthenticatePasskeyForm",
    "add_webauthn": "vardkase.web.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "vardkase.web.accounts.forms.RenamePasskeyForm",
}

LOGGING_CONFIG = None
