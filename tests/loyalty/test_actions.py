"""What customers do earns points once, never by what they think, and only for who takes part."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import Cast
from tests.embed.shopper import assert_problem, make_survey, post_answer, read_json
from tests.intake.store import post, put_customer
from tests.loyalty.builders import find_customer, read_account, start_program
from tests.reviews.writers import post_review, read_review, sign_in
from widget.core.db import begin_writing_anew, db
from widget.loyalty.models import LedgerEntry
from widget.loyalty.tasks import award_due_occasions
from widget.loyalty.verifying import find_faults
from widget.reviews import moderation

REVIEW = {"key": "review", "points": 20, "extra_points": 10, "limit": 5, "per": "month"}
ALWAYS = {"limit": None, "per": "ever"}


def start(app: Flask, cast: Cast, *actions: dict[str, Any], **rules: Any) -> None:
    with app.app_context():
        start_program(cast.maple.id, actions=list(actions), **rules)


def balance(app: Flask, cast: Cast, name: str = "carol") -> int:
    with app.app_context():
        found = read_account(cast.maple.id, find_customer(cast.maple.id, name)).balance
        assert list(find_faults(cast.maple.id)) == []
        return found


def list_rules(app: Flask) -> list[str | None]:
    with app.app_context():
        return list(db.session.scalars(select(LedgerEntry.rule).order_by(LedgerEntry.recorded_at, LedgerEntry.number)))


def decide(app: Flask, cast: Cast, review_id: str, step: str, *more: str) -> None:
    with app.app_context():
        begin_writing_anew()
        getattr(moderation, step)(cast.maple.id, uuid.UUID(review_id), "alice@maple.example", *more)
        db.session.commit()


def test_published_review_earns_once_and_says_so(app: Flask, client: FlaskClient, cast: Cast) -> None:
    start(app, cast, REVIEW)
    carol = sign_in(client, cast.maple)
    review = read_json(post_review(client, cast.maple, carol, rating=1))
    assert balance(app, cast) == 20
    assert read_review(app, review["id"]).is_incentivized
    for step in ("hold_review", "publish_review", "feature_review"):
        decide(app, cast, review["id"], step)
    assert balance(app, cast) == 20


def test_review_earns_when_an_owner_publishes_it_and_loses_it_as_spam(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    start(app, cast, REVIEW)
    carol = sign_in(client, cast.maple)
    spammy = read_json(post_review(client, cast.maple, carol, body="Buy at https://a.example and https://b.example"))
    review = read_review(app, spammy["id"])
    assert (review.state, review.is_incentivized) == ("pending", False)
    assert balance(app, cast) == 0
    for step, more, points in (
        ("publish_review", (), 20),
        ("reject_review", ("off_topic",), 20),
        ("reject_review", ("spam",), 0),
        ("reject_review", ("fake",), 0),
        ("publish_review", (), 20),
        ("reject_review", ("spam",), 0),
    ):
        decide(app, cast, spammy["id"], step, *more)
        assert balance(app, cast) == points, (step, more)
    assert read_review(app, spammy["id"]).is_incentivized


def test_review_without_a_program_or_an_account_earns_nothing(app: Flask, client: FlaskClient, cast: Cast) -> None:
    review = read_json(post_review(client, cast.maple, sign_in(client, cast.maple)))
    assert not read_review(app, review["id"]).is_incentivized
    start(app, cast, REVIEW)
    decide(app, cast, review["id"], "hold_review")
    decide(app, cast, review["id"], "publish_review")
    # It was published for the first time before there was anything to earn.
    assert list_rules(app) == []


@pytest.mark.parametrize("score", [0, 10])
def test_finished_survey_earns_once_a_period_whatever_the_score(
    app: Flask, client: FlaskClient, cast: Cast, score: int
) -> None:
    start(app, cast, {"key": "survey", "points": 10, "limit": 2, "per": "month"})
    carol, surveys = sign_in(client, cast.maple), [make_survey(app, cast.maple) for _ in range(3)]
    read_json(post_answer(client, cast.maple, surveys[0], carol, answers={"score": score}, completed=False))
    read_json(post_answer(client, cast.maple, surveys[0]))
    assert list_rules(app) == []
    for survey in (surveys[0], surveys[0], surveys[1], surveys[2]):
        read_json(post_answer(client, cast.maple, survey, carol, answers={"score": score}))
    assert balance(app, cast) == 20


def test_profile_earns_once_all_of_it_is_told(app: Flask, client: FlaskClient, cast: Cast) -> None:
    start(app, cast, {"key": "profile", "points": 30, **ALWAYS})
    told = {
        "birthday": {"value": "1990-05-31", "consent_text": "Keep it."},
        "interests": {"value": ["tea"], "consent_text": "Keep them."},
    }
    for attributes, points in (({"birthday": told["birthday"]}, 0), (told, 30), (told, 30)):
        read_json(put_customer(client, cast.maple, "carol", attributes=attributes))
        assert balance(app, cast) == points


def test_where_one_must_join_nothing_is_earned_before(app: Flask, client: FlaskClient, cast: Cast) -> None:
    start(app, cast, REVIEW, {"key": "signup", "points": 50, **ALWAYS}, enrolment="joining")
    read_json(post_review(client, cast.maple, sign_in(client, cast.maple)))
    assert list_rules(app) == []


def tell_birthday(client: FlaskClient, cast: Cast, name: str, birthday: str) -> None:
    attributes = {"birthday": {"value": birthday, "consent_text": "Keep it."}}
    read_json(put_customer(client, cast.maple, name, attributes=attributes))


@pytest.mark.parametrize(
    ("born", "now", "points"),
    [
        # Tokyo is in the next day already, New York still in the one before.
        ("1990-06-01", datetime(2026, 5, 31, 15, 30, tzinfo=UTC), 25),
        ("--06-01", datetime(2026, 5, 31, 14, 30, tzinfo=UTC), 0),
        ("2000-02-29", datetime(2027, 2, 28, 3, tzinfo=UTC), 25),
        ("2000-02-29", datetime(2028, 2, 28, 3, tzinfo=UTC), 0),
        ("2000-02-29", datetime(2028, 2, 29, 3, tzinfo=UTC), 25),
        # The worker was down on the day itself.
        ("1990-05-30", datetime(2026, 6, 1, 3, tzinfo=UTC), 25),
    ],
)
def test_birthday_is_given_on_the_day_of_the_store(
    app: Flask, client: FlaskClient, cast: Cast, born: str, now: datetime, points: int
) -> None:
    with time_machine.travel(now - timedelta(days=30), tick=False):
        start(app, cast, {"key": "birthday", "points": 25, **ALWAYS}, time_zone="Asia/Tokyo")
        tell_birthday(client, cast, "carol", born)
        tell_birthday(client, cast, "frank", "1990-10-10")
    for hours in (0, 1):
        with time_machine.travel(now + timedelta(hours=hours), tick=False), app.app_context():
            if not points and hours:
                continue
            award_due_occasions()
    assert balance(app, cast) == points
    assert balance(app, cast, "frank") == 0


def test_anniversary_of_joining_is_given_every_year_but_the_first(app: Flask, client: FlaskClient, cast: Cast) -> None:
    joined = datetime(2024, 2, 29, 12, tzinfo=UTC)
    with time_machine.travel(joined, tick=False):
        start(app, cast, {"key": "anniversary", "points": 40, **ALWAYS})
        read_json(put_customer(client, cast.maple, "carol", name="Carol"))
    given = []
    for day in (date(2024, 2, 29), date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 3), date(2028, 2, 29)):
        with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False), app.app_context():
            award_due_occasions()
        given.append(balance(app, cast))
    assert given == [0, 0, 40, 40, 80]


def act(client: FlaskClient, cast: Cast, headers: dict[str, str], action: Any) -> Any:
    site = cast.maple
    body = {"action": action}
    return client.post(f"/embed/v1/{site.key}/points/actions", json=body, headers={**site.page_headers, **headers})


def test_social_action_is_taken_at_its_word_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert_problem(act(client, cast, sign_in(client, cast.maple), "social.instagram"), 404)
    start(app, cast, {"key": "social.instagram", "points": 15, **ALWAYS})
    carol = sign_in(client, cast.maple)
    assert read_json(act(client, cast, carol, "social.instagram")) == {"points": 15, "balance": 15}
    assert read_json(act(client, cast, carol, "social.instagram")) == {"points": 0, "balance": 15}
    assert_problem(act(client, cast, carol, "social.tiktok"), 404)
    for refused in ("event.newsletter", "social.", "social.A B", 7, None, "social.\x00"):
        assert_problem(act(client, cast, carol, refused), 422)
    assert_problem(act(client, cast, {}, "social.instagram"), 401)


def test_event_of_the_store_earns_once_for_each_id(app: Flask, client: FlaskClient, cast: Cast) -> None:
    start(app, cast, {"key": "event.newsletter", "points": 5, "limit": 2, "per": "day"})
    read_json(put_customer(client, cast.maple, "carol", name="Carol"))
    path, earned = "customers/carol/points/actions", []
    for event in ("a", "a", "b", "c"):
        earned.append(read_json(post(client, cast.maple, path, {"action": "event.newsletter", "id": event}))["points"])
    assert earned == [5, 0, 5, 0]
    assert_problem(post(client, cast.maple, path, {"action": "event.other", "id": "a"}), 404)
    assert_problem(post(client, cast.maple, path, {"action": "social.instagram", "id": "a"}), 422)
    assert_problem(post(client, cast.maple, path, {"action": "event.newsletter"}), 422)
    assert_problem(post(client, cast.bobs, path, {"action": "event.newsletter", "id": "a"}), 404)
