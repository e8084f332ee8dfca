"""How values are written for a driver that the toolkit does not prepare them for."""

import itertools
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

import orjson
import psycopg
from psycopg.adapt import PyFormat

SENT = (uuid.UUID, datetime, date, time, timedelta, Decimal)
# Until it is first asked for a type, psycopg knows it by its name, and forgets the name before it notes the type
# (AdaptersMap.get_dumper). Of two threads that ask at one moment, as in a new process, one is told there is no way.
for _type, _format in itertools.product(SENT, PyFormat):
    psycopg.adapters.get_dumper(_type, _format)


def _spell_time(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _spell_document(document: dict[str, Any]) -> str:
    return orjson.dumps(document).decode()


# A string is bound faster than an id.
FOR_POSTGRESQL: dict[type, Callable[[Any], str]] = {dict: _spell_document, uuid.UUID: attrgetter("hex")}
FOR_SQLITE: dict[type, Callable[[Any], str]] = {
    **FOR_POSTGRESQL,
    datetime: _spell_time,
    date: date.isoformat,
}


def adapt(values: Iterable[Any], adapters: Mapping[type, Callable[[Any], str]]) -> list[Any]:
    """Return values as the driver takes them; most are that already."""
    return [adapters[type(value)](value) if type(value) in adapters else value for value in values]
