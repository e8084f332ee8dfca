"""The demo store as `make run` serves it."""

import json
import uuid
from typing import Any
from urllib.request import Request, urlopen

from sqlalchemy import select

from tests.servers import LiveServer
from widget.core.db import db
from widget.customers.models import Customer
from widget.demo.accounts import DemoAccount, find_shop_origin
from widget.demo.service import stock_shop
from widget.reviews.models import Review
from widget.surveys.models import SurveyResponse


class Demo:
    """The demo as `make run` serves it, with a short history."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        self.shop = find_shop_origin(server.base_url) + "/shop"
        with server.app.app_context():
            settings = server.app.config["SETTINGS"]
            self.account: DemoAccount = stock_shop(settings.data_dir, settings.base_url)

    def ask(self, method: str, path: str, document: Any = None) -> Any:
        """Ask at the store's door as the shop's server does, with its secret key."""
        headers = {"Authorization": f"Bearer {self.account.secret_key}", "Content-Type": "application/json"}
        body = None if document is None else json.dumps(document).encode()
        asked = Request(f"{self.server.base_url}/api/v1{path}", body, headers, method=method)
        with urlopen(asked, timeout=30) as answer:
            return json.load(answer)

    def answers(self, survey_id: str, order_id: str | None = None) -> list[SurveyResponse]:
        """Return the answers to a survey that this test's shoppers gave."""
        with self.server.app.app_context():
            rows = db.session.scalars(
                select(SurveyResponse).where(SurveyResponse.survey_id == uuid.UUID(survey_id))
            ).all()
            db.session.expunge_all()
        return [row for row in rows if order_id is None or row.hidden.get("order-id") == order_id]

    def reviews(self) -> list[Review]:
        with self.server.app.app_context():
            return list(db.session.scalars(select(Review)))

    def customer_name(self, customer_id: uuid.UUID | None) -> str | None:
        with self.server.app.app_context():
            return db.session.scalar(select(Customer.name).where(Customer.id == customer_id))
