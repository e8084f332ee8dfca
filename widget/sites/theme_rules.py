"""Contrast as WCAG 2.2 measures it, and the nearest colours that pass (1.4.3 for text, 1.4.11 for controls)."""

import re
from collections.abc import Iterator, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import lru_cache

TEXT_CONTRAST = 4.5
CONTROL_CONTRAST = 3.0
# A ground on which neither black nor white reads this well leaves no room for the lighter words beside the text.
GROUND_CONTRAST = 7.0
# The palest wash of the accent that text and signs lie on in the widgets.
WASH = 0.14
LETTERS = ("#ffffff", "#15141a", "#000000")
STEPS = 255
COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Pair:
    """One colour on another as measured; `needed` is the least contrast that passes."""

    part: str
    colour: str
    ground: str
    ratio: float
    needed: float

    @property
    def passes(self) -> bool:
        return self.ratio >= self.needed


@dataclass(frozen=True)
class Correction:
    """A colour that could not stay as it was given, and the nearest that passes."""

    part: str
    given: str
    used: str


def normalise_colour(text: str) -> str:
    """Return a colour as six lower-case hexadecimal digits; raise ValueError for what is none.

    >>> normalise_colour(" #FC0 "), normalise_colour("3D4FC4")
    ('#ffcc00', '#3d4fc4')
    >>> normalise_colour("red")
    Traceback (most recent call last):
    ValueError: a colour looks like #3d4fc4
    """
    digits = text.strip().lower().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    colour = f"#{digits}"
    if not COLOUR.fullmatch(colour):
        raise ValueError("a colour looks like #3d4fc4")
    return colour


def relative_luminance(colour: str) -> float:
    """Return how light a colour is, from 0 for black to 1 for white (WCAG 2.2).

    >>> relative_luminance("#000000"), relative_luminance("#ffffff")
    (0.0, 1.0)
    """
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21.

    >>> contrast_ratio("#000000", "#ffffff"), round(contrast_ratio("#ffcc00", "#ffffff"), 2)
    (21.0, 1.51)
    """
    dark, light = sorted((relative_luminance(one), relative_luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """Return a colour laid over another with this share, as browsers mix in sRGB.

    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    return _hex([share * top + (1 - share) * under for top, under in zip(_parts(colour), _parts(ground), strict=True)])


def nearest_passing(colour: str, grounds: Sequence[str], needed: float) -> str:
    """Return the colour of the same hue and nearest lightness whose contrast passes on every ground.

    >>> nearest_passing("#3d4fc4", ["#ffffff"], 4.5), nearest_passing("#ffcc00", ["#ffffff"], 3)
    ('#3d4fc4', '#b38f00')
    """
    for found in _by_lightness(colour):
        if all(contrast_ratio(found, ground) >= needed for ground in grounds):
            return found
    return max(LETTERS, key=lambda letter: min(contrast_ratio(letter, ground) for ground in grounds))


def letters_on(ground: str) -> str:
    """Return the colour of letters on a coloured ground: white where it passes, else dark.

    >>> letters_on("#3d4fc4"), letters_on("#ffcc00")
    ('#ffffff', '#15141a')
    """
    return next(letter for letter in LETTERS if contrast_ratio(letter, ground) >= TEXT_CONTRAST)


@lru_cache(maxsize=512)
def correct_colours(background: str, text: str, accent: str) -> dict[str, str]:
    """Return the nearest colours with which everything drawn passes, with those derived from them.

    >>> correct_colours("#ffffff", "#1c1b22", "#3d4fc4")["accent_text"]
    '#ffffff'
    >>> correct_colours("#ffffff", "#cccccc", "#ffcc00")["text"]
    '#6c6c6c'
    """
    ground = _nearest_ground(background)
    shown_accent = _nearest_accent(accent, ground)
    grounds = [ground, mix(shown_accent, ground, WASH)]
    letters = nearest_passing(text, grounds, TEXT_CONTRAST)
    return {
        "background": ground,
        "text": letters,
        "muted": _soften(letters, grounds, TEXT_CONTRAST * 1.1),
        "accent": shown_accent,
        "accent_text": letters_on(shown_accent),
        "border": _soften(letters, [ground], CONTROL_CONTRAST * 1.1),
    }


def list_corrections(given: dict[str, str], used: dict[str, str]) -> list[Correction]:
    """Return what became of the colours an owner gave.

    >>> list_corrections({"accent": "#ffcc00"}, {"accent": "#b38f00"})
    [Correction(part='accent', given='#ffcc00', used='#b38f00')]
    """
    return [Correction(part, colour, used[part]) for part, colour in given.items() if used[part] != colour]


def measure_pairs(colours: dict[str, str]) -> list[Pair]:
    """Return every pair of colours a shopper must tell apart, measured.

    >>> [pair.part for pair in measure_pairs(correct_colours("#ffffff", "#000000", "#0000ff")) if not pair.passes]
    []
    """
    pairs = (
        ("text", "background", TEXT_CONTRAST),
        ("muted", "background", TEXT_CONTRAST),
        ("accent_text", "accent", TEXT_CONTRAST),
        ("accent", "background", CONTROL_CONTRAST),
        ("border", "background", CONTROL_CONTRAST),
    )
    return [
        Pair(part, colours[part], colours[ground], contrast_ratio(colours[part], colours[ground]), needed)
        for part, ground, needed in pairs
    ]


def _nearest_ground(background: str) -> str:
    return next(
        found
        for found in _by_lightness(background)
        if max(contrast_ratio(letter, found) for letter in LETTERS) >= GROUND_CONTRAST
    )


def _nearest_accent(accent: str, ground: str) -> str:
    """Return the accent that is seen on the ground and on its own wash there."""
    return next(
        found
        for found in _by_lightness(accent)
        if all(contrast_ratio(found, under) >= CONTROL_CONTRAST for under in (ground, mix(found, ground, WASH)))
    )


def _soften(letters: str, grounds: Sequence[str], needed: float) -> str:
    """Return the palest mix of letters and ground that still passes."""
    for step in range(STEPS + 1):
        found = mix(letters, grounds[0], step / STEPS)
        if all(contrast_ratio(found, ground) >= needed for ground in grounds):
            return found
    return letters


def _by_lightness(colour: str) -> Iterator[str]:
    """Yield a colour, then its hue darker and lighter by one more step each time, to black and white."""
    yield colour
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in _parts(colour)))
    for step in range(1, STEPS + 1):
        for moved in (lightness - step / STEPS, lightness + step / STEPS):
            yield _hex([255 * part for part in hls_to_rgb(hue, min(1.0, max(0.0, moved)), saturation)])


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(parts: Sequence[float]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)
