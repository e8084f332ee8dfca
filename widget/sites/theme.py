"""The colours of the widgets; `tests` compute their contrast (WCAG 2.2, 1.4.3 and 1.4.11)."""

from typing import Any

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
