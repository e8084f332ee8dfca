"""No route without its guard, no GET that writes."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.applications import dispose, wipe
from tests.cast import Cast, make_cast
from tests.dashboard.owner import OwnerBrowser, logged_in
from tests.embed.shopper import make_survey, post_answer
from tests.house.source import list_calls, list_imports, list_modules, name_of
from widget import create_app
from widget.core.db import db
from widget.core.hot import hot_engine

DOORS = ("_embed", "_files", "_store", "_webhooks", "_pages", "_account", "_links", "_public")
FOREIGN_BLUEPRINTS = {"api-docs": "flask-smorest's own, which serves the OpenAPI document", "bootstrap": "its files"}
OPEN_TO_ANY_ORIGIN = {
    "popup_pictures_embed.show_picture",
    "embed_embed.show_boot",
    "popups_embed.show_content",
    "surveys_embed.show_content",
    "review_content_embed.show_content",
    "reviews_embed.show_reviews",
    "reviews_embed.show_summaries",
    "review_forms_embed.show_html",
    "review_forms_embed.show_structured_data",
    "review_forms_embed.show_google_feed",
    "review_forms_embed.show_meta_feed",
    "review_media_embed.show_media",
}
OPEN_WITHOUT_LOGIN = {
    "dashboard_account.show_login",
    "dashboard_account.log_in",
    "dashboard_account.show_file",
    "dashboard_account.show_second_step",
    "dashboard_account.take_second_step",
    "passwords_account.show_forgotten",
    "passwords_account.send_link",
    "passwords_account.show_new_password",
    "passwords_account.set_new_password",
    "invitations_account.show_invitation",
    "invitations_account.accept_invitation",
}
MADE_BY_NAME = {
    ("PUT", "/api/v1/customers/<store_id:external_id>"): "makes a customer of the site's own known",
    ("POST", "/api/v1/orders/<store_id:external_id>/refunds"): "a refund may come before its order",
    ("PUT", "/api/v1/reviews/products/<store_id:product_id>"): "makes a product of the site's own known",
}
BODIES = {
    "/api/v1/advocates/<store_id:external_id>": {"is_blocked": True},
    "/api/v1/customers/<store_id:external_id>/merge": {"into": "other"},
    "/api/v1/coupon-pools/<uuid:pool_id>/codes": {"codes": ["TEA-1"]},
    "/api/v1/coupons/<store_id:code>/redemption": {"order": "1"},
    "/api/v1/reviews/<uuid:review_id>/rejection": {"reason": "spam"},
    "/api/v1/reviews/<uuid:review_id>/reply": {"body": "Thank you"},
    "/api/v1/reviews/<uuid:review_id>/incentive": {"incentive": "100 points"},
}
PUBLIC_PATHS = ("/health", "/ready", "/metrics", "/api/docs", "/api/openapi.json", "/shop", "/r/")


@pytest.fixture(scope="module", params=["sqlite_app", "postgresql_app"])
def house(request: pytest.FixtureRequest) -> Iterator["House"]:
    """The application with every room it has, also the demo store, and something in each list."""
    base: Flask = request.getfixturevalue(request.param)
    wipe(base)
    app = create_app(replace(base.config["SETTINGS"], demo=True))
    app.testing = True
    yield House(app, make_cast(app))
    dispose(app)


class House:
    """The application with its cast and its routes."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.cast = app, cast
        self.survey_id = make_survey(app, cast.maple)
        post_answer(app.test_client(), cast.maple, self.survey_id, answers={"score": 9, "comment": "Fine"})

    def routes(self, prefix: str, *methods: str) -> list[tuple[Rule, str, str]]:
        """Return rules below a prefix with their method and a path filled in for Maple Store."""
        values: dict[str, Any] = {"site_key": self.cast.maple.key, "survey_id": self.survey_id, "version": 1}
        found = []
        for rule in self.app.url_map.iter_rules():
            if rule.rule.startswith(prefix):
                given = {name: values.get(name, str(uuid.UUID(int=1))) for name in rule.arguments}
                built = rule.build(given, append_unknown=False)
                assert built is not None, rule
                found += [(rule, method, built[1]) for method in methods if method in (rule.methods or ())]
        return found

    def open(self, method: str, path: str, **headers: str) -> TestResponse:
        return self.app.test_client().open(path, method=method, headers=headers)


