"""The look of the widgets: the owner's choices over the default, with colours that pass in every case."""

from collections.abc import Mapping
from typing import Any

from widget.sites.theme_rules import correct_colours

DEFAULT_THEME: dict[str, Any] = {
    "background": "#ffffff",
    "text": "#1c1b22",
    "muted": "#5b5966",
    "accent": "#3d4fc4",
    "accent_text": "#ffffff",
    "border": "#85838f",
    "radius": 14,
    "dark": {
        "background": "#1f1e26",
        "text": "#f3f2f7",
        "muted": "#b9b7c4",
        "accent": "#a9b4ff",
        "accent_text": "#15141a",
        "border": "#8d8b99",
    },
}
CHOSEN_COLOURS = ("background", "text", "accent")
SCHEMES = ("auto", "light", "dark")
POSITIONS = ("right", "left")
# Only what the reader's machine has: nothing is fetched for a letter. A system's own font is the usual one.
FONT_FAMILIES = {
    "serif": "ui-serif, Georgia, serif",
    "rounded": "ui-rounded, Nunito, Quicksand, 'Arial Rounded MT Bold', system-ui, sans-serif",
}
FONTS = ("system", *FONT_FAMILIES)
MAX_RADIUS = 28


def build_theme(values: Mapping[str, Any], site_key: str) -> dict[str, Any]:
    """Return the theme a site's widgets are painted with.

    What is as usual is left out: the system's font, the right corner, the scheme of the reader's device.
    """
    theme = _build_colours(DEFAULT_THEME, values) | {"radius": values.get("radius", DEFAULT_THEME["radius"])}
    for name, choices in (("scheme", SCHEMES), ("position", POSITIONS)):
        if values.get(name, choices[0]) != choices[0]:
            theme[name] = values[name]
    if font := FONT_FAMILIES.get(values.get("font", "")):
        theme["font"] = font
    if values.get("scheme") != "light":
        theme["dark"] = _build_colours(DEFAULT_THEME["dark"], values.get("dark", {}))
    if logo := values.get("logo"):
        theme["logo"] = {**logo, "url": f"/embed/v1/logos/{site_key}/{logo['name']}"}
        del theme["logo"]["name"]
    return theme


def given_colours(values: Mapping[str, Any], scheme: str) -> dict[str, str]:
    """Return the colours of a scheme as the owner gave them, over the default ones."""
    defaults, given = (DEFAULT_THEME, values) if scheme == "light" else (DEFAULT_THEME["dark"], values.get("dark", {}))
    return {part: given.get(part, defaults[part]) for part in CHOSEN_COLOURS}


def _build_colours(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    colours = {part: given.get(part, defaults[part]) for part in CHOSEN_COLOURS}
    if all(colours[part] == defaults[part] for part in CHOSEN_COLOURS):
        return {part: value for part, value in defaults.items() if isinstance(value, str)}
    return dict(correct_colours(**colours))
