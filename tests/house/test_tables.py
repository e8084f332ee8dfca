"""Every row belongs to a site, and cannot even refer to another site's row."""

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from widget import rooms  # noqa: F401 - importing the rooms declares their tables.
from widget.core.db import Model

WITHOUT_SITE = {
    "sites": "is the site",
    "owners": "may own several sites",
    "memberships": "ties owners to sites, so it refers to both",
    "owner_sessions": "belongs to an owner, before a site is chosen",
    "recovery_codes": "belong to an owner, before a site is chosen",
    "outgoing_mails": "may concern an owner's account and no site",
    "login_attempts": "counts by account and by address, before anybody is known",
}
UNIQUE_ACROSS_SITES = {
    "uq_api_keys_key_hash": "a secret key is looked up before its site is known",
    "ix_referral_advocates_code_key": "a share link names no site",
}
TABLES = [table for name, table in Model.metadata.tables.items() if name not in WITHOUT_SITE]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
class TestTableOfSites:
    def test_primary_key_begins_with_the_site(self, table: Table) -> None:
        assert next(iter(table.primary_key.columns)).name == "site_id"
        assert not table.c.site_id.nullable

    def test_foreign_keys_stay_within_the_site(self, table: Table) -> None:
        keys = [key for key in table.constraints if isinstance(key, ForeignKeyConstraint)]
        assert keys, "a table of sites refers at least to its site"
        for key in keys:
            target = next(iter(key.elements)).column
            assert key.column_keys[0] == "site_id", key.name
            assert (target.table.name, target.name) == ("sites", "id") or target.name == "site_id", key.name

    def test_unique_keys_begin_with_the_site(self, table: Table) -> None:
        uniques = [key for key in table.constraints if isinstance(key, UniqueConstraint)]
        indexes = [index for index in table.indexes if index.unique]
        for key in (*uniques, *indexes):
            first = next(iter(key.columns)).name
            assert first == "site_id" or key.name in UNIQUE_ACROSS_SITES, key.name

    def test_times_know_their_zone(self, table: Table) -> None:
        for column in table.columns:
            if column.name.endswith("_at"):
                assert type(column.type).__name__ == "UTCDateTime", column.name


def test_exemptions_are_tables() -> None:
    assert WITHOUT_SITE.keys() <= Model.metadata.tables.keys()
