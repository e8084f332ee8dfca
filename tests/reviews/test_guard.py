"""Stars are no condition of anything, and owners are told where few stars are published less often than many."""

import ast
import re
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema
from sqlalchemy.exc import SQLAlchemyError

from tests.cast import Cast
from tests.house.source import WIDGET, parse
from tests.reviews.builders import count_summaries, read_summaries, store
from widget import rooms  # noqa: F401 - importing the rooms declares their tables.
from widget.core.db import Model, begin_writing_anew, db
from widget.core.mail_models import OutgoingMail
from widget.reviews import attributes, moderation, rules, settings, store_schemas
from widget.reviews.bulk import decide_many
from widget.reviews.errors import ReviewStepRefused
from widget.reviews.history import find_altered, list_events
from widget.reviews.models import Review, ReviewEvent

STARS = re.compile(r"rating|stars?\b|score|sentiment|positive|negative")
# Where the stars themselves are kept or counted; everything else about reviews must not know of them.
KEPT = {"reviews", "reviewed_products", "review_tallies"}
# What decides, asks or rewards: none of it may read how many stars a review has. A mail shows its author their own.
DECIDING = ("moderation", "bulk", "answering", "settings", "spam", "requesting", "confirming")


def test_no_reason_stands_for_negative() -> None:
    for reason in (*rules.REJECT_REASONS, *rules.OTHER_REJECT_REASONS, *rules.HOLD_REASONS, *rules.REPORT_REASONS):
        assert not STARS.search(reason)


def test_no_table_of_settings_requests_or_mails_knows_stars() -> None:
    names = [
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        if (table.name.startswith("review") or table is OutgoingMail.__table__) and table.name not in KEPT
        for column in table.columns
    ]
    assert "review_settings.moderation" in names
    assert not [name for name in names if STARS.search(name.partition(".")[2])]


def test_no_schema_that_decides_knows_stars() -> None:
    schemas = (settings.ReviewSettingsIn, store_schemas.RejectionIn, store_schemas.IncentiveIn)
    for schema in schemas:
        assert not [name for name in _list_fields(schema) if STARS.search(name)], schema
    with pytest.raises(attributes.InvalidFields):
        attributes.check_definitions([{"key": "fit", "type": "scale", "labels": {"en": "Fit"}, "min_rating": 4}])


def _list_fields(schema: type[Schema]) -> list[str]:
    return list(schema().fields)


def test_nothing_that_decides_reads_stars() -> None:
    for name in DECIDING:
        assert _names_of_stars(WIDGET / "reviews" / f"{name}.py") == set(), name


def _names_of_stars(path: Path) -> set[str]:
    nodes = list(ast.walk(parse(path)))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names |= {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {argument.arg for node in nodes if isinstance(node, ast.FunctionDef) for argument in node.args.args}
    return {name for name in names if STARS.search(name)}


def change(app: Flask, decide: Any, failures: list[str]) -> None:
    with app.app_context():
        try:
            begin_writing_anew()
            decide()
            db.session.commit()
        except (ReviewStepRefused, SQLAlchemyError) as error:
            failures.append(repr(error))


def run_at_once(app: Flask, *decisions: Any) -> list[str]:
    failures: list[str] = []
    threads = [threading.Thread(target=change, args=(app, decide, failures)) for decide in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_two_owners_who_decide_at_once_leave_two_steps_and_exact_figures(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        ids = store(
            site_id, *({"state": "pending", "hold_reason": "moderation", "rating": n % 5 + 1} for n in range(6))
        )

    def publish(review_id: uuid.UUID) -> moderation.Step:
        return moderation.publish_review(site_id, review_id, "alice@maple.example")

    def reject(review_id: uuid.UUID) -> moderation.Step:
        return moderation.reject_review(site_id, review_id, "erin@maple.example", "off_topic")

    one = ids[0]
    assert run_at_once(
        app,
        lambda: decide_many(site_id, ids, publish),
        lambda: decide_many(site_id, ids[::-1], reject),
        lambda: publish(one),
        lambda: reject(ids[-1]),
    ) == []  # fmt: skip
    with app.app_context():
        assert read_summaries(site_id) == count_summaries(site_id)
        for review_id in ids:
            events = list_events(site_id, review_id)
            assert find_altered(events) is None
            assert {"published", "rejected"} <= {event.kind for event in events}
            assert db.session.get_one(Review, (site_id, review_id)).state == events[-1].after["state"]


def test_first_of_two_undos_at_once_wins(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        (review_id,) = store(site_id, {"state": "pending", "hold_reason": "suspicious"})
        begin_writing_anew()
        moderation.publish_review(site_id, review_id, "alice@maple.example")
        db.session.commit()

    def undo() -> moderation.Step:
        return moderation.undo_step(site_id, review_id, 2, "alice@maple.example")

    failures = run_at_once(app, undo, undo)
    assert [ReviewStepRefused.__name__ in failure for failure in failures] == [True]
    with app.app_context():
        assert db.session.get_one(Review, (site_id, review_id)).hold_reason == "suspicious"
        assert db.session.get(ReviewEvent, (site_id, review_id, 4)) is None


def test_incentive_is_never_taken_back(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        (review_id,) = store(site_id)
        for incentive in ("100 points", None, "", "A coupon"):
            begin_writing_anew()
            review = moderation.mark_incentivized(site_id, review_id, incentive).review
            assert review.is_incentivized
            assert review.incentive
            db.session.commit()
        assert review.incentive == "A coupon"
