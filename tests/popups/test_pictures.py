"""Pictures of campaigns: kept while a variant shows them, and gone a day after."""

from datetime import timedelta
from io import BytesIO

from flask import Flask
from PIL import Image

from tests.cast import Cast
from tests.popups.shown import make_campaign
from widget.core.clock import utc_now
from widget.core.db import begin_writing, begin_writing_anew, db
from widget.core.storage import current_storage
from widget.popups.models import CampaignVariant, PopupPicture
from widget.popups.pictures import name_file, store_picture
from widget.popups.tasks import forget_unused_pictures


def draw() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "JPEG", exif=Image.Exif(), comment=b"where I live")
    return drawn.getvalue()


def test_only_pictures_nobody_shows_are_forgotten(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        campaign_id = make_campaign(site_id)
        begin_writing_anew()
        long_ago = utc_now() - timedelta(days=2)
        shown, unused, fresh = (store_picture(site_id, draw(), at).id for at in (long_ago, long_ago, utc_now()))
        db.session.get_one(CampaignVariant, (site_id, campaign_id, "a")).picture_id = shown
        db.session.commit()
        forget_unused_pictures()
        begin_writing()
        left = [one for one in (shown, unused, fresh) if db.session.get(PopupPicture, (site_id, one))]
        assert left == [shown, fresh]
        db.session.rollback()
        files = {name for name, _ in current_storage().list_names(f"popups/{site_id.hex}")}
        assert files == {name_file(site_id, one) for one in left}


def test_a_picture_keeps_nothing_but_its_pixels(app: Flask, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        picture = store_picture(cast.maple.id, draw(), utc_now())
        db.session.commit()
        address = f"/embed/v1/{cast.maple.key}/popups/pictures/{picture.id}"
        assert picture.sizes[0]["width"] == 40
    answer = app.test_client().get(address)
    assert b"where I live" not in answer.data
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert app.test_client().get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
