"""A segment holds exactly the customers who meet its conditions, on either database."""

import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.insights.segment_store import Person, make_people, meets
from tests.long_run import at_length
from tests.orders.builders import make_order, take
from tests.surveys.builders import make_customer, make_survey
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.problems import InvalidFields
from widget.customers.models import Customer
from widget.customers.rules import Buyer
from widget.customers.segment_models import Segment, SegmentMember
from widget.insights import segments
from widget.insights.conditions import FIELDS, find_condition_errors, range_of
from widget.insights.errors import SegmentInUse
from widget.insights.segment_sql import select_members
from widget.insights.segment_tasks import refresh_stale_segments

ORDERED = {"field": "has_ordered", "comparison": "is", "value": True}
RECENT = {"field": "last_order", "comparison": "within_days", "value": 30}


@pytest.fixture
def site_id(app: Flask, cast: Cast) -> Iterator[uuid.UUID]:
    with app.app_context():
        yield cast.maple.id
        db.session.rollback()


def draw_condition(draw: random.Random, name: str) -> dict[str, Any]:
    field = FIELDS[name]
    values: dict[str, Any] = {
        "flag": draw.choice([True, False]),
        "choice": draw.choice(field.choices or ("",)),
        "text": draw.choice(["female", "MALE", "élan", "milano", "nobody"]),
        "number": draw.randrange(0, 4),
        "quintile": draw.randrange(1, 6),
        "money": draw.randrange(0, 40) * 500,
        "days": draw.randrange(1, 400),
    }
    return {"field": name, "comparison": draw.choice(field.comparisons), "value": values[field.kind]}


def find(site_id: uuid.UUID, how: str, *conditions: dict[str, Any], now: Any) -> set[uuid.UUID]:
    return set(db.session.scalars(select_members(site_id, how, conditions, now)))


def expect(people: list[Person], how: str, *conditions: dict[str, Any], now: Any) -> set[uuid.UUID]:
    test = all if how == "all" else any
    return {one.id for one in people if test(meets(people, one, condition, now) for condition in conditions)}


@pytest.mark.parametrize("seed", range(at_length(3, otherwise=1)))
def test_every_condition_finds_whom_a_plain_count_finds(site_id: uuid.UUID, seed: int) -> None:
    draw, now = random.Random(seed), utc_now()
    people = make_people(site_id, now, draw)
    for name in FIELDS:
        for _ in range(8):
            condition = draw_condition(draw, name)
            assert find_condition_errors(condition) == {}
            assert find(site_id, "all", condition, now=now) == expect(people, "all", condition, now=now), condition
    for _ in range(40):
        how = draw.choice(["all", "any"])
        chosen = [draw_condition(draw, name) for name in draw.choices(list(FIELDS), k=draw.randrange(1, 5))]
        assert find(site_id, how, *chosen, now=now) == expect(people, how, *chosen, now=now), (how, chosen)


def test_the_greatest_numbers_a_condition_may_name_fit_into_both_databases(site_id: uuid.UUID) -> None:
    take(site_id, make_order())
    for field in FIELDS.values():
        if field.kind in ("number", "quintile", "money", "days"):
            for value in range_of(field):
                for comparison in field.comparisons:
                    find(site_id, "all", {"field": field.name, "comparison": comparison, "value": value}, now=utc_now())


def test_a_text_is_a_value_and_never_part_of_the_statement(site_id: uuid.UUID) -> None:
    take(site_id, make_order())
    evil = "x') OR 1=1 --"
    assert find(site_id, "all", {"field": "area", "comparison": "is", "value": evil}, now=utc_now()) == set()


def make(site_id: uuid.UUID, *conditions: dict[str, Any], name: str = "Buyers") -> Segment:
    begin_writing_anew()
    segment = segments.create_segment(site_id, name, "all", conditions)
    db.session.commit()
    return segment


def members_of(segment: Segment) -> set[uuid.UUID]:
    return set(
        db.session.scalars(
            select(SegmentMember.customer_id).where(
                SegmentMember.site_id == segment.site_id, SegmentMember.segment_id == segment.id
            )
        )
    )


def test_saving_finds_the_members_at_once(site_id: uuid.UUID) -> None:
    take(site_id, make_order(), make_order(2, buyer=Buyer(email="guest@x.example")))
    segment = make(site_id, ORDERED)
    assert (segment.members, len(members_of(segment))) == (2, 2)
    begin_writing_anew()
    guests = {"field": "is_guest", "comparison": "is", "value": True}
    segments.change_segment(segment, {"conditions": [ORDERED, guests]})
    db.session.commit()
    assert (segment.members, len(members_of(segment))) == (1, 1)


def test_the_worker_adds_and_removes_only_the_difference_an_hour_later(site_id: uuid.UUID, time_machine: Any) -> None:
    now = utc_now()
    take(site_id, make_order(placed_at=now - timedelta(days=29)))
    segment = make(site_id, RECENT)
    (carol,) = members_of(segment)
    take(site_id, make_order(2, placed_at=now, buyer=Buyer("frank")))
    refresh_stale_segments()
    assert members_of(segment) == {carol}, "it was counted a moment ago"
    time_machine.move_to(now + timedelta(minutes=61))
    refresh_stale_segments()
    assert len(members_of(segment)) == 2
    time_machine.move_to(now + timedelta(days=2), tick=False)
    refresh_stale_segments()
    db.session.expire_all()
    assert carol not in members_of(segment)
    assert (segment.members, segment.counted_at) == (1, utc_now())


def test_who_became_one_with_another_leaves_the_segment(site_id: uuid.UUID) -> None:
    take(site_id, make_order())
    segment = make(site_id, ORDERED)
    begin_writing_anew()
    frank = make_customer(site_id, "frank")
    db.session.flush()
    (carol,) = members_of(segment)
    db.session.get_one(Customer, (site_id, carol)).merged_into_id = frank.id
    segments.refresh_members(segment)
    assert members_of(segment) == set()
    assert segments.count_members(site_id, "all", [ORDERED]) == (0, 1)


def test_other_sites_customers_never_count(site_id: uuid.UUID, cast: Cast) -> None:
    take(cast.bobs.id, make_order())
    assert segments.count_members(site_id, "all", [ORDERED]) == (0, 0)


def test_two_segments_of_a_site_have_two_names(site_id: uuid.UUID, cast: Cast) -> None:
    segment = make(site_id, ORDERED)
    with pytest.raises(InvalidFields):
        make(site_id, RECENT)
    assert make(cast.bobs.id, ORDERED).name == "Buyers"
    begin_writing_anew()
    assert segments.duplicate_segment(segment).name == "Buyers (2)"
    assert segments.duplicate_segment(segment).name == "Buyers (3)"


def test_a_segment_a_survey_asks_is_not_deleted_under_it(site_id: uuid.UUID) -> None:
    segment = make(site_id, ORDERED)
    begin_writing_anew()
    survey = make_survey(site_id, gates={"segments": [str(segment.id)]})
    with pytest.raises(SegmentInUse, match="After the order"):
        segments.delete_segment(segment)
    survey.state = "archived"
    segments.delete_segment(segment)
    assert db.session.scalar(select(Segment.id)) is None
