"""The logo: what is taken for a picture, what is kept of it, and how shoppers' browsers get it."""

import zlib
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.embed.shopper import make_survey
from widget.core.db import db
from widget.sites import logos
from widget.sites.models import SiteLogo
from widget.sites.theme import build_theme

HIDDEN = b"GPS: at home"


def draw(size: tuple[int, int] = (900, 300), file_format: str = "PNG", **options: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "#3d4fc4").save(written, file_format, **options)
    return written.getvalue()


def make_bomb() -> bytes:
    """Return a tiny PNG that says it is 30,000 by 30,000."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    size = (30_000).to_bytes(4, "big")
    header = chunk(b"IHDR", size + size + bytes([8, 2, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")


def upload(owner: OwnerBrowser, cast: Cast, body: bytes, name: str = "logo.png") -> TestResponse:
    data = {"csrf_token": owner.read_token("/dashboard/account"), "logo": (BytesIO(body), name)}
    return owner.client.post(f"/dashboard/{cast.maple.key}/look/logo", data=data)


def find_logo(app: Flask) -> SiteLogo | None:
    with app.app_context():
        return db.session.query(SiteLogo).one_or_none()


@pytest.mark.parametrize(
    ("file_format", "options"),
    [("PNG", {}), ("JPEG", {"comment": HIDDEN, "exif": b"Exif\x00\x00" + HIDDEN}), ("WEBP", {"exif": HIDDEN})],
)
def test_a_picture_is_drawn_anew_and_small(
    app: Flask, alice: OwnerBrowser, cast: Cast, file_format: str, options: dict[str, bytes]
) -> None:
    assert upload(alice, cast, draw(file_format=file_format, **options)).status_code == 302
    logo = find_logo(app)
    assert logo is not None
    assert (logo.width, logo.height) == (360, 120)
    assert logo.content_type in ("image/png", "image/webp")
    assert HIDDEN not in logo.body
    with Image.open(BytesIO(logo.body)) as drawn:
        assert not drawn.getexif()
        assert not {"comment", "exif"} & set(drawn.info)


def test_shoppers_get_the_logo_and_may_keep_it_for_ever(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    upload(alice, cast, draw())
    survey_id = make_survey(app, cast.maple)
    theme = app.test_client().get(f"/embed/v1/{cast.maple.key}/surveys/{survey_id}").get_json()["theme"]
    answer = app.test_client().get(theme["logo"]["url"])
    assert answer.status_code == 200
    assert answer.content_type in ("image/png", "image/webp")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    with Image.open(BytesIO(answer.data)) as drawn:
        assert drawn.size == (theme["logo"]["width"], theme["logo"]["height"])
    assert app.test_client().get(theme["logo"]["url"].replace(cast.maple.key, cast.bobs.key)).status_code == 404
    assert app.test_client().get(f"/embed/v1/logos/{cast.maple.key}/{'0' * 20}.png").status_code == 404


def test_another_picture_takes_the_place_of_the_first(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    for size in ((100, 50), (60, 60), (60, 60)):
        assert upload(alice, cast, draw(size)).status_code == 302
    logo = find_logo(app)
    assert logo is not None
    assert (logo.width, logo.height) == (60, 60)


def test_saving_the_look_keeps_the_logo_and_removing_takes_it(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    upload(alice, cast, draw())
    page = f"/dashboard/{cast.maple.key}/look"
    assert alice.post(page, radius="14").status_code == 302
    assert "/embed/v1/logos/" in alice.get(page).text
    for _ in range(2):
        assert alice.post(f"{page}/logo/remove").status_code == 302
    assert find_logo(app) is None
    assert "/embed/v1/logos/" not in alice.get(page).text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Choose a picture first."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture we can read"),
        (b"<script>alert(1)</script>", "no picture we can read"),
        (draw(file_format="GIF"), "no picture we can read"),
        (draw()[:60], "no picture we can read"),
        (make_bomb(), "too many pixels"),
    ],
    ids=["nothing", "svg", "script", "gif", "cut", "bomb"],
)
def test_what_is_no_logo_is_refused_in_words(
    app: Flask, alice: OwnerBrowser, cast: Cast, body: bytes, words: str
) -> None:
    answer = upload(alice, cast, body)
    assert answer.status_code == 422
    assert words in answer.text
    assert find_logo(app) is None


def test_a_file_that_is_too_large_is_not_even_opened(
    app: Flask, alice: OwnerBrowser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A test's own browser keeps larger bodies in files that it leaves open.
    monkeypatch.setattr(logos, "MAX_UPLOAD_BYTES", 100_000)
    answer = upload(alice, cast, draw() + bytes(100_000))
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.text
    assert find_logo(app) is None


def test_a_logos_address_names_what_it_holds() -> None:
    logo = {"name": "abc.png", "width": 10, "height": 5}
    assert build_theme({"logo": logo}, "st_maple")["logo"] == {
        "url": "/embed/v1/logos/st_maple/abc.png", "width": 10, "height": 5,
    }  # fmt: skip


def test_an_address_no_database_can_hold_finds_no_logo(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/embed/v1/logos/st_%00/x.png").status_code == 404
    assert client.get(f"/embed/v1/logos/{cast.maple.key}/x%00.png").status_code == 404
