"""Making and changing sites, their origins and their keys."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, update

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import hash_secret, new_id, new_public_key, new_secret
from widget.sites import queries
from widget.sites.errors import TooManySigningKeys
from widget.sites.models import AllowedOrigin, ApiKey, IdempotencyKey, SigningKey, Site
from widget.sites.rules import normalise_origin

IDEMPOTENCY_KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class NewSite:
    """A new site with the secrets that are shown this once."""

    site: Site
    secret_key: str
    signing_key: SigningKey


def create_site(name: str, origins: list[str]) -> NewSite:
    """Make a site with one secret key and one signing key; raise ValueError for a bad origin."""
    site = Site(id=new_id(), key=new_public_key("st"), name=name, created_at=utc_now())
    db.session.add(site)
    db.session.flush()
    replace_origins(site, origins)
    _, secret_key = create_api_key(site, "First key")
    return NewSite(site, secret_key, create_signing_key(site))


def publish_change(site: Site) -> None:
    """Count the site's version up, so that every process reads its definitions anew.

    The update takes the row's lock, so two changes at once cannot end on one version.
    """
    db.session.flush()
    db.session.execute(update(Site).where(Site.id == site.id).values(version=Site.version + 1))
    db.session.refresh(site)


def change_settings(
    site: Site,
    *,
    name: str,
    requires_consent: bool,
    ask_every_days: int,
    z_index: int,
    quiet_paths: list[str] | None = None,
    measures_page_time: bool | None = None,
) -> None:
    """Change what an owner may set for the whole site; what is None stays as it is."""
    site.name = name
    site.requires_consent = requires_consent
    site.ask_every_days = ask_every_days
    site.z_index = z_index
    if quiet_paths is not None:
        site.quiet_paths = quiet_paths
    if measures_page_time is not None:
        site.measures_page_time = measures_page_time
    publish_change(site)


def replace_origins(site: Site, origins: list[str]) -> None:
    """Set the origins whose pages may carry the site's widgets; raise ValueError for a bad one."""
    normalised = {normalise_origin(origin) for origin in origins}
    db.session.execute(delete(AllowedOrigin).where(AllowedOrigin.site_id == site.id))
    db.session.add_all(AllowedOrigin(site_id=site.id, origin=origin) for origin in sorted(normalised))
    publish_change(site)


def create_api_key(site: Site, name: str) -> tuple[ApiKey, str]:
    """Make a secret key; its text is returned this once and stored only as a hash."""
    secret = new_secret("sk")
    key = ApiKey(
        site_id=site.id,
        id=new_id(),
        name=name,
        hint=secret[-4:],
        key_hash=hash_secret(secret),
        created_at=utc_now(),
    )
    db.session.add(key)
    return key, secret


def revoke_api_key(key: ApiKey) -> None:
    """End a secret key at once."""
    key.revoked_at = utc_now()


def create_signing_key(site: Site) -> SigningKey:
    """Make a signing key in a free slot; raise TooManySigningKeys when two are live."""
    # Two owners at once: the second waits here and sees the first one's key.
    db.session.refresh(site, with_for_update=True)
    taken = {key.slot for key in queries.list_signing_keys(site)}
    free = [slot for slot in (1, 2) if slot not in taken]
    if not free:
        raise TooManySigningKeys()
    key = SigningKey(
        site_id=site.id,
        id=new_public_key("kid"),
        slot=free[0],
        secret=new_secret("sig"),
        created_at=utc_now(),
    )
    db.session.add(key)
    db.session.flush()
    return key


def revoke_signing_key(key: SigningKey) -> None:
    """End a signing key at once; customer tokens it signed are refused from now on."""
    key.revoked_at = utc_now()


def note_page_view(site_key: str) -> None:
    """Remember when a store page last loaded the site's script; the caller asks at most once a minute."""
    db.session.execute(update(Site).where(Site.key == site_key).values(last_seen_at=utc_now()))


def forget_old_idempotency_keys() -> None:
    """Delete the answers kept for repeats that are over a day old."""
    cutoff = utc_now() - IDEMPOTENCY_KEPT_FOR
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < cutoff))
