"""Contests: who takes part and how often, what the owner decides, and a draw that anybody can do again."""

import csv
import hashlib
import io
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.embed.shopper import assert_problem, read_json
from tests.loyalty.builders import find_customer
from tests.orders.builders import NOON
from tests.referrals.builders import at, start_referrals
from tests.referrals.test_at_once import together
from tests.referrals.test_embed_api import Shopper
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.customers.merging import merge_customer
from widget.referrals.contest_models import Contest, ContestEntry
from widget.referrals.contests import announce_contest, decide_entry, draw_winner, enter_contest
from widget.referrals.merging import follow_merges
from widget.referrals.rules import draw

END = NOON + timedelta(days=7)
LATER = END + timedelta(hours=1)
LINK = "https://pictures.example/p/carol?tea=1"


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with at(NOON):
        yield


def announce(app: Flask, cast: Cast) -> uuid.UUID:
    """Announce a contest of Maple that is open for a week."""
    with app.app_context():
        begin_writing_anew()
        said = {"name": "Tea time", "hashtag": "mapletea", "prize": "A pot", "starts_at": NOON, "ends_at": END}
        contest_id = announce_contest(cast.maple.id, said, NOON).id
        db.session.commit()
        return contest_id


@pytest.fixture
def contest_id(app: Flask, cast: Cast) -> uuid.UUID:
    return announce(app, cast)


def enter(shopper: Shopper, contest_id: uuid.UUID, link: str = LINK, **more: Any) -> Any:
    return shopper.send(f"/contests/{contest_id}/entries", **{"id": str(uuid.uuid4()), "link": link, **more})


def add_entries(site_id: uuid.UUID, contest_id: uuid.UUID, count: int = 5, state: str = "approved") -> None:
    """Add entries of as many customers."""
    begin_writing_anew()
    for number in range(count):
        ids = {"site_id": site_id, "customer_id": find_customer(site_id, f"shopper-{number}")}
        begin_writing_anew()
        words = {"link": LINK, "state": state, "created_at": NOON}
        db.session.add(ContestEntry(**ids, id=new_id(), contest_id=contest_id, **words))
        db.session.commit()


def list_winners(site_id: uuid.UUID) -> list[uuid.UUID]:
    db.session.rollback()
    won = (ContestEntry.site_id == site_id, ContestEntry.won_at.is_not(None))
    return list(db.session.scalars(select(ContestEntry.id).where(*won)))


def test_customer_takes_part_once(client: FlaskClient, cast: Cast, contest_id: uuid.UUID) -> None:
    carol, body = Shopper(client, cast.maple, "carol"), {"id": str(uuid.uuid4())}
    first = enter(carol, contest_id, **body)
    assert (first.status_code, read_json(first)["state"]) == (201, "pending")
    again = enter(carol, contest_id, **body)
    assert (again.status_code, again.json) == (200, first.json)
    assert_problem(enter(carol, contest_id), 409)
    assert_problem(enter(Shopper(client, cast.maple, "frank"), contest_id, **body), 409)


def test_one_id_at_once_for_two_contests_is_an_entry_to_one(app: Flask, cast: Cast, contest_id: uuid.UUID) -> None:
    contest_ids, entry_id = (contest_id, announce(app, cast)), new_id()
    with app.app_context():
        people = [find_customer(cast.maple.id, name) for name in ("carol", "frank")]

    def take_part(place: int) -> None:
        begin_writing_anew()
        enter_contest(cast.maple.id, contest_ids[place], people[place], entry_id, LINK, NOON)
        # Both have looked for the id before either is there for good.
        time.sleep(0.05)
        db.session.commit()

    assert together(app, lambda: take_part(0), lambda: take_part(1)) == {"ok": 1, "EntryIdTaken": 1}


@pytest.mark.parametrize(
    "link",
    [
        "", "http://pictures.example/p", "javascript:alert(1)", "https://", "//pictures.example/p", "data:text/html,x",
        "https://me@evil.example/", "https://pictures.example\\@evil.example", "https://a.example/ b",
        "https://a.example/\n", "https://a.example/" + "x" * 500, "https:a.example", None, 5,
    ],
)  # fmt: skip
def test_link_that_is_no_plain_https_address_is_refused(
    app: Flask, client: FlaskClient, cast: Cast, contest_id: uuid.UUID, link: Any
) -> None:
    assert_problem(enter(Shopper(client, cast.maple, "carol"), contest_id, link), 422)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ContestEntry)) == 0


