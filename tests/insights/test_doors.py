"""Page, interface, download and command tell the same numbers, and each says what it refuses."""

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.applications import wipe
from tests.cast import Cast, make_cast
from tests.dashboard.owner import OwnerBrowser, logged_in
from tests.insights.sales import buy, get_site, tell_orders
from tests.long_run import at_length
from tests.orders.builders import make_refund
from widget.core.clock import utc_now
from widget.insights.metrics import METRICS
from widget.insights.periods import last_days
from widget.insights.queries import compare_metrics
from widget.insights.sentences import LABELS, say_value

TODAY = utc_now().date()
BAD_PERIODS = [
    "from=2026-05-02&until=2026-05-01",
    "from=yesterday",
    "from=2026-02-30",
    "until=2999-01-01",
    "from=0001-01-01&until=0001-01-20",
    "from=1900-01-01",
    "from=2026-05-01&from=2026-05-02",
    "until=2026-05-02&as_of=2026-05-01",
    "untill=2026-05-01",
]


def get_metrics(client: FlaskClient, cast: Cast, query: str = "") -> Any:
    response = client.get(f"/api/v1/metrics?{query}", headers=cast.maple.store_headers)
    assert response.status_code == 200, response.text
    return response.get_json()


def fill(app: Flask, cast: Cast) -> None:
    with app.app_context():
        tell_orders(cast.maple.id, *(buy(n, f"c{n % 3}", TODAY - timedelta(days=9 * n)) for n in range(8)))


def test_the_interface_tells_every_metric_beside_the_one_before(app: Flask, client: FlaskClient, cast: Cast) -> None:
    fill(app, cast)
    told = get_metrics(client, cast)
    assert [item["name"] for item in told["items"]] == list(METRICS)
    orders = next(item for item in told["items"] if item["name"] == "orders")
    assert (orders["value"], orders["before"]["value"], orders["change"]) == (4, 3, 1)
    revenue = next(item for item in told["items"] if item["name"] == "revenue")
    assert (revenue["value"], revenue["currency"], revenue["unit"]) == (8000, "EUR", "money")
    assert told["period"] == {"from": str(TODAY - timedelta(27)), "until": str(TODAY), "as_of": str(TODAY)}
    assert told["lifetime_model"] is None


def test_an_interface_without_data_tells_null_and_never_nothing(client: FlaskClient, cast: Cast) -> None:
    told = get_metrics(client, cast)
    assert {item["value"] for item in told["items"]} == {None}
    assert {item["change"] for item in told["items"]} == {None}


@pytest.mark.parametrize("path", ["metrics", "metrics/trend", "metrics/cohorts"])
def test_the_interface_refuses_a_bad_period(client: FlaskClient, cast: Cast, path: str) -> None:
    for query in BAD_PERIODS:
        response = client.get(f"/api/v1/{path}?{query}&metric=orders", headers=cast.maple.store_headers)
        assert response.status_code == 422, query
        assert response.get_json()["type"] == "urn:regulars:problem:invalid-fields"
        assert response.get_json()["errors"]


@pytest.mark.parametrize("query", ["", "metric=luck", "metric=orders&by=hour"])
def test_the_interface_refuses_a_trend_of_nothing(client: FlaskClient, cast: Cast, query: str) -> None:
    response = client.get(f"/api/v1/metrics/trend?{query}", headers=cast.maple.store_headers)
    assert response.status_code == 422


def test_the_interface_tells_trends_and_cohorts(app: Flask, client: FlaskClient, cast: Cast) -> None:
    fill(app, cast)
    headers = cast.maple.store_headers
    for metric in METRICS:
        response = client.get(f"/api/v1/metrics/trend?metric={metric}&by=week", headers=headers)
        assert response.status_code == 200, metric
        assert response.get_json()["items"][-1]["until"] == str(TODAY)
    cohorts = client.get("/api/v1/metrics/cohorts", headers=headers).get_json()["items"]
    assert sum(cohort["customers"] for cohort in cohorts) == 3
    assert all(cohort["months"][0]["ratio"] == 1 for cohort in cohorts)


def test_bob_sees_nothing_of_maples_numbers(app: Flask, client: FlaskClient, cast: Cast, bob: OwnerBrowser) -> None:
    fill(app, cast)
    for path in ("numbers", "numbers/export"):
        assert bob.get(f"/dashboard/{cast.maple.key}/{path}").status_code == 404
    told = client.get("/api/v1/metrics", headers=cast.bobs.store_headers).get_json()
    assert {item["value"] for item in told["items"]} == {None}


def test_the_page_says_what_to_do_before_the_first_order(cast: Cast, alice: OwnerBrowser) -> None:
    page = alice.get(f"/dashboard/{cast.maple.key}/numbers").text
    assert "No orders yet" in page
    assert "data-chart" not in page


