"""The settings: the only reader of the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

MIN_SECRET_BYTES = 32
SMTP_PORTS = {"smtp": 587, "smtps": 465}
BUCKET_SCHEMES = {"s3": "https", "s3+http": "http"}


class SettingsError(Exception):
    """Raised when the environment does not describe a safe application."""


@dataclass(frozen=True)
class MailServer:
    """The server that takes our mails; `is_tls` says that it is spoken to in TLS from the first byte."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        """Read smtp://user:password@host:port or smtps://...; raise SettingsError for anything else."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or parts.scheme not in SMTP_PORTS or parts.path not in ("", "/") or parts.query or parts.fragment:
            # Not the value: it may hold a password.
            raise SettingsError("SMTP_URL looks like smtp://user:password@mail.example:587 or smtps://...")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(host, port or SMTP_PORTS[parts.scheme], user, password, parts.scheme == "smtps")


@dataclass(frozen=True)
class Bucket:
    """The S3-compatible bucket that keeps photos and videos; `folder` is what their names begin with there."""

    endpoint: str
    name: str
    folder: str
    region: str
    key: str
    secret: str

    @classmethod
    def from_url(cls, url: str) -> "Bucket":
        """Read s3://key:secret@host/bucket/folder?region=...; raise SettingsError for anything else."""
        try:
            parts = urlsplit(url)
            host, port, query = parts.hostname, parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query))
        except ValueError:
            host, port, query = None, None, {}
        name, _, folder = parts.path.strip("/").partition("/") if host else ("", "", "")
        key, secret = (unquote(parts.username or ""), unquote(parts.password or "")) if host else ("", "")
        if not (name and key and secret) or parts.scheme not in BUCKET_SCHEMES or query.keys() - {"region"}:
            # Not the value: it holds a secret.
            raise SettingsError("MEDIA_URL looks like s3://KEY:SECRET@s3.example/bucket?region=eu-central-1")
        address = f"[{host}]" if host and ":" in host else host
        endpoint = f"{BUCKET_SCHEMES[parts.scheme]}://{address}" + (f":{port}" if port else "")
        return cls(endpoint, name, folder, query.get("region", ["us-east-1"])[0], key, secret)


@dataclass(frozen=True)
class Settings:
    """Hold everything an operator may set; `docs/settings.md` describes each."""

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str
    environment: str = "development"
    host: str = "127.0.0.1"
    port: int = 8000
    redis_url: str = ""
    trusted_proxies: int = 0
    visitor_limit: int = 300
    prefix_limit: int = 1200
    site_limit: int = 12000
    country_header: str = "CF-IPCountry"
    demo: bool = False
    mail_server: MailServer | None = None
    mail_from: str = "regulars@localhost"
    media_bucket: Bucket | None = None

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings; raise SettingsError where one is missing or unsafe."""
        environment = environ.get("ENVIRONMENT", "development")
        if environment not in ("development", "production"):
            raise SettingsError("ENVIRONMENT is either development or production")
        data_dir = Path(environ.get("DATA_DIR", "./var")).resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        host = environ.get("HOST", "127.0.0.1")
        port = _read_integer(environ, "PORT", 8000)
        base_url = environ.get("BASE_URL", f"http://localhost:{port}").rstrip("/")
        smtp_url, media_url = environ.get("SMTP_URL", ""), environ.get("MEDIA_URL", "")
        return cls(
            data_dir=data_dir,
            database_url=_normalise_database_url(environ.get("DATABASE_URL") or f"sqlite:///{data_dir}/regulars.db"),
            secret_key=_read_secret(environ, environment, data_dir),
            base_url=base_url,
            environment=environment,
            host=host,
            port=port,
            redis_url=environ.get("REDIS_URL", ""),
            trusted_proxies=_read_integer(environ, "TRUSTED_PROXIES", 0),
            visitor_limit=_read_integer(environ, "VISITOR_LIMIT", cls.visitor_limit),
            prefix_limit=_read_integer(environ, "PREFIX_LIMIT", cls.prefix_limit),
            site_limit=_read_integer(environ, "SITE_LIMIT", cls.site_limit),
            country_header=environ.get("COUNTRY_HEADER", cls.country_header),
            demo=environ.get("DEMO", "") == "1",
            mail_server=MailServer.from_url(smtp_url) if smtp_url else None,
            mail_from=_read_sender(environ.get("MAIL_FROM", ""), base_url),
            media_bucket=Bucket.from_url(media_url) if media_url else None,
        )


def _read_integer(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, str(default))
    if not value.isdecimal():
        raise SettingsError(f"{name} must be a whole number, not {value!r}")
    return int(value)


def _read_sender(given: str, base_url: str) -> str:
    """Return the address mails come from: the one given, else one at the host of our own address."""
    host = urlsplit(base_url).hostname or ""
    sender = given.strip() or f"Regulars <regulars@{host if host and ':' not in host else 'localhost'}>"
    name, address = parseaddr(sender)
    try:
        if not sender.isprintable():
            raise ValueError("a line break would begin another header")
        Address(name, addr_spec=address)
    except (MessageError, ValueError, IndexError) as error:
        raise SettingsError("MAIL_FROM is an address such as: Maple Store <feedback@maple.example>") from error
    return sender


def _normalise_database_url(url: str) -> str:
    """Name psycopg 3 as the driver of a plain PostgreSQL address."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _read_secret(environ: Mapping[str, str], environment: str, data_dir: Path) -> str:
    secret = environ.get("SECRET_KEY", "")
    if not secret and environment == "development":
        return _keep_development_secret(data_dir / "secret_key")
    if len(secret.encode()) < MIN_SECRET_BYTES:
        raise SettingsError(
            f"SECRET_KEY must be at least {MIN_SECRET_BYTES} bytes long; "
            "make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return secret


def _keep_development_secret(path: Path) -> str:
    """Return the secret kept in a file that only its owner can read, made at first use."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()