def test_strangers_other_sites_and_those_who_come_late_take_no_part(
    client: FlaskClient, cast: Cast, contest_id: uuid.UUID
) -> None:
    assert_problem(enter(Shopper(client, cast.maple), contest_id), 401)
    assert_problem(enter(Shopper(client, cast.bobs, "carol"), contest_id), 404)
    assert_problem(enter(Shopper(client, cast.maple, "carol"), uuid.uuid4()), 404)
    for moment in (NOON - timedelta(seconds=1), END):
        with at(moment):
            assert_problem(enter(Shopper(client, cast.maple, "carol"), contest_id), 409)


def test_shopper_sees_the_contest_and_nobody_the_seed_before_the_draw(
    app: Flask, client: FlaskClient, cast: Cast, contest_id: uuid.UUID
) -> None:
    with app.app_context():
        start_referrals(cast.maple.id)
    carol = Shopper(client, cast.maple, "carol")
    enter(carol, contest_id)
    told = carol.see()["contest"]
    assert (told["prize"], told["is_open"], told["entry"]["state"]) == ("A pot", True, "pending")
    assert "seed" not in told
    assert len(told["seed_hash"]) == 64
    assert Shopper(client, cast.maple).see()["contest"]["entry"] is None


def test_element_says_how_a_contest_stands(app: Flask, client: FlaskClient, cast: Cast, contest_id: uuid.UUID) -> None:
    with app.app_context():
        start_referrals(cast.maple.id)
    carol, stranger = Shopper(client, cast.maple, "carol"), Shopper(client, cast.maple)

    def read(shopper: Shopper) -> tuple[str, bool]:
        contest = shopper.see()["contest"]
        return contest["lines"][-1], contest["may_enter"]

    assert read(stranger) == ("Sign in to take part.", False)
    assert carol.see()["contest"]["lines"][0] == "Share a picture with #mapletea by May 11, 2026. The prize: A pot."
    assert read(carol)[1]
    entry_id = uuid.UUID(read_json(enter(carol, contest_id))["id"])
    assert read(carol) == ("Your picture is in. The store takes a look, and then it takes part.", False)
    with app.app_context():
        begin_writing_anew()
        decide_entry(cast.maple.id, contest_id, entry_id, "approved", NOON)
        db.session.commit()
    assert read(carol) == ("Your picture takes part.", False)
    with at(LATER), app.app_context():
        assert read(stranger) == ("It is over. The winner is drawn soon.", False)
        begin_writing_anew()
        draw_winner(cast.maple.id, contest_id, LATER)
        db.session.commit()
        assert read(Shopper(client, cast.maple, "carol"))[0].startswith("You have won: A pot.")
        assert read(stranger) == ("C••• has won: A pot.", False)
    with at(LATER + timedelta(days=31)):
        assert "contest" not in Shopper(client, cast.maple).see()


def test_draw_can_be_done_again_by_anybody(
    app: Flask, client: FlaskClient, alice: OwnerBrowser, cast: Cast, contest_id: uuid.UUID
) -> None:
    with app.app_context():
        add_entries(cast.maple.id, contest_id)
    page = f"/dashboard/{cast.maple.key}/referrals/contests/{contest_id}"
    before = alice.get(page).text
    alice.post(f"{page}/draw", page=page)
    assert "not over yet" in alice.get(page).text
    with at(LATER):
        for _ in range(2):
            alice.post(f"{page}/draw", page=f"/dashboard/{cast.maple.key}/referrals/contests")
        shown = alice.get(page).text
        address = f"/embed/v1/{cast.maple.key}/contests/{contest_id}"
        told = read_json(client.get(address, headers=cast.maple.page_headers))
        rows = list(csv.DictReader(io.StringIO(alice.get(f"{page}/export").text)))
    assert told["seed_hash"] in before
    assert told["seed"] not in before
    assert told["seed"] in shown
    assert hashlib.sha256(told["seed"].encode()).hexdigest() == told["seed_hash"]
    assert draw(told["seed"], told["entries"]) == told["winner"]["id"]
    assert min(rows, key=lambda row: row["ticket"])["id"] == told["winner"]["id"]
    with app.app_context():
        assert [str(winner) for winner in list_winners(cast.maple.id)] == [told["winner"]["id"]]


