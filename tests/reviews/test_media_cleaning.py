"""What nobody submitted, what an edit left out and what a crash left over is forgotten, with its files; no more."""

import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.reviews.builders import make_review
from tests.reviews.uploads import MP4, claim, draw
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.storage import current_storage
from widget.reviews import tasks
from widget.reviews.media import attach_media
from widget.reviews.media_models import ReviewMedia
from widget.reviews.media_rules import SHARDS
from widget.reviews.recording import add_review, changing, get_for_change

DAY_AND_MORE = timedelta(hours=24, minutes=1)


def ids_of_files(folder: Path) -> set[uuid.UUID]:
    return {uuid.UUID(path.name.split("-")[1]) for path in folder.rglob("*") if path.is_file()}


def ids_of_rows(app: Flask) -> set[uuid.UUID]:
    with app.app_context():
        return set(db.session.scalars(select(ReviewMedia.id)))


def run_later(app: Flask, after: timedelta) -> None:
    """Run both tasks as the worker does, every part of the sweep."""
    with app.app_context(), time_machine.travel(utc_now() + after, tick=False), pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "shards_due", lambda _hour: range(SHARDS))
        patch.setattr(tasks, "pause", lambda: False)
        tasks.forget_staged_media()
        tasks.sweep_media_files()


def submit(app: Flask, cast: Cast, *claims: tuple[uuid.UUID, str]) -> uuid.UUID:
    with app.app_context():
        begin_writing_anew()
        review = make_review(cast.maple.id)
        add_review(review, "submitted", "author", media=claims)
        db.session.commit()
        return review.id


def test_what_nobody_submits_is_purged_after_a_day(app: Flask, cast: Cast, media_folder: Path) -> None:
    kept, staged, film = claim(app, cast.maple), claim(app, cast.maple), claim(app, cast.bobs, MP4, "video/mp4")
    submit(app, cast, kept)
    run_later(app, timedelta(hours=23))
    assert ids_of_rows(app) == ids_of_files(media_folder) == {kept[0], staged[0], film[0]}
    run_later(app, DAY_AND_MORE)
    assert ids_of_rows(app) == ids_of_files(media_folder) == {kept[0]}


def test_what_an_edit_leaves_out_is_purged(app: Flask, cast: Cast, media_folder: Path) -> None:
    first, second = claim(app, cast.maple), claim(app, cast.maple, draw((90, 90)))
    review_id = submit(app, cast, first, second)
    with app.app_context():
        begin_writing_anew()
        with changing(get_for_change(cast.maple.id, review_id), "edited", "author") as review:
            attach_media(review, [(second[0], "")])
        db.session.commit()
    run_later(app, DAY_AND_MORE)
    assert ids_of_rows(app) == ids_of_files(media_folder) == {second[0]}


def test_files_that_no_row_knows_are_swept(app: Flask, cast: Cast, media_folder: Path) -> None:
    kept, forgotten = claim(app, cast.maple), claim(app, cast.maple)
    submit(app, cast, kept)
    with app.app_context():
        begin_writing_anew()
        db.session.delete(db.session.get_one(ReviewMedia, (cast.maple.id, forgotten[0])))
        db.session.commit()
    (thumb,) = (path for path in media_folder.rglob("*thumb.jpg") if kept[0].hex in path.name)
    half = thumb.with_name(f"{thumb.name}.0011223344556677.part")
    half.write_bytes(b"half")
    run_later(app, timedelta(hours=23))
    assert ids_of_files(media_folder) == {kept[0], forgotten[0]}
    run_later(app, DAY_AND_MORE)
    assert ids_of_files(media_folder) == {kept[0]}
    assert thumb.exists()
    assert not half.exists()


def test_files_of_a_site_that_is_not_in_this_database_are_left_alone(
    app: Flask, cast: Cast, media_folder: Path
) -> None:
    media_id, _ = claim(app, cast.maple)
    (folder,) = {path.parent for path in media_folder.rglob("*-large.jpg")}
    strangers = folder / f"{uuid.uuid4().hex}-{media_id.hex}-large.jpg"
    strangers.write_bytes(b"a photo of another installation")
    (folder / "notes").write_text("of the operator")
    run_later(app, DAY_AND_MORE)
    assert sorted(os.listdir(folder)) == sorted([strangers.name, "notes"])


def test_a_row_is_gone_before_its_file(
    app: Flask, cast: Cast, media_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_id, _ = claim(app, cast.maple)
    with app.app_context():
        storage = current_storage()
        monkeypatch.setattr(storage, "delete", lambda _name: (_ for _ in ()).throw(OSError("the power is cut")))
    with pytest.raises(OSError, match="power"):
        run_later(app, DAY_AND_MORE)
    assert ids_of_rows(app) == set()
    assert ids_of_files(media_folder) == {media_id}
    monkeypatch.undo()
    # The next run finds what the cut one left.
    monkeypatch.setitem(app.extensions, "regulars_storage", storage)
    run_later(app, DAY_AND_MORE)
    assert ids_of_files(media_folder) == set()
