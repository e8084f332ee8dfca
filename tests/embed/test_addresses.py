"""What a store page loads is named so that lists of trackers do not take it for one."""

import re

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast

# Rules that block lists hold against survey products, as regular expressions over an address's path.
BLOCKED = (
    r"^/e/",
    r"^/i/[^/]+/e/",
    r"/static/array\.js",
    r"/intercept/",
    r"/websurvey/",
    r"analytics",
    r"telemetry",
    r"track(er|ing)",
    r"beacon",
    r"pixel",
    r"/collect\b",
    r"/ads?[/._-]",
)


def list_addresses(client: FlaskClient, cast: Cast) -> list[str]:
    boot = client.get(f"/embed/v1/{cast.maple.key}/boot").get_json()
    modules = [f"/embed/v1/static/version/{file}.js" for _, _, *files in boot["elements"].values() for file in files]
    doors = [f"/embed/v1/{cast.maple.key}{path}" for path in ("/sessions", "/impressions", "/surveys/id/responses")]
    return [f"/embed/v1/{cast.maple.key}.js", *modules, *doors]


@pytest.mark.parametrize("rule", BLOCKED)
def test_no_address_of_a_store_page_matches_a_block_list_rule(client: FlaskClient, cast: Cast, rule: str) -> None:
    assert [address for address in list_addresses(client, cast) if re.search(rule, address)] == []