def test_the_page_shows_every_metric_in_words(app: Flask, cast: Cast, alice: OwnerBrowser) -> None:
    fill(app, cast)
    page = alice.get(f"/dashboard/{cast.maple.key}/numbers?metric=orders&by=week").text
    for name, label in LABELS.items():
        if name != "expected_lifetime_value":
            assert str(label) in page
    assert "1 more than the 28 days before (+33.3" in page
    assert "47 more customers" in page
    assert "Let your store send them" in page


def test_the_page_shows_no_number_for_a_bad_period(app: Flask, cast: Cast, alice: OwnerBrowser) -> None:
    fill(app, cast)
    for query in (*BAD_PERIODS, "metric=luck", "by=hour"):
        response = alice.get(f"/dashboard/{cast.maple.key}/numbers?{query}")
        assert response.status_code == 422, query
        assert "Nothing is shown" in response.text
        assert "metric-value" not in response.text


def test_the_download_refuses_a_format_that_is_none(cast: Cast, alice: OwnerBrowser) -> None:
    assert alice.get(f"/dashboard/{cast.maple.key}/numbers/export?format=pdf").status_code == 422


def test_the_command_says_what_is_wrong(app: Flask, cast: Cast) -> None:
    runner, args = app.test_cli_runner(), ["export", "metrics", "--site"]
    bad = runner.invoke(args=[*args, cast.maple.key, "--from", "2026-05-02", "--until", "2026-05-01"])
    assert (bad.exit_code, "Must not lie before the first day." in bad.output) == (1, True)
    assert runner.invoke(args=[*args, "st_nobody"]).exit_code == 2


orders = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.sampled_from(["ann", "ben", "cid", None]),
            "days": st.integers(0, 400),
            "total_minor": st.integers(0, 90_000),
            "refund": st.sampled_from([0, 0, 700]),
            "state": st.sampled_from(["paid", "paid", "cancelled"]),
            "currency": st.sampled_from(["EUR", "EUR", "SEK"]),
        }
    ),
    max_size=12,
)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.timeout(240)
def test_all_doors_tell_the_same(database: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue(f"{database}_app")

    @settings(
        max_examples=at_length(15, otherwise=5), deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(orders, st.integers(0, 60), st.integers(1, 400))
    def check(rows: list[dict[str, Any]], back: int, days: int) -> None:
        wipe(app)
        cast = make_cast(app)
        period = last_days(TODAY - timedelta(days=back), days)
        query = f"from={period.from_on}&until={period.until_on}"
        with app.app_context():
            tell_orders(cast.maple.id, *(describe(number, row) for number, row in enumerate(rows)))
            site = get_site(cast.maple.id)
            shown = {
                name: say_value(comparison.now, site.reporting_currency)
                for name, comparison in compare_metrics(site, period).items()
            }
        require_agreement(app, cast, query, shown)

    check()


def describe(number: int, row: dict[str, Any]) -> Any:
    refunds = [make_refund(1, row["refund"])] if row["refund"] else []
    changes = {name: row[name] for name in ("total_minor", "state", "currency")}
    return buy(number, row["who"], TODAY - timedelta(days=row["days"]), refunds=refunds, **changes)


def require_agreement(app: Flask, cast: Cast, query: str, shown: dict[str, str]) -> None:
    """Assert that interface, download, command and page tell what is shown for a period."""
    told = {item["name"]: item for item in get_metrics(app.test_client(), cast, query)["items"]}
    alice = logged_in(app, cast.maple.owner_email)
    address = f"/dashboard/{cast.maple.key}/numbers"
    in_csv = list(csv.DictReader(io.StringIO(alice.get(f"{address}/export?{query}").text)))
    lines = alice.get(f"{address}/export?{query}&format=jsonl").data.splitlines()
    days = [part for name, value in parse_qsl(query) for part in (f"--{name}", value)]
    exported = app.test_cli_runner().invoke(args=["export", "metrics", "--site", cast.maple.key, *days])
    assert list(csv.DictReader(io.StringIO(exported.output))) == in_csv
    assert [row["metric"] for row in in_csv] == list(told)
    for row, line in zip(in_csv, map(orjson.loads, lines), strict=True):
        item = told[row["metric"]]
        assert (item["value"], item["n"], item["change"]) == (line["value"], line["n"], line["change"])
        assert (float(row["value"]) if row["value"] else None) == item["value"]
    if any(item["n"] for item in told.values()):
        page = alice.get(f"{address}?{query}").text
        plain = page.replace('<span class="score-rest">', "").replace("</span>", "")
        for name, text in shown.items():
            if name != "expected_lifetime_value":
                assert f">{text}</p>" in plain, (name, text)
