"""What the demo keeps in DATA_DIR/demo.json, and where everything is."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from widget.config import Settings

OWNER_EMAIL = "alice@maple.example"

# Browsers take these two names of one machine for two origins, so the demo's CORS is real.
TWIN_HOSTS = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}


@dataclass(frozen=True)
class DemoAccount:
    """The demo's site, its owner's log-in and the store's key.

    The made-up answers run from `opened_on` to `seeded_on`.
    """

    email: str = OWNER_EMAIL
    password: str = ""
    site_key: str = ""
    secret_key: str = ""
    nps_survey_id: str = ""
    csat_survey_id: str = ""
    leaving_survey_id: str = ""
    newsletter_id: str = ""
    opened_on: str = ""
    seeded_on: str = ""


def new_account() -> DemoAccount:
    """Return an account with a password that nobody else has."""
    return DemoAccount(password=secrets.token_urlsafe(12))


def find_account(data_dir: Path) -> DemoAccount | None:
    """Return the account the demo command made, or None before it ran."""
    try:
        text = _path(data_dir).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return DemoAccount(**json.loads(text))


def save_account(data_dir: Path, account: DemoAccount) -> None:
    """Keep the account in a file that only its owner can read."""
    descriptor = os.open(_path(data_dir), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(account), file, indent=2)


def find_shop_origin(base_url: str) -> str:
    """Return the origin of the shop's pages: the same process by another name where there is one.

    >>> find_shop_origin("http://localhost:8000"), find_shop_origin("https://feedback.example")
    ('http://127.0.0.1:8000', 'https://feedback.example')
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{TWIN_HOSTS.get(host, host)}{port}"


def describe_login(account: DemoAccount) -> str:
    """Return the owner's e-mail and password as they are shown to the person who started the demo."""
    return f"{account.email} with the password {account.password}"


def describe_addresses(settings: Settings) -> str:
    """Return what to open, for the person who started the demo."""
    account = find_account(settings.data_dir)
    login = f"log in as {describe_login(account)}" if account else "run first: flask --app wsgi demo"
    return "\n".join(
        (
            "",
            "  Regulars is running. Stop it with Ctrl+C.",
            "",
            f"  Demo store   {find_shop_origin(settings.base_url)}/shop/",
            f"  Dashboard    {settings.base_url}/dashboard/",
            f"               {login}",
            f"  API docs     {settings.base_url}/api/docs",
            "",
        )
    )


def _path(data_dir: Path) -> Path:
    return data_dir / "demo.json"
