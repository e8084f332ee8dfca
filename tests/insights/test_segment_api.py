"""Segments by the interface, by the command, and as a file."""

import csv
import io
import uuid
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.embed.shopper import assert_problem, read_json
from tests.orders.builders import make_order, take
from widget.core.db import db
from widget.customers.rules import Buyer

ORDERED = {"field": "has_ordered", "comparison": "is", "value": True}
SEGMENT = {"name": "Buyers", "conditions": [ORDERED]}
URL = "/api/v1/segments"


@pytest.fixture
def store(app: Flask, client: FlaskClient, cast: Cast) -> "StoreServer":
    """The store's server, with three buyers, one of them a guest without a name."""
    with app.app_context():
        take(
            cast.maple.id,
            make_order(1, buyer=Buyer("carol", "Carol@Shoppers.example", "=Carol()")),
            make_order(2, buyer=Buyer("frank")),
            make_order(3, buyer=Buyer(email="guest@x.example")),
        )
        db.session.rollback()
    return StoreServer(client, cast.maple.store_headers)


class StoreServer:
    """Requests with a site's secret key."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    def send(self, method: str, path: str = "", **options: Any) -> Any:
        return self.client.open(URL + path, method=method, headers=self.headers, **options)

    def make(self, **changes: Any) -> dict[str, Any]:
        return read_json(self.send("POST", json=SEGMENT | changes))


def test_a_segment_is_made_with_its_members(store: StoreServer) -> None:
    made = store.make()
    assert (made["members"], made["meets"], made["conditions"]) == (3, "all", [ORDERED])
    assert read_json(store.send("GET", f"/{made['id']}")) == made
    assert read_json(store.send("GET"))["items"] == [made]


def test_members_page_by_cursor_and_each_comes_once(store: StoreServer) -> None:
    path, seen, cursor = f"/{store.make()['id']}/members?limit=2", [], ""
    for expected in (2, 1):
        page = read_json(store.send("GET", path + cursor))
        assert len(page["items"]) == expected
        seen += [(item["customer"], item["email"]) for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert sorted(seen, key=str) == [
        ("carol", "carol@shoppers.example"), ("frank", None), (None, "guest@x.example"),
    ]  # fmt: skip
    assert_problem(store.send("GET", f"{path}&cursor=x"), 422)


def test_a_change_finds_the_members_anew(store: StoreServer) -> None:
    made = store.make()
    guests = {"field": "is_guest", "comparison": "is", "value": True}
    changed = read_json(store.send("PATCH", f"/{made['id']}", json={"conditions": [guests], "meets": "any"}))
    assert (changed["members"], changed["name"], changed["meets"]) == (1, "Buyers", "any")


def test_a_deleted_segment_is_gone_unless_a_survey_needs_it(store: StoreServer) -> None:
    first, second = store.make(), store.make(name="Others")
    survey = {"kind": "nps", "name": "Loyal only", "gates": {"segments": [second["id"]]}}
    made = read_json(store.client.post("/api/v1/surveys", json=survey, headers=store.headers))
    assert made["gates"] == {"segments": [second["id"]]}
    assert store.send("DELETE", f"/{first['id']}").status_code == 204
    assert_problem(store.send("DELETE", f"/{first['id']}"), 404)
    problem = assert_problem(store.send("DELETE", f"/{second['id']}"), 409)
    assert (problem["type"], problem["detail"]) == ("urn:regulars:problem:segment-in-use", "Loyal only")


def test_a_survey_for_a_segment_that_is_not_is_refused(store: StoreServer) -> None:
    for unknown in (str(uuid.uuid4()), "x"):
        survey = {"kind": "nps", "name": "For nobody", "gates": {"segments": [unknown]}}
        assert_problem(store.client.post("/api/v1/surveys", json=survey, headers=store.headers), 422)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"conditions": []}, "#/conditions"),
        ({"conditions": [ORDERED] * 21}, "#/conditions"),
        ({"conditions": ["x"]}, "#/conditions/0"),
        ({"conditions": [{**ORDERED, "value": "yes"}]}, "#/conditions/0/value"),
        ({"conditions": [{**ORDERED, "more": 1}]}, "#/conditions/0/more"),
        ({"conditions": [{"field": "orders", "comparison": "at_least", "value": True}]}, "#/conditions/0/value"),
        ({"conditions": [{"field": "area", "comparison": "is", "value": "a\u0000b"}]}, "#/conditions/0/value"),
        ({"name": "\u0000"}, "#/name"),
        ({"name": "x" * 101}, "#/name"),
        ({"meets": "none"}, "#/meets"),
        ({"owner": "me"}, "#/owner"),
    ],
)
def test_bad_input_is_refused_and_nothing_stored(store: StoreServer, body: dict[str, Any], pointer: str) -> None:
    problem = assert_problem(store.send("POST", json=SEGMENT | body), 422)
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert read_json(store.send("GET"))["items"] == []


def test_a_repeat_with_its_key_makes_one_segment(store: StoreServer) -> None:
    headers = {**store.headers, "Idempotency-Key": "a-key-of-my-own"}
    answers = [store.client.post(URL, json=SEGMENT, headers=headers) for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert len(read_json(store.send("GET"))["items"]) == 1


def test_another_site_finds_no_segment(store: StoreServer, client: FlaskClient, cast: Cast) -> None:
    path = f"/{store.make()['id']}"
    bob = StoreServer(client, cast.bobs.store_headers)
    for method, address, options in (
        ("GET", path, {}), ("GET", f"{path}/members", {}),
        ("PATCH", path, {"json": {"name": "Mine"}}), ("DELETE", path, {}),
    ):  # fmt: skip
        assert_problem(bob.send(method, address, **options), 404)
    assert read_json(bob.send("GET"))["items"] == []
    survey = {"kind": "nps", "name": "Theirs", "gates": {"segments": [path[1:]]}}
    assert_problem(client.post("/api/v1/surveys", json=survey, headers=bob.headers), 422)


def read_rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_the_file_for_people_holds_no_formula(store: StoreServer, alice: OwnerBrowser, cast: Cast) -> None:
    answer = alice.get(f"/dashboard/{cast.maple.key}/segments/{store.make()['id']}/export")
    head, *rows = read_rows(answer.text)
    assert head == ["customer", "name", "email", "is_guest"]
    assert sorted(rows) == [
        ["", "", "guest@x.example", "1"], ["carol", "'=Carol()", "carol@shoppers.example", "0"], ["frank", "", "", "0"],
    ]  # fmt: skip
    assert 'attachment; filename="buyers-2' in answer.headers["Content-Disposition"]


def test_the_file_for_ad_platforms_holds_hashed_addresses_alone(
    app: Flask, store: StoreServer, alice: OwnerBrowser, cast: Cast
) -> None:
    segment_id = store.make()["id"]
    text = alice.get(f"/dashboard/{cast.maple.key}/segments/{segment_id}/export?hashed=1").text
    hashed = [sha256(email).hexdigest() for email in (b"guest@x.example", b"carol@shoppers.example")]
    head, *rows = read_rows(text)
    assert head == ["customer", "Email"]
    assert sorted(rows) == [["", hashed[0]], ["carol", hashed[1]]]
    command = ["export", "segment", "--site", cast.maple.key, "--segment", segment_id, "--hashed"]
    assert sorted(app.test_cli_runner().invoke(args=command).output.split()) == sorted(text.split())


def test_the_command_refuses_what_is_not_the_sites(app: Flask, store: StoreServer, cast: Cast) -> None:
    segment_id = store.make()["id"]
    for site_key, other_id in (
        (cast.bobs.key, segment_id),
        ("st_none", segment_id),
        (cast.maple.key, str(uuid.uuid4())),
    ):
        result = app.test_cli_runner().invoke(args=["export", "segment", "--site", site_key, "--segment", other_id])
        assert result.exit_code == 2
        assert "there is no" in result.output
