"""Writing the made-up days into the database."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from widget.core.db import insert_unless_known
from widget.customers.service import Trade
from widget.demo.accounts import DemoAccount
from widget.demo.catalogue import Shopper
from widget.demo.generator import CSAT_PLAN, NPS_PLAN, AskPlan, MadeUpAsk, make_asks
from widget.demo.people import count_days_open, find_person
from widget.demo.questionnaire import make_leavers
from widget.surveys.models import SurveyField, SurveyImpression, SurveyResponse
from widget.surveys.recording import mark_day_stale

# Whoever was asked just now would answer in the future.
LONGEST_ANSWER = timedelta(minutes=2)
DISMISSED_AFTER = timedelta(seconds=4)


class Historian:
    """Writes the made-up days of the surveys."""

    def __init__(
        self, site_id: uuid.UUID, account: DemoAccount, shop_origin: str, trades: Mapping[str, Trade], now: datetime
    ) -> None:
        self._site_id = site_id
        self._opened_on = date.fromisoformat(account.opened_on)
        self._plans = (
            (uuid.UUID(account.nps_survey_id), NPS_PLAN),
            (uuid.UUID(account.csat_survey_id), CSAT_PLAN),
        )
        # A demo made by an earlier version has no such survey.
        self._leaving_survey_id = account.leaving_survey_id
        self._shop_origin = shop_origin
        self._trades = trades
        self._until = now - LONGEST_ANSWER

    def store_day(self, connection: Connection, day: date) -> None:
        """Store the day's asks and answers up to now; what is there already stays as it is."""
        for survey_id, plan in self._plans:
            asks = [ask for ask in make_asks(plan, self._opened_on, day) if ask.at <= self._until]
            impressions = [self._impression(survey_id, ask) for ask in asks]
            responses = [self._response(survey_id, plan, ask) for ask in asks if ask.answer]
            names = sorted({name for ask in asks for name in ask.hidden})
            _insert(connection, SurveyImpression, impressions)
            _insert(connection, SurveyField, [self._field(survey_id, name) for name in names])
            _insert(connection, SurveyResponse, responses)
            mark_day_stale(connection, self._site_id, survey_id, day)
        if self._leaving_survey_id:
            self._store_leavers(connection, uuid.UUID(self._leaving_survey_id), day)

    def _store_leavers(self, connection: Connection, survey_id: uuid.UUID, day: date) -> None:
        asked = make_leavers(self._site_id, survey_id, day, f"{self._shop_origin}/shop/cart")
        pairs = [(impression, answer) for impression, answer in asked if impression["shown_at"] <= self._until]
        _insert(connection, SurveyImpression, [impression for impression, _ in pairs])
        _insert(connection, SurveyResponse, [answer for _, answer in pairs if answer])
        mark_day_stale(connection, self._site_id, survey_id, day)

    def _impression(self, survey_id: uuid.UUID, ask: MadeUpAsk) -> dict[str, Any]:
        return {
            "site_id": self._site_id,
            "id": ask.id,
            "survey_id": survey_id,
            "bucket": ask.bucket,
            "language": ask.language,
            "page_url": self._shop_origin + ask.page_path,
            "shown_at": ask.at,
            "dismissed_at": ask.at + DISMISSED_AFTER if ask.is_dismissed else None,
        }

    def _response(self, survey_id: uuid.UUID, plan: AskPlan, ask: MadeUpAsk) -> dict[str, Any]:
        answer = ask.answer
        assert answer is not None  # noqa: S101 - only answered asks come here.
        person = find_answerer(plan, ask, self._opened_on)
        trade = self._trades[person.id] if person else None
        answered_at = ask.at + timedelta(milliseconds=answer.elapsed_ms)
        return {
            "site_id": self._site_id,
            "id": ask.id,
            "survey_id": survey_id,
            "kind": plan.kind,
            "score": answer.score,
            "comment": answer.comment,
            "hidden": ask.hidden,
            "language": ask.language,
            "page_url": self._shop_origin + ask.page_path,
            "elapsed_ms": answer.elapsed_ms,
            "visitor_id": trade.visitor_id if trade else None,
            "customer_id": trade.customer_id if trade else None,
            "source": "widget",
            "flag": answer.flag,
            "answered_at": answered_at,
            "completed_at": answered_at if answer.is_complete else None,
        }

    def _field(self, survey_id: uuid.UUID, name: str) -> dict[str, Any]:
        return {"site_id": self._site_id, "survey_id": survey_id, "name": name}


def find_answerer(plan: AskPlan, ask: MadeUpAsk, opened_on: date) -> Shopper | None:
    """Return the account behind an answer: every other buyer has one; whoever only looks at a page is a stranger."""
    if ask.answer is None or not plan.has_order or ask.shopper_number % 2:
        return None
    return find_person(ask.shopper_number, count_days_open(opened_on, ask.at.date()))


def _insert(connection: Connection, model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert_unless_known(model).on_conflict_do_nothing(), rows)
