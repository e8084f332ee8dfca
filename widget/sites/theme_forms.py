"""The form of the widgets' look: flat fields of a page, turned into the theme a site keeps."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from widget.sites.theme import (
    CHOSEN_COLOURS,
    DEFAULT_THEME,
    FONTS,
    MAX_RADIUS,
    POSITIONS,
    SCHEMES,
    given_colours,
)
from widget.sites.theme_rules import normalise_colour

COLOUR_FIELDS = [
    ("accent", _l("Accent"), _l("Buttons and what is chosen")),
    ("background", _l("Background"), _l("The sheet itself")),
    ("text", _l("Text"), _l("Questions and answers")),
]
FONT_CHOICES = [
    ("system", _l("Plain, as the reader's device writes")),
    ("serif", _l("With serifs, like a book")),
    ("rounded", _l("Rounded, where the device has such a font")),
]
POSITION_CHOICES = [("right", _l("Bottom right")), ("left", _l("Bottom left"))]
SCHEME_CHOICES = [
    ("auto", _l("Light or dark, as the shopper's device is set")),
    ("light", _l("Always light")),
    ("dark", _l("Always dark")),
]


class ThemeForm:
    """The values of the page's fields by name, and what is wrong with them."""

    colour_fields, fonts = COLOUR_FIELDS, FONT_CHOICES
    positions, schemes = POSITION_CHOICES, SCHEME_CHOICES
    max_radius = MAX_RADIUS

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = dict(values)
        self.errors: dict[str, list[str]] = {}
        self.theme: dict[str, Any] = {}

    @classmethod
    def of(cls, theme: Mapping[str, Any]) -> "ThemeForm":
        """Return the form of a site's look as it is."""
        values = {
            "radius": str(theme.get("radius", DEFAULT_THEME["radius"])),
            "font": theme.get("font", FONTS[0]),
            "position": theme.get("position", POSITIONS[0]),
            "scheme": theme.get("scheme", SCHEMES[0]),
        }
        for scheme in ("light", "dark"):
            values |= {f"{scheme}.{part}": colour for part, colour in given_colours(theme, scheme).items()}
        return cls(values)

    @classmethod
    def submitted(cls, form: MultiDict[str, str]) -> "ThemeForm":
        """Return the form as the browser sent it."""
        return cls({name: form[name].strip() for name in form})

    def validate(self) -> bool:
        """Check the fields; fill `theme` with what differs from the default, or `errors` by field."""
        colours = {scheme: self._read_colours(scheme) for scheme in ("light", "dark")}
        self.theme = {**colours["light"], **({"dark": colours["dark"]} if colours["dark"] else {})}
        self._read_radius()
        for name, choices in (("font", FONTS), ("position", POSITIONS), ("scheme", SCHEMES)):
            value = self.values.get(name, choices[0])
            if value not in choices:
                self.errors[name] = [_("Choose one of the list.")]
            elif value != choices[0]:
                self.theme[name] = value
        return not self.errors

    def _read_colours(self, scheme: str) -> dict[str, str]:
        defaults = given_colours({}, scheme)
        colours = {}
        for part in CHOSEN_COLOURS:
            try:
                colour = normalise_colour(self.values.get(f"{scheme}.{part}") or defaults[part])
            except ValueError:
                self.errors[f"{scheme}.{part}"] = [_("A colour looks like #3d4fc4.")]
                continue
            self.values[f"{scheme}.{part}"] = colour
            if colour != defaults[part]:
                colours[part] = colour
        return colours

    def _read_radius(self) -> None:
        text = self.values.get("radius", "")
        if not (text.isascii() and text.isdecimal() and len(text) < 3 and int(text) <= MAX_RADIUS):
            self.errors["radius"] = [_("Must be a whole number from 0 to %(most)s.", most=MAX_RADIUS)]
        elif int(text) != DEFAULT_THEME["radius"]:
            self.theme["radius"] = int(text)
