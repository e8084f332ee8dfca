"""The text of statements: where their parameters are, and several statements made one. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


@dataclass(frozen=True)
class Together:
    """Several statements as one of PostgreSQL's, and where its parameters are: in which of them, under which name."""

    sql: str
    places: tuple[tuple[int, str], ...]


def list_parameters(sql: str) -> tuple[str, ...]:
    """Return the names of a statement's parameters.

    >>> list_parameters("UPDATE t SET a = :a WHERE b = :b AND c = :a::text")
    ('a', 'b')
    """
    return tuple(dict.fromkeys(_PARAMETER.findall(sql)))


def place_parameters(sql: str, sign: str, names: Sequence[str]) -> str:
    """Return a statement that takes its parameters by their places in `names`.

    >>> place_parameters("SELECT :b, :a::text", "$", ("a", "b"))
    'SELECT $2, $1::text'
    """
    return _replace(sql, {name: f"{sign}{place}" for place, name in enumerate(names, start=1)})


@lru_cache(maxsize=256)
def put_together(statements: tuple[str, ...]) -> Together:
    """Return writing statements as one, which fails with a division by zero where one of them writes nothing.

    Those below WITH run as the sum asks for them, in their order. What all of them name, the site say, is sent once.

    >>> together = put_together(("UPDATE t SET a = :a WHERE s = :s", "INSERT INTO u VALUES (:s, :b)"))
    >>> together.sql.partition(" SELECT ")[0]
    'WITH w0 AS (UPDATE t SET a = $1 WHERE s = $2 RETURNING 1), w1 AS (INSERT INTO u VALUES ($2, $3) RETURNING 1)'
    >>> together.places
    ((0, 'a'), (0, 's'), (1, 'b'))
    """
    names = [list_parameters(sql) for sql in statements]
    shared = set(names[0]).intersection(*names)
    places: dict[tuple[int, str], str] = {}
    parts, counts = [], []
    for number, sql in enumerate(statements):
        own = {name: (0 if name in shared else number, name) for name in names[number]}
        signs = {name: places.setdefault(place, f"${len(places) + 1}") for name, place in own.items()}
        parts.append(f"w{number} AS ({_replace(sql, signs)} RETURNING 1)")
        counts.append(f"1 / (SELECT COUNT(*) FROM w{number})")  # noqa: S608 - a number.
    return Together(f"WITH {', '.join(parts)} SELECT {' + '.join(counts)}", tuple(places))


def _replace(sql: str, signs: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda found: signs[found[1]], sql)
