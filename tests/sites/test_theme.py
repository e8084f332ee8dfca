"""The look of a store's widgets: what owners choose, what is corrected, and what shoppers get."""

import re
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.embed.shopper import make_survey
from tests.long_run import at_length
from widget.core.db import db
from widget.sites.models import Site
from widget.sites.theme import DEFAULT_THEME, build_theme

TEXT, CONTROL = 4.5, 3.0
FIELDS = {
    "light__accent": "#ffcc00", "light__background": "#ffffff", "light__text": "#1c1b22",
    "dark__accent": "#a9b4ff", "dark__background": "#1f1e26", "dark__text": "#f3f2f7",
    "radius": "20", "font": "serif", "position": "left", "scheme": "auto",
}  # fmt: skip
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def luminance(colour: str) -> float:
    """Measure a colour as WCAG 2.2 words it, apart from the product's own computation."""
    total = 0.0
    for part, weight in ((colour[1:3], 0.2126), (colour[3:5], 0.7152), (colour[5:7], 0.0722)):
        share = int(part, 16) / 255
        total += weight * (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    return total


def contrast(one: str, other: str) -> float:
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def assert_readable(theme: dict[str, Any]) -> None:
    assert contrast(theme["text"], theme["background"]) >= TEXT
    assert contrast(theme["muted"], theme["background"]) >= TEXT
    assert contrast(theme["accent_text"], theme["accent"]) >= TEXT
    assert contrast(theme["accent"], theme["background"]) >= CONTROL
    assert contrast(theme["border"], theme["background"]) >= CONTROL


@settings(max_examples=at_length(300, otherwise=60), deadline=None)
@given(background=colours, text=colours, accent=colours)
def test_whatever_colours_an_owner_chooses_shoppers_can_read(background: str, text: str, accent: str) -> None:
    chosen = {"background": background, "text": text, "accent": accent}
    theme = build_theme({**chosen, "dark": chosen}, "st_maple")
    assert_readable(theme)
    assert theme["dark"] == {name: theme[name] for name in theme["dark"]}


@settings(max_examples=at_length(100, otherwise=40), deadline=None)
@given(background=colours, text=colours, accent=colours)
def test_colours_that_pass_stay_as_they_are(background: str, text: str, accent: str) -> None:
    once = build_theme({"background": background, "text": text, "accent": accent}, "st_maple")
    again = build_theme({name: once[name] for name in ("background", "text", "accent")}, "st_maple")
    assert {name: again[name] for name in once} == once


def test_a_site_without_choices_has_the_default_look() -> None:
    assert build_theme({}, "st_maple") == DEFAULT_THEME
    assert_readable(DEFAULT_THEME)
    assert_readable(DEFAULT_THEME["dark"])


def test_a_fixed_scheme_reaches_the_widget() -> None:
    assert build_theme({"scheme": "dark"}, "st_maple")["scheme"] == "dark"
    assert "dark" not in build_theme({"scheme": "light"}, "st_maple")


def look(cast: Cast) -> str:
    return f"/dashboard/{cast.maple.key}/look"


def read_theme(app: Flask, cast: Cast) -> dict[str, Any]:
    with app.app_context():
        theme: dict[str, Any] = db.session.get_one(Site, cast.maple.id).theme
        return theme


def test_alice_changes_the_look_and_shoppers_get_it(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    content = f"/embed/v1/{cast.maple.key}/surveys/{survey_id}"
    assert alice.post(look(cast), **FIELDS).status_code == 302
    assert read_theme(app, cast) == {"accent": "#ffcc00", "radius": 20, "font": "serif", "position": "left"}
    theme = app.test_client().get(content).get_json()["theme"]
    assert (theme["radius"], theme["font"], theme["position"]) == (20, "ui-serif, Georgia, serif", "left")
    assert theme["accent"] != "#ffcc00"
    assert_readable(theme)
    page = alice.get(look(cast)).text
    assert 'value="#ffcc00"' in page
    assert "Your accent #ffcc00 would reach 1.5 : 1 beside the background" in page


def test_saving_the_look_twice_is_saving_it_once(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    for _ in range(2):
        assert alice.post(look(cast), **FIELDS).status_code == 302
    assert read_theme(app, cast)["radius"] == 20


def test_a_pale_accent_carries_dark_letters_and_says_so(alice: OwnerBrowser, cast: Cast) -> None:
    fields = {**FIELDS, "light__background": "#202020", "light__text": "#ffffff"}
    answer = alice.post(look(cast), do="check", **fields)
    assert answer.status_code == 200
    assert "Your accent #ffcc00 is too light for white text" in answer.text


def test_measuring_stores_nothing(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    answer = alice.post(f"{look(cast)}/preview.json", **FIELDS)
    assert answer.status_code == 200
    assert_readable(answer.get_json()["theme"])
    assert re.search(r"\d+\.\d : 1", answer.get_json()["measures"])
    assert read_theme(app, cast) == {}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"light__accent": "red"}, "light.accent"),
        ({"dark__text": "#12345"}, "dark.text"),
        ({"light__text": "\x00"}, "light.text"),
        ({"light__background": "url(x)"}, "light.background"),
        ({"radius": "29"}, "radius"),
        ({"radius": "-1"}, "radius"),
        ({"radius": "²"}, "radius"),
        ({"font": "comic"}, "font"),
        ({"position": "top"}, "position"),
        ({"scheme": "sepia"}, "scheme"),
    ],
)
def test_a_wrong_choice_is_named_and_nothing_is_stored(
    app: Flask, alice: OwnerBrowser, cast: Cast, changes: dict[str, str], wrong: str
) -> None:
    answer = alice.post(look(cast), **{**FIELDS, **changes})
    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text
    assert 'value="20"' in answer.text or "radius" in changes
    assert alice.post(f"{look(cast)}/preview.json", **{**FIELDS, **changes}).status_code == 422
    assert read_theme(app, cast) == {}


def test_viewers_and_bob_do_not_change_the_look(app: Flask, bob: OwnerBrowser, cast: Cast) -> None:
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    erin = logged_in(app, "erin@maple.example")
    for path in (look(cast), f"{look(cast)}/preview.json", f"{look(cast)}/logo", f"{look(cast)}/logo/remove"):
        assert erin.post(path, **FIELDS).status_code == 403
        assert bob.post(path, **FIELDS).status_code == 404
    assert ">Look<" not in erin.get(f"/dashboard/{cast.maple.key}/").text
    assert read_theme(app, cast) == {}
