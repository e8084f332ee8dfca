"""The form of a new contest: what an owner has typed, and the contest it makes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from widget.core.parsing import is_line
from widget.core.problems import FieldError
from widget.core.typed_values import TypedValues

USUAL_DAYS = timedelta(days=14)
LENGTHS = {"name": 100, "hashtag": 50, "prize": 200}


class ContestForm:
    """Fields by name, and what is wrong by the field's name. Days and hours are of UTC."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = dict(given)
        self.errors: dict[str, list[str]] = {}

    @classmethod
    def started(cls, now: datetime) -> "ContestForm":
        """Return the form of a contest that begins now."""
        start = now.astimezone(UTC).replace(second=0, microsecond=0, tzinfo=None)
        days = {"starts_at": start, "ends_at": start + USUAL_DAYS}
        return cls({name: moment.isoformat(timespec="minutes") for name, moment in days.items()})

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.given.get(name, "")

    def read(self) -> dict[str, Any] | None:
        """Return the contest, None where something is wrong, which the form then says."""
        typed = TypedValues(self.given)
        said: dict[str, Any] = {name: typed.text(name) for name in LENGTHS}
        said["hashtag"] = said["hashtag"].removeprefix("#")
        said |= {name: typed.moment(name, must_be=True) for name in ("starts_at", "ends_at")}
        self.errors = typed.errors
        for name, longest in LENGTHS.items():
            if not said[name] or not is_line(said[name], longest):
                self.errors[name] = [str(_("Type 1 to %(number)s characters.", number=longest))]
        if "hashtag" not in self.errors and not said["hashtag"].replace("_", "").isalnum():
            self.errors["hashtag"] = [str(_("Letters, digits and underscores only."))]
        return None if self.errors else said

    def add_errors(self, errors: list[FieldError]) -> None:
        """Put what is refused to the fields it belongs to."""
        for error in errors:
            self.errors.setdefault(error.pointer.removeprefix("#/"), []).append(error.detail)
