"""What only the whole of a file tells of its rows: the order of day and month, and answers in rows of their own."""

from collections.abc import Iterator
from dataclasses import replace

from widget.core.import_values import DayOrderUnknown, find_day_order
from widget.core.importing import FileRefused, RowFile, RowRefused, SourceRow
from widget.reviews.import_formats import Format, Values
from widget.reviews.import_rows import TIMES, Reading, Reply, RowReader
from widget.reviews.import_values import read_outcome


class DaysAmbiguous(FileRefused):
    """Nobody can tell day and month of a file's dates; the message asks, and `--dates` answers."""


def settle_days(file: RowFile, reading: Reading) -> Reading:
    """Return a reading that knows which of day and month comes first; raise DaysAmbiguous."""
    columns = [column for column, name in reading.form.targets.items() if name in TIMES]
    if reading.day_order is not None or not columns:
        return reading
    try:
        return replace(reading, day_order=find_day_order(_list_texts(file, columns)))
    except DayOrderUnknown as question:
        raise DaysAmbiguous(str(question)) from question


def _list_texts(file: RowFile, columns: list[str]) -> Iterator[str]:
    for row in file:
        for column in columns:
            value = row.values.get(column)
            if isinstance(value, str):
                yield value


def is_answer(values: Values) -> bool:
    """Tell whether a row answers another."""
    return str(values.get("parent", "0")).strip() != "0"


def gather_replies(file: RowFile, reading: Reading) -> dict[str, Reply]:
    """Return the store's answers that stand in rows of their own, by the review they answer.

    An answer is the store's if it was written with an account of the shop and is shown there; the first counts.
    """
    replies: dict[str, Reply] = {}
    if "parent" not in reading.form.targets.values():
        return replies
    reader = RowReader(reading, {})
    for row in file:
        values = {} if row.problem else reader.take(row)
        if is_answer(values) and _is_public_answer_of_shop(values, reading.form):
            reply = _read_reply(reader, row)
            parent = str(values["parent"]).strip()
            if reply and reply.body and _is_earlier(reply, replies.get(parent)):
                replies[parent] = reply
    return replies


def _is_public_answer_of_shop(values: Values, form: Format) -> bool:
    if str(values.get("account", "0")).strip() == "0":
        return False
    try:
        return read_outcome([values.get("state", "")], form.state_words).state == "published"
    except ValueError:
        return False


def _read_reply(reader: RowReader, row: SourceRow) -> Reply | None:
    try:
        return reader.read_reply_row(row)
    except RowRefused:
        return None


def _is_earlier(reply: Reply, other: Reply | None) -> bool:
    if other is None:
        return True
    return reply.replied_at is not None and (other.replied_at is None or reply.replied_at < other.replied_at)
