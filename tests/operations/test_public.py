"""What the people who run the product ask it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.applications import dispose, make_application, make_settings
from widget import create_app
from widget.core.db import db


def test_process_is_healthy_without_a_database(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, "postgresql://nobody@127.0.0.1:1/nowhere"))
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_migrated_database_is_ready(client: FlaskClient) -> None:
    assert client.get("/ready").json == {"status": "ready"}


def test_database_of_an_older_version_is_not_ready(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        newest = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        db.session.commit()
        answer = client.get("/ready")
        db.session.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
        db.session.commit()
    assert answer.status_code == 503
    assert answer.json["type"] == "urn:regulars:problem:not-ready"
    assert "db upgrade" in answer.json["detail"]


def test_empty_database_is_not_ready(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path}/empty.db"))
    assert app.test_client().get("/ready").status_code == 503
    dispose(app)


def test_database_that_is_away_is_not_ready_and_says_nothing_of_itself(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, "postgresql://nobody:hunter2@127.0.0.1:1/nowhere"))
    answer = app.test_client().get("/ready")
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert "hunter2" not in answer.text
    assert "nowhere" not in answer.text


def test_metrics_count_requests_for_this_machine(client: FlaskClient) -> None:
    client.get("/health")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    assert 'regulars_requests_total{endpoint="operations_public.show_health",status="200"}' in answer.text


@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.8", "2001:db8::1"])
def test_metrics_are_nothing_for_another_machine(client: FlaskClient, address: str) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_metrics_are_nothing_through_a_proxy(client: FlaskClient, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_metrics_trust_the_proxies_of_the_settings(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path}/regulars.db"
    app = make_application(make_settings(tmp_path, database_url, trusted_proxies=1))
    client = app.test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1, 203.0.113.7"}).status_code == 404
    dispose(app)


def test_api_docs_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "default-src 'none'; script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "https://" not in page.text
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "start.js", "page.css"):
        assert f"/api/docs/{name}" in page.text
        with client.get(f"/api/docs/{name}") as file:
            assert file.status_code == 200, name


@pytest.mark.parametrize("name", ["swagger-ui.js", "..", "%2e%2e%2fstart.js", "README.md"])
def test_api_docs_serve_only_their_own_files(client: FlaskClient, name: str) -> None:
    assert client.get(f"/api/docs/{name}").status_code == 404


def test_document_says_that_the_stores_door_needs_a_key(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    assert document["components"]["securitySchemes"]["secretKey"]["scheme"] == "bearer"
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post", "patch", "put", "delete"):
                # Platforms sign what they send instead.
                needs_key = path.startswith("/api/v1/") and not path.startswith("/api/v1/webhooks/")
                assert ("security" in operation) is needs_key, (method, path)
