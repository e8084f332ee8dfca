"""The logo at the head of a site's widgets: read with suspicion, drawn anew, served under its content's name."""

import hashlib
from dataclasses import dataclass
from typing import Any

from PIL import Image
from sqlalchemy import delete, select

from widget.core.db import db
from widget.core.pictures import ACCEPTED, BadPicture, draw_within, encode
from widget.sites.models import Site, SiteLogo
from widget.sites.queries import SITE_KEY_PATTERN

MAX_UPLOAD_BYTES = 1024 * 1024
MAX_WIDTH, MAX_HEIGHT = 400, 120
# A small file may unfold to gigabytes: what is larger than any logo is not unfolded at all.
MAX_PIXELS = 16_000_000
CONTENT_TYPES = {"PNG": "image/png", "WEBP": "image/webp"}


class BadLogo(ValueError):
    """A file that cannot become a logo; the message says why, for the owner."""


@dataclass(frozen=True)
class DrawnLogo:
    """A logo as it is stored."""

    body: bytes
    content_type: str
    width: int
    height: int

    @property
    def content_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def name(self) -> str:
        """The last part of its address: what it holds decides it, so that it can be kept for ever."""
        return f"{self.content_hash[:20]}.{self.content_type.partition('/')[2]}"


def draw_logo(upload: bytes) -> DrawnLogo:
    """Return an uploaded picture drawn anew, at most 400 by 120, without anything but pixels; raise BadLogo."""
    if len(upload) > MAX_UPLOAD_BYTES:
        raise BadLogo("too_large")
    try:
        picture = draw_within(upload, (MAX_WIDTH, MAX_HEIGHT), dict.fromkeys(ACCEPTED, MAX_PIXELS))
    except BadPicture as error:
        raise BadLogo(str(error)) from error
    return min((_encode(picture, file_format) for file_format in CONTENT_TYPES), key=lambda logo: len(logo.body))


def store_logo(site: Site, logo: DrawnLogo) -> None:
    """Make a picture the site's logo in place of the one before; the caller publishes the change."""
    remove_logo(site)
    db.session.add(
        SiteLogo(
            site_id=site.id,
            content_type=logo.content_type,
            body=logo.body,
            content_hash=logo.content_hash,
            width=logo.width,
            height=logo.height,
        )
    )
    site.theme = {**site.theme, "logo": {"name": logo.name, "width": logo.width, "height": logo.height}}


def remove_logo(site: Site) -> None:
    """Take the site's logo away; the caller publishes the change."""
    db.session.execute(delete(SiteLogo).where(SiteLogo.site_id == site.id))
    site.theme = {name: value for name, value in site.theme.items() if name != "logo"}


def find_logo(site_key: str, name: str) -> SiteLogo | None:
    """Return the logo a site has now, if this is its name."""
    if not SITE_KEY_PATTERN.fullmatch(site_key):
        return None
    digest = name.partition(".")[0]
    logo = db.session.scalar(select(SiteLogo).join(Site, Site.id == SiteLogo.site_id).where(Site.key == site_key))
    return logo if logo is not None and digest == logo.content_hash[:20] else None


def _encode(picture: Image.Image, file_format: str) -> DrawnLogo:
    options: dict[str, Any] = {"optimize": True} if file_format == "PNG" else {"quality": 88, "method": 6}
    body = encode(picture.convert("RGBA"), file_format, **options)
    return DrawnLogo(body, CONTENT_TYPES[file_format], picture.width, picture.height)