WRITING = ("POST", "PUT", "PATCH", "DELETE")
WEBHOOKS = "/api/v1/webhooks/"


def test_every_blueprint_is_a_door(house: House) -> None:
    for name in house.app.blueprints:
        assert name.endswith(DOORS) or name in FOREIGN_BLUEPRINTS, name


def test_blueprints_are_made_in_one_place() -> None:
    for path in list_modules():
        if name_of(path) in ("widget/sites/doors.py", "widget/core/doors.py"):
            continue
        makers = {"flask.Blueprint", "flask_smorest.Blueprint", "widget.core.doors.ApiBlueprint"}
        assert not set(list_imports(path)) & makers, path
        routed = [call for call, _ in list_calls(path) if call.endswith(("app.route", "add_url_rule"))]
        assert not routed, path


def test_no_route_is_outside_the_doors(house: House) -> None:
    prefixes = ("/embed/v1/", "/api/v1/", "/dashboard/", "/l/", *PUBLIC_PATHS)
    for rule in house.app.url_map.iter_rules():
        assert rule.rule.startswith(prefixes), rule
        door = rule.endpoint.partition(".")[0]
        if door.endswith("_public") or door in FOREIGN_BLUEPRINTS:
            assert rule.rule.startswith(PUBLIC_PATHS), rule


def test_store_door_needs_a_secret_key(house: House) -> None:
    for _, method, path in house.routes("/api/v1/", "GET", *WRITING):
        if path.startswith(WEBHOOKS):
            continue
        for key in ("", "Bearer sk_guess", f"Bearer {house.cast.maple.key}", f"Basic {house.cast.maple.secret_key}"):
            response = house.open(method, path, **({"Authorization": key} if key else {}))
            assert response.status_code == 401, (method, path)
            assert response.content_type == "application/problem+json"
            assert response.headers["WWW-Authenticate"] == "Bearer"


def test_store_door_hides_other_sites_rows(house: House) -> None:
    for rule, method, path in house.routes("/api/v1/", "GET", *WRITING):
        is_others = rule.arguments and not path.startswith(WEBHOOKS)
        if is_others and (method, rule.rule) not in MADE_BY_NAME:
            key, body = house.cast.bobs.store_headers, BODIES.get(rule.rule, {})
            response = house.app.test_client().open(
                path, method=method, json=body if method in WRITING else None, headers=key
            )
            assert response.status_code == 404, (method, path)


def test_webhooks_door_needs_a_signature(house: House) -> None:
    routes = house.routes(WEBHOOKS, "GET", *WRITING)
    assert {rule.endpoint.partition(".")[0] for rule, _, _ in routes} == {"shopify_webhooks", "woocommerce_webhooks"}
    for _, method, path in routes:
        for headers in ({}, house.cast.maple.store_headers):
            response = house.app.test_client().open(
                path, method=method, json={} if method in WRITING else None, headers=headers
            )
            assert response.status_code == 401, (method, path)
            assert response.content_type == "application/problem+json"
        assert house.open(method, path.replace(house.cast.maple.key, "st_nobodyhere")).status_code == 401, path


def test_embed_door_needs_an_allowed_origin(house: House) -> None:
    for rule, method, path in house.routes("/embed/v1/<site_key>/", "GET", *WRITING):
        if rule.endpoint not in OPEN_TO_ANY_ORIGIN:
            for origin in ({}, {"Origin": "https://elsewhere.example"}):
                assert house.open(method, path, **origin).status_code == 403, (method, path)


def test_views_open_to_any_origin_are_few_and_only_read(house: House) -> None:
    views = house.app.view_functions
    marked = {name for name, view in views.items() if getattr(view, "is_open_to_any_origin", False)}
    assert marked == OPEN_TO_ANY_ORIGIN
    for rule, _, path in house.routes("/embed/v1/", *WRITING):
        assert rule.endpoint not in marked, path


def test_embed_door_knows_its_sites(house: House) -> None:
    for _, method, path in house.routes("/embed/v1/<site_key>", "GET", *WRITING):
        unknown = path.replace(house.cast.maple.key, "st_nobodyhere")
        assert house.open(method, unknown, Origin=house.cast.maple.origin).status_code == 404, path


