"""A product to measure: a database, a site, a survey and a customer's tokens."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from uuid_utils import uuid7

from bench.common import Server
from bench.load import http_request
from tests.applications import dispose, make_application
from tests.cast import Cast, make_cast
from tests.databases import PostgresServer
from widget.config import Settings
from widget.core.db import begin_writing, db
from widget.sites.models import Site
from widget.surveys.service import create_survey

DATABASES = ("sqlite", "postgresql")
UNLIMITED = "1000000000"


@dataclass
class Product:
    """One prepared site and how to serve it."""

    environ: dict[str, str]
    cast: Cast
    survey_id: uuid.UUID
    tokens: dict[str, str] = field(default_factory=dict)

    def server(self) -> Server:
        return Server("wsgi:app", self.environ)

    def get(self, path: str) -> bytes:
        """Return a browser's GET of a path below /embed/v1/SITE_KEY."""
        return http_request("GET", f"/embed/v1/{self.cast.maple.key}{path}", Accept_Encoding="br, gzip")

    def response_request(self) -> bytes:
        """Return a new finished answer of a known customer, as a browser sends it."""
        body = {
            "id": str(uuid7()),
            "answers": {"score": 9, "comment": "Fast delivery and a lovely parcel."},
            "completed": True,
            "hidden": {"order_id": "1001", "product": "maple-syrup"},
            "language": "en",
            "page_url": "https://maple.example/orders/1001/thanks",
            "elapsed_ms": 5400,
            "website": "",
        }
        return http_request(
            "POST",
            f"/embed/v1/{self.cast.maple.key}/surveys/{self.survey_id}/responses",
            orjson.dumps(body),
            Content_Type="application/json",
            Origin=self.cast.maple.origin,
            X_Regulars_Visitor=self.tokens["visitor_token"],
            Authorization=f"Bearer {self.tokens['session_token']}",
        )


@contextmanager
def prepare_product(database: str) -> Iterator[Product]:
    """Make a product on "sqlite" or "postgresql" in a folder of its own."""
    with TemporaryDirectory(prefix="regulars-bench-") as folder:
        environ = {
            "DATA_DIR": folder,
            "VISITOR_LIMIT": UNLIMITED,
            "PREFIX_LIMIT": UNLIMITED,
            "SITE_LIMIT": UNLIMITED,
            "ENVIRONMENT": "production",
            "SECRET_KEY": uuid.uuid4().hex,
            "BASE_URL": "https://feedback.example",
        }
        postgres = None
        if database == "postgresql":
            postgres = PostgresServer(Path(folder) / "postgres")
            environ["DATABASE_URL"] = postgres.create_database()
        app = make_application(Settings.from_env(environ))
        cast = make_cast(app)
        with app.app_context():
            begin_writing()
            survey = create_survey(db.session.get_one(Site, cast.maple.id), kind="nps", name="After the order")
            survey_id = survey.id
            db.session.commit()
        answer = app.test_client().post(
            f"/embed/v1/{cast.maple.key}/sessions",
            json={"customer_token": cast.maple.sign_customer("carol")},
            headers=cast.maple.page_headers,
        )
        yield Product(environ, cast, survey_id, answer.get_json())
        dispose(app)
        if postgres is not None:
            postgres.stop()
