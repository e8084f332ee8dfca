"""Site, Owner, membership, sessions, keys and allowed origins."""

import uuid
from datetime import datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from widget.core.db import JSONDocument, Model


class Site(Model):
    """One store. `version` grows with every change a store page could notice.

    `quiet_paths` are beginnings of paths on which nothing opens by itself; `theme` holds the owner's values
    over the default theme. `reporting_currency` is that of the first order until an owner sets it.
    """

    __tablename__ = "sites"
    __table_args__ = (
        CheckConstraint("ask_every_days BETWEEN 0 AND 365", name="ask_every_days"),
        CheckConstraint("z_index BETWEEN 0 AND 2147483647", name="z_index"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    requires_consent: Mapped[bool] = mapped_column(default=False)
    ask_every_days: Mapped[int] = mapped_column(default=14)
    z_index: Mapped[int] = mapped_column(default=1000)
    quiet_paths: Mapped[list[Any]] = mapped_column(JSONDocument, default=lambda: ["/checkout"])
    theme: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    reporting_currency: Mapped[str | None] = mapped_column(String(3))
    measures_page_time: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]


class SiteLogo(Model):
    """The picture at the head of a site's widgets, encoded anew by us."""

    __tablename__ = "site_logos"

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    content_type: Mapped[str] = mapped_column(String(50))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    content_hash: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]


class AllowedOrigin(Model):
    """One origin, such as https://shop.example, whose pages may carry the site's widgets."""

    __tablename__ = "allowed_origins"

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), primary_key=True)


class Owner(Model):
    """A person who logs in to the dashboard; `totp_secret` counts once `totp_confirmed_at` is set.

    `totp_last_step` is the last time step whose code was taken: none is taken twice (RFC 6238, 5.2).
    """

    __tablename__ = "owners"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(10))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    created_at: Mapped[datetime]


class RecoveryCode(Model):
    """A code, stored as a hash, that stands in once for an owner's authenticator."""

    __tablename__ = "recovery_codes"

    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None]


class Membership(Model):
    """What an owner may do at a site: viewers read, editors change, owners also hold keys and members."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role IN ('viewer', 'editor', 'owner')", name="role"),
        Index(None, "owner_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    gets_digest: Mapped[bool] = mapped_column(default=True)

    site: Mapped[Site] = relationship()
    owner: Mapped[Owner] = relationship()


class MemberInvitation(Model):
    """An invitation into a site, sent by mail; whoever holds the link accepts it once."""

    __tablename__ = "member_invitations"
    __table_args__ = (
        CheckConstraint("role IN ('viewer', 'editor', 'owner')", name="role"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    role: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditEntry(Model):
    """One thing an owner did at a site; rows are only ever added."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "site_id", "happened_at", "id"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime]
    owner_email: Mapped[str] = mapped_column(String(320))
    action: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str] = mapped_column(String(300))
    details: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)


class OwnerSession(Model, UserMixin):
    """One log-in of an owner in one browser; the cookie holds the secret whose hash is here."""

    __tablename__ = "owner_sessions"
    __table_args__ = (Index(None, "owner_id"),)

    # The secret itself, known only while a request that presented it is answered; not a column.
    token = ""

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    owner: Mapped[Owner] = relationship()

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie."""
        return self.token


class LoginAttempt(Model):
    """A failed log-in, counted by account and by address; both are stored only as keyed hashes."""

    __tablename__ = "login_attempts"
    __table_args__ = (
        Index(None, "account_hash", "attempted_at"),
        Index(None, "address_hash", "attempted_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    attempted_at: Mapped[datetime]


class ApiKey(Model):
    """A secret key of the store's server, stored as a hash and shown once."""

    __tablename__ = "api_keys"

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    hint: Mapped[str] = mapped_column(String(12))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    site: Mapped[Site] = relationship()


class SigningKey(Model):
    """A key with which the store signs customer tokens. Two slots: at most two keys live at once."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint("slot IN (1, 2)", name="slot"),
        Index(
            "uq_signing_keys_live_slot",
            "site_id",
            "slot",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    slot: Mapped[int]
    secret: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Model):
    """The answer given to one POST at the store door, so that its repeat gets the same."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "created_at"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
