"""Keys: secrets are shown once, stored as hashes, and end when they are revoked."""

import threading

from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import make_survey, open_session, post_answer
from widget.core.db import begin_writing, db
from widget.core.ids import hash_secret
from widget.sites import service
from widget.sites.errors import TooManySigningKeys
from widget.sites.models import ApiKey, SigningKey, Site
from widget.sites.queries import find_site_by_secret_key, list_signing_keys


def test_secret_key_is_stored_as_a_hash(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = db.session.scalars(db.select(ApiKey).where(ApiKey.site_id == cast.maple.id)).one()
        assert key.key_hash == hash_secret(cast.maple.secret_key)
        columns = [getattr(key, column.key) for column in ApiKey.__table__.columns]
        assert cast.maple.secret_key not in [str(value) for value in columns]
        assert key.hint == cast.maple.secret_key[-4:]


def test_revoked_secret_key_opens_nothing(app: Flask, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        found = find_site_by_secret_key(cast.maple.secret_key)
        assert found is not None
        assert found[0].id == cast.maple.id
        service.revoke_api_key(found[1])
        db.session.commit()
        assert find_site_by_secret_key(cast.maple.secret_key) is None
        assert find_site_by_secret_key(cast.bobs.secret_key) is not None


def test_public_key_and_hash_are_no_secret_keys(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for text in ("", cast.maple.key, hash_secret(cast.maple.secret_key), cast.maple.signing_key, "\x00", "é"):
            assert find_site_by_secret_key(text) is None


def test_two_requests_for_the_last_slot_make_one_signing_key(app: Flask, cast: Cast) -> None:
    barrier, outcomes = threading.Barrier(4), []

    def create() -> None:
        with app.app_context():
            barrier.wait(timeout=10)
            begin_writing()
            site = db.session.get_one(Site, cast.maple.id)
            try:
                service.create_signing_key(site)
                db.session.commit()
                outcomes.append("made")
            except TooManySigningKeys:
                db.session.rollback()
                outcomes.append("refused")

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused", "refused", "refused"]
    with app.app_context():
        assert {key.slot for key in list_signing_keys(db.session.get_one(Site, cast.maple.id))} == {1, 2}


def test_revoked_signing_key_stays_in_the_books(app: Flask, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        key = db.session.get_one(SigningKey, (cast.maple.id, cast.maple.signing_key_id))
        service.revoke_signing_key(key)
        db.session.commit()
        assert db.session.get_one(SigningKey, (cast.maple.id, cast.maple.signing_key_id)).revoked_at is not None


def test_new_origin_counts_at_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    new = {"Origin": "https://new.maple.example"}
    assert post_answer(client, cast.maple, survey_id, headers=new).status_code == 403
    with app.app_context():
        begin_writing()
        site = db.session.get_one(Site, cast.maple.id)
        service.replace_origins(site, [cast.maple.origin, "https://NEW.maple.example:443/shop"])
        db.session.commit()
    assert post_answer(client, cast.maple, survey_id, headers=new).status_code == 201
    assert open_session(client, cast.maple).status_code == 200
