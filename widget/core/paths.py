"""How addresses name things by the store's own ids, which may hold slashes and whatever else."""

from urllib.parse import quote

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from widget.core.parsing import MAX_ID_LENGTH, is_line


class StoreIdConverter(BaseConverter):
    """A store's own id, percent-encoded; a slash in it may also stand as it is."""

    regex = ".+?"
    part_isolating = False
    weight = 200

    def to_python(self, value: str) -> str:
        """Return the id; what no id can be is not found."""
        if not is_line(value, MAX_ID_LENGTH):
            raise ValidationError
        return value

    def to_url(self, value: str) -> str:
        """Return the id as one part of an address."""
        return quote(value, safe="")


def init_paths(app: Flask) -> None:
    """Let routes say <store_id:...>."""
    app.url_map.converters["store_id"] = StoreIdConverter
