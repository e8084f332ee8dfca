"""Owners set how reviews are taken, what is asked beside stars, and what is known of products; without a script."""

import pytest
from flask import Flask

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.reviews.owner_store import OwnerStore, words
from widget.core.db import db
from widget.reviews.queries import read_settings
from widget.sites.models import Site

TAKING = {"moderation": "hold", "allows_photos": "1", "name_form": "initials", "default_sort": "helpful"}
FIT = {"type": "scale", "language": ["en", "it"], "label__en": "Fit", "label__it": "Vestibilità", "low__en": "Small"}
SIZE = {"type": "choice", "language": "en", "label__en": "Size", "choice__0__en": "S", "choice__2__en": "M"}


@pytest.fixture
def maple(app: Flask, cast: Cast) -> OwnerStore:
    return OwnerStore(app, cast)


def settings_of(maple: OwnerStore) -> tuple[list[dict[str, object]], str, int]:
    with maple.app.app_context():
        row = read_settings(maple.cast.maple.id)
        return row.attributes, row.moderation, db.session.get_one(Site, maple.cast.maple.id).version


def keys_of(maple: OwnerStore) -> list[object]:
    return [definition["key"] for definition in settings_of(maple)[0]]


def test_settings_are_saved_and_pages_notice(alice: OwnerBrowser, maple: OwnerStore) -> None:
    before = settings_of(maple)[2]
    page = f"{maple.queue}/settings"
    assert alice.post(page, **TAKING).status_code == 302
    _attributes, moderation, version = settings_of(maple)
    assert (moderation, version) == ("hold", before + 1)
    shown = alice.get(page).text
    assert 'id="moderation-hold" value="hold" checked' in shown
    assert 'name="allows_photos" value="1" checked' in shown
    assert 'name="allows_video" value="1" checked' not in shown
    assert maple.actions() == ["review_settings.changed"]


def test_settings_that_are_none_are_refused(alice: OwnerBrowser, maple: OwnerStore) -> None:
    answer = alice.post(f"{maple.queue}/settings", **TAKING | {"moderation": "five stars"})
    assert answer.status_code == 422
    assert "Nothing is changed" in answer.text
    assert settings_of(maple)[1] == "publish"


def test_attributes_are_made_changed_moved_and_removed(alice: OwnerBrowser, maple: OwnerStore) -> None:
    attributes = f"{maple.queue}/settings/attributes"
    for fields in (FIT, SIZE):
        assert alice.post(attributes, **fields).status_code == 302
    fit, size = settings_of(maple)[0]
    assert fit == {
        "key": "fit",
        "type": "scale",
        "labels": {"en": "Fit", "it": "Vestibilità"},
        "low": {"en": "Small"},
    }
    assert [choice["id"] for choice in size["choices"]] == ["s", "m"]
    renamed = {**SIZE, "choice__0__id": "s", "choice__1__id": "m", "choice__0__en": "Small", "choice__1__en": "Medium"}
    del renamed["choice__2__en"]
    assert alice.post(f"{attributes}/size", **renamed).status_code == 302
    choices = settings_of(maple)[0][1]["choices"]
    assert choices == [{"id": "s", "labels": {"en": "Small"}}, {"id": "m", "labels": {"en": "Medium"}}]
    alice.post(f"{attributes}/size/move", by="up")
    assert keys_of(maple) == ["size", "fit"]
    alice.post(f"{attributes}/size/move", by="up")
    assert keys_of(maple) == ["size", "fit"], "at the end it stays"
    alice.post(f"{attributes}/size/delete")
    assert keys_of(maple) == ["fit"]
    assert alice.post(f"{attributes}/size/delete").status_code == 404


def test_a_language_is_added_to_the_form_and_nothing_is_saved(alice: OwnerBrowser, maple: OwnerStore) -> None:
    page = alice.post(f"{maple.queue}/settings/attributes", do="language", more_language="de", **FIT).text
    assert 'name="label.de"' in page
    assert 'value="Vestibilità"' in page
    assert keys_of(maple) == []


def test_attribute_that_is_none_is_refused_with_what_was_typed(alice: OwnerBrowser, maple: OwnerStore) -> None:
    for fields in (
        {"type": "scale", "language": "en"},
        {"type": "choice", "language": "en", "label__en": "Size", "choice__0__en": "Only one"},
        {"type": "scale", "language": "en", "label__en": "x" * 61},
    ):
        answer = alice.post(f"{maple.queue}/settings/attributes", **fields)
        assert answer.status_code == 422, fields
        assert "Nothing is changed" in answer.text
        assert all(f'value="{text}"' in answer.text for name, text in fields.items() if name.endswith("__en"))
    assert keys_of(maple) == []


def test_products_show_what_is_missing_until_it_is_told(alice: OwnerBrowser, maple: OwnerStore) -> None:
    maple.have({"rating": 4}, {"rating": 5}, {"product_id": "a/b <i>", "rating": 1})
    page = alice.get(f"{maple.queue}/products")
    assert "no title no address no picture" in words(page.text)
    assert "4.50 2 reviews" in words(page.text)
    assert "b <i>" not in page.text
    facts = f"{maple.queue}/products/POT-03/facts"
    told = {"title": "Blue teapot", "url": "https://maple.example/pot", "image_url": "https://maple.example/pot.jpg"}
    bad = alice.post(facts, **told | {"url": "javascript:alert(1)"})
    assert bad.status_code == 422
    assert "Blue teapot" in bad.text, "what was typed is still there"
    assert alice.post(facts, **told).status_code == 302
    assert "Blue teapot POT-03 4.50" in words(alice.get(f"{maple.queue}/products").text)
    assert alice.get(f"{maple.queue}/products/a/b <i>/facts").status_code == 200
    assert alice.get(f"{maple.queue}/products/NONE/facts").status_code == 404
    assert "1 of 2 reviewed products has no address" in words(alice.get(f"{maple.queue}/settings").text)


def test_bob_sees_no_settings_and_no_products_of_maple(bob: OwnerBrowser, maple: OwnerStore) -> None:
    maple.have({})
    for path in ("settings", "settings/attributes/new", "products", "products/POT-03/facts"):
        assert bob.get(f"{maple.queue}/{path}").status_code == 404
    assert bob.post(f"{maple.queue}/settings", **TAKING).status_code == 404
    assert bob.post(f"{maple.queue}/settings/attributes", **FIT).status_code == 404
    theirs = f"/dashboard/{maple.cast.bobs.key}/reviews/products"
    assert "No product has a review yet" in bob.get(theirs).text
    assert bob.post(f"{theirs}/POT-03/facts", title="Mine").status_code == 404
