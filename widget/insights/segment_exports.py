"""A segment's customers as a file: for people, or for the audiences of ad platforms."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, Select

from widget.core.db import db
from widget.core.exporting import Columns, mark_column, stream_csv
from widget.customers.models import Customer
from widget.customers.segment_models import Segment
from widget.insights.segment_queries import select_of_members

COLUMNS = ("customer", "name", "email", "is_guest")
# The header that Google Ads wants for addresses, hashed or not; Meta asks while the file is uploaded.
HASHED_COLUMNS = ("customer", "Email")
BATCH_ROWS = 2_000


def stream_members(segment: Segment, *, is_hashed: bool = False, bom: bool = False) -> Iterator[bytes]:
    """Yield the customers of a segment as CSV, in one state of the database, read batch by batch.

    Hashed, it holds the store's id and the SHA-256 of the e-mail, and no customer without an e-mail.
    """
    statement = select_of_members(segment, Customer.external_id, Customer.name, Customer.email)
    statement = statement.order_by(Customer.created_at, Customer.id)
    if is_hashed:
        statement = statement.where(Customer.email.is_not(None))
    batches = _read_batches(db.engine, statement)
    if is_hashed:
        return stream_csv(HASHED_COLUMNS, map(_list_hashed, batches), bom=bom)
    return stream_csv(COLUMNS, map(_list_plain, batches), bom=bom)


def hash_email(email: str) -> str:
    """Return an address as ad platforms compare it: trimmed, in small letters, SHA-256 in hexadecimal.

    Sources: Google Ads Help, "About the customer matching process" and "Format your customer data file"; Meta for
    Developers, "Customer File Custom Audiences", hashing and normalization.

    >>> hash_email(" Carol@Shoppers.Example ")[:16]
    '85ed14279a26f43d'
    """
    return sha256(email.strip().lower().encode()).hexdigest()


def _read_batches(engine: Engine, statement: Select[Any]) -> Iterator[Columns]:
    with (
        engine.connect().execution_options(stream_results=True, yield_per=BATCH_ROWS) as connection,
        connection.execute(statement) as result,
    ):
        for rows in result.partitions(BATCH_ROWS):
            yield list(zip(*rows, strict=True))


def _list_plain(columns: Columns) -> Columns:
    external_ids, names, emails = columns
    is_guest = ["0" if external_id else "1" for external_id in external_ids]
    return [mark_column(external_ids), mark_column(names), mark_column(emails), is_guest]


def _list_hashed(columns: Columns) -> Columns:
    external_ids, _, emails = columns
    return [mark_column(external_ids), [hash_email(email) for email in emails]]