def test_links_door_opens_nothing_without_a_token(house: House) -> None:
    for rule, method, path in house.routes("/l/", "GET", *WRITING):
        if rule.endpoint != "sites_links.show_theme":
            assert house.open(method, path).status_code == 404, (method, path)


def test_dashboard_needs_a_log_in(house: House) -> None:
    for rule, _, path in house.routes("/dashboard/", "GET"):
        if rule.endpoint not in OPEN_WITHOUT_LOGIN:
            response = house.open("GET", path)
            if path.endswith(".json"):
                assert response.status_code == 401, path
            else:
                assert response.status_code == 302, path
                assert response.headers["Location"].startswith("/dashboard/login"), path


def test_dashboard_forms_need_their_token_and_a_log_in(house: House) -> None:
    for rule, method, path in house.routes("/dashboard/", *WRITING):
        assert house.open(method, path).status_code == 400, path
        stranger = OwnerBrowser(house.app)
        token = stranger.read_token("/dashboard/login")
        assert token
        if rule.endpoint not in OPEN_WITHOUT_LOGIN:
            response = stranger.client.open(path, method=method, data={"csrf_token": token})
            assert response.status_code == 401, path


def test_dashboard_refuses_forms_of_other_pages(house: House) -> None:
    browser = logged_in(house.app, house.cast.maple.owner_email)
    token = browser.read_token("/dashboard/account")
    for _, method, path in house.routes("/dashboard/", *WRITING):
        response = browser.client.open(
            path, method=method, data={"csrf_token": token}, headers={"Origin": "https://evil.example"}
        )
        assert response.status_code == 403, path


def test_views_open_without_log_in_are_few(house: House) -> None:
    views = house.app.view_functions
    marked = {name for name, view in views.items() if getattr(view, "is_open_without_login", False)}
    assert marked == OPEN_WITHOUT_LOGIN


def test_bob_finds_nothing_at_alices_site(house: House) -> None:
    bob = logged_in(house.app, house.cast.bobs.owner_email)
    token = bob.read_token("/dashboard/account")
    for _, method, path in house.routes("/dashboard/<site_key>/", "GET", *WRITING):
        data = {"csrf_token": token} if method in WRITING else None
        assert bob.client.open(path, method=method, data=data).status_code == 404, (method, path)


@contextmanager
def refusing_writes(app: Flask) -> Iterator[None]:
    """Have the database refuse every write, on new connections of both pools."""

    def refuse(connection: Any, _record: object) -> None:
        is_sqlite = type(connection).__module__.startswith("sqlite3")
        connection.execute("PRAGMA query_only = ON" if is_sqlite else "SET default_transaction_read_only = on")
        # A connection that is in a transaction cannot be asked for one state of the database.
        connection.commit()

    dispose(app)
    with app.app_context():
        engines = (db.engine, hot_engine())
    for engine in engines:
        event.listen(engine, "connect", refuse)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "connect", refuse)
        dispose(app)


def test_no_get_writes(house: House) -> None:
    owner = logged_in(house.app, house.cast.maple.owner_email)
    headers = {**house.cast.maple.store_headers, **house.cast.maple.page_headers}
    # The script notes once a minute that the site was seen; this was it.
    house.open("GET", f"/embed/v1/{house.cast.maple.key}.js")
    with refusing_writes(house.app):
        refused = post_answer(house.app.test_client(), house.cast.maple, house.survey_id)
        assert refused.status_code == 500, "the database takes writes, so this test shows nothing"
        for _, method, path in house.routes("/", "GET", "HEAD"):
            client = owner.client if path.startswith("/dashboard") else house.app.test_client()
            response = client.open(path, method=method, headers=headers if client is not owner.client else None)
            assert response.status_code < 500 or path == "/ready", (method, path, response.text[:300])
            response.close()


def test_every_operation_documents_its_problems(house: House) -> None:
    document = house.open("GET", "/api/openapi.json").get_json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post", "put", "patch", "delete"):
                assert operation["responses"]["default"]["$ref"].endswith("/DEFAULT_ERROR"), (method, path)
    for response in document["components"]["responses"].values():
        assert set(response["content"]) == {"application/problem+json"}
        assert response["content"]["application/problem+json"]["schema"]["$ref"].endswith("/ProblemDocument")
