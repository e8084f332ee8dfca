"""What the pages of coupons read and show: the form of a pool, a list that is uploaded, a filter."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Request
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError

from widget.core.formats import current_locale
from widget.core.money import CURRENCIES
from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.core.typed_values import TypedValues
from widget.coupons.code_lists import CodeList, read_code_text
from widget.coupons.models import CouponPool
from widget.coupons.pool_form import field_of, read_pool, read_pool_changes, spell_pool, start_pool
from widget.coupons.queries import CouponFilter
from widget.coupons.rules import MAX_CODE_LENGTH, STATES
from widget.coupons.schemas import PoolChanges, PoolIn
from widget.sites.models import Site

MAX_UPLOAD_BYTES = 2 * 1024 * 1024
USUAL_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "IDR", "JPY")


class UploadRefused(Exception):
    """A list that cannot be read at all; the message says why."""


class PoolForm:
    """A pool as it was typed, and what is wrong by the field's name."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.errors: dict[str, list[str]] = {}

    @classmethod
    def started(cls, site: Site) -> "PoolForm":
        """Return the form of a pool nobody has typed anything into."""
        return cls(start_pool(site.reporting_currency))

    @classmethod
    def of(cls, pool: CouponPool) -> "PoolForm":
        """Return the form of a pool as it is."""
        return cls(spell_pool(pool))

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.given.get(name, "")

    def read_new(self) -> dict[str, Any] | None:
        """Return the checked document of a new pool, None where something is wrong."""
        typed = TypedValues(self.given, self.value("currency") or "EUR")
        return self._check(PoolIn(), {"name": typed.text("name"), **read_pool(typed)}, typed)

    def read_changes(self, pool: CouponPool) -> dict[str, Any] | None:
        """Return the checked changes of a pool, None where something is wrong."""
        typed = TypedValues(self.given, pool.currency or "EUR")
        return self._check(PoolChanges(), read_pool_changes(typed), typed)

    def _check(self, schema: Schema, document: dict[str, Any], typed: TypedValues) -> dict[str, Any] | None:
        loaded: dict[str, Any] | None = None
        self.errors = dict(typed.errors)
        try:
            loaded = schema.load(document)
        except ValidationError as error:
            for each in flatten_messages(error.messages):
                self.errors.setdefault(field_of(each.pointer), [each.detail])
        return None if self.errors else loaded


def read_upload(request: Request) -> CodeList:
    """Return the codes of the file that was sent, or of what was pasted; raise UploadRefused."""
    upload = request.files.get("file")
    body = b""
    if upload is not None and upload.filename:
        with upload.stream:
            body = upload.read(MAX_UPLOAD_BYTES + 1)
    if len(body) > MAX_UPLOAD_BYTES:
        raise UploadRefused(_("The file is larger than 2 MB. Part it in two."))
    try:
        text = body.decode("utf-8-sig") if body else request.form.get("lines", "")
    except UnicodeDecodeError as error:
        raise UploadRefused(_("The file is not text in UTF-8. Save it as CSV first.")) from error
    listed = read_code_text(text)
    if not listed.codes and not listed.refused:
        raise UploadRefused(_("Choose a file or paste at least one code."))
    return listed


def read_filter(given: Mapping[str, str]) -> CouponFilter:
    """Return which codes an address means; raise InvalidFields."""
    pool, state, code = (given.get(name, "").strip() for name in ("pool", "state", "code"))
    if state and state not in STATES:
        raise InvalidFields(errors=[FieldError("#/state", f"Must be one of: {', '.join(STATES)}.")])
    if "\x00" in code or len(code) > MAX_CODE_LENGTH:
        raise InvalidFields(
            errors=[FieldError("#/code", f"Must be at most {MAX_CODE_LENGTH} characters, none of them NUL.")]
        )
    try:
        pool_id = uuid.UUID(pool) if pool else None
    except ValueError as error:
        raise InvalidFields(errors=[FieldError("#/pool", "Must be a UUID.")]) from error
    return CouponFilter(pool_id, state or None, code or None)


def query_of(wanted: CouponFilter) -> dict[str, str]:
    """Return a filter as the query of an address."""
    named = {"pool": wanted.pool_id, "state": wanted.state, "code": wanted.code}
    return {name: str(value) for name, value in named.items() if value}


def list_currencies() -> list[tuple[str, str]]:
    """Return the currencies there are, those most stores have first."""
    names = current_locale().currencies
    codes = [*USUAL_CURRENCIES, *sorted(CURRENCIES - set(USUAL_CURRENCIES))]
    return [(code, f"{code} · {names[code]}") for code in codes if code in names]