def test_entries_that_wait_are_decided_before_the_draw_and_none_after(
    app: Flask, alice: OwnerBrowser, cast: Cast, contest_id: uuid.UUID
) -> None:
    with app.app_context():
        add_entries(cast.maple.id, contest_id, 2, "pending")
        ids = list(db.session.scalars(select(ContestEntry.id)))
    page = f"/dashboard/{cast.maple.key}/referrals/contests/{contest_id}"
    token_page = f"/dashboard/{cast.maple.key}/referrals/contests"
    with at(LATER):
        alice.post(f"{page}/draw", page=token_page)
        assert "Decide of the entries that wait first." in alice.get(page).text
        for entry_id, state in zip(ids, ("approved", "rejected"), strict=True):
            alice.post(f"{page}/entries/{entry_id}", page=page, state=state)
        alice.post(f"{page}/draw", page=page)
        alice.post(f"{page}/entries/{ids[0]}", page=token_page, state="rejected")
        assert "The winner is drawn." in alice.get(page).text
    with app.app_context():
        assert list_winners(cast.maple.id) == [ids[0]]


def test_two_who_draw_at_once_draw_one_winner(app: Flask, cast: Cast, contest_id: uuid.UUID) -> None:
    with app.app_context():
        add_entries(cast.maple.id, contest_id)

    drawn: list[uuid.UUID] = []

    def draw_once() -> None:
        begin_writing_anew()
        drawn.append(draw_winner(cast.maple.id, contest_id, LATER).id)
        db.session.commit()

    assert together(app, *[draw_once] * 4) == {"ok": 4}
    with app.app_context():
        assert list_winners(cast.maple.id) == [drawn[0]]
    assert len(set(drawn)) == 1


def test_winner_who_is_merged_into_another_customer_stays_the_winner(
    app: Flask, cast: Cast, contest_id: uuid.UUID
) -> None:
    with app.app_context():
        add_entries(cast.maple.id, contest_id, 2)
        begin_writing_anew()
        winner = draw_winner(cast.maple.id, contest_id, LATER)
        winner_id, old_id = winner.id, winner.customer_id
        other_id = db.session.scalar(select(ContestEntry.customer_id).where(ContestEntry.won_at.is_(None)))
        assert other_id is not None
        merge_customer(cast.maple.id, old_id, other_id)
        follow_merges(cast.maple.id, [other_id], NOON)
        db.session.commit()
        assert list_winners(cast.maple.id) == [winner_id]


def test_contest_is_announced_in_a_form_and_removed_while_nobody_has_entered(
    app: Flask, alice: OwnerBrowser, cast: Cast
) -> None:
    page = f"/dashboard/{cast.maple.key}/referrals/contests"
    words = {"name": "Tea time", "hashtag": "#mapletea", "prize": "A pot", "starts_at": "2026-05-04T12:00"}
    for wrong in (
        {"ends_at": "2026-05-04T11:00"}, {"ends_at": "soon"}, {"hashtag": "a b"}, {"name": ""}, {"prize": "x\x00"},
    ):  # fmt: skip
        answer = alice.post(page, page=page, **{**words, "ends_at": "2026-05-18T12:00", **wrong})
        assert answer.status_code == 422
    made = alice.post(page, page=page, **words, ends_at="2026-05-18T12:00")
    shown = alice.get(made.location).text
    assert "#mapletea" in shown
    assert "Tea time" in alice.get(page).text
    alice.post(f"{made.location}/remove", page=made.location)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Contest)) == 0


def test_bob_does_nothing_with_alices_contest(app: Flask, bob: OwnerBrowser, cast: Cast, contest_id: uuid.UUID) -> None:
    with app.app_context():
        add_entries(cast.maple.id, contest_id, 1, "pending")
        entry_id = db.session.scalar(select(ContestEntry.id))
    own = f"/dashboard/{cast.bobs.key}/referrals/contests"
    with at(LATER):
        for path in ("", "/export"):
            assert bob.get(f"{own}/{contest_id}{path}").status_code == 404
        for path in ("draw", "remove", f"entries/{entry_id}"):
            assert bob.post(f"{own}/{contest_id}/{path}", page=own, state="approved").status_code == 404
    with app.app_context():
        assert db.session.scalar(select(ContestEntry.state)) == "pending"
        assert list_winners(cast.maple.id) == []
