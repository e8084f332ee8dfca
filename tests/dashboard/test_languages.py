"""Owners read the dashboard in English, Italian or Indonesian: numbers, days and refusals too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, ngettext

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from widget.core.catalogs import read_translations
from widget.core.details import translate_detail
from widget.core.formats import HARD_SPACE, format_day, format_decimal, format_moment, format_month, format_number

ITALIAN = {"Accept-Language": "it-IT,it;q=0.9,en;q=0.5"}


@contextmanager
def reading(app: Flask, language: str) -> Iterator[None]:
    """Be somebody who reads a language."""
    with app.test_request_context(), force_locale(language):
        yield


def test_browser_gets_its_own_language(client: FlaskClient) -> None:
    page = client.get("/dashboard/login", headers=ITALIAN).text
    assert '<html lang="it">' in page
    assert "Leggi che cosa dicono i tuoi clienti." in page


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("it-CH", "it"), ("id", "id"), ("de, id;q=0.4", "id"), ("de", "en"), ("*", "en"), ("", "en"), ("x" * 5000, "en")],
)
def test_language_of_the_page_is_the_first_we_have(client: FlaskClient, wanted: str, language: str) -> None:
    page = client.get("/dashboard/login", headers={"Accept-Language": wanted}).text
    assert f'<html lang="{language}">' in page


def test_language_an_owner_chose_wins_over_the_browsers(alice: OwnerBrowser, cast: Cast) -> None:
    alice.post("/dashboard/account/language", language="id")
    page = alice.client.get(f"/dashboard/{cast.maple.key}/settings", headers=ITALIAN).text
    assert '<html lang="id">' in page
    assert "Pengaturan" in page


def test_refusals_are_said_in_the_language_of_the_page(alice: OwnerBrowser, cast: Cast) -> None:
    alice.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "it"
    page = alice.get(f"/dashboard/{cast.maple.key}/surveys/not-a-survey")
    assert page.status_code == 404
    assert "A questo indirizzo non c'è nulla" in page.text
    form = alice.post(f"/dashboard/{cast.maple.key}/surveys/new", kind="nps", name="", state="draft", do="save")
    assert "Deve essere una riga di testo non vuota." in form.text
    assert "Must be" not in form.text


def test_details_with_figures_keep_them(app: Flask) -> None:
    with reading(app, "it"):
        assert translate_detail("Must be between 0 and 10.") == "Deve essere tra 0 e 10."
        assert translate_detail("Must be 1 to 40 printable characters.") == "Deve avere da 1 a 40 caratteri stampabili."
        assert translate_detail("Nobody has translated this.") == "Nobody has translated this."


def test_interface_for_servers_stays_english(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/api/v1/surveys", json={"kind": "nps"}, headers={**cast.maple.store_headers, **ITALIAN})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["detail"] == "Missing data for required field."


def test_figures_are_written_as_the_language_does(app: Flask) -> None:
    with reading(app, "it"):
        assert format_number(12345) == "12.345"
        assert format_decimal(-1234.567) == "-1.234,57"
        assert format_day(date(2026, 5, 1)) == "1 mag 2026".replace(" ", HARD_SPACE)
    with reading(app, "id"):
        assert format_month(date(2026, 8, 1)) == f"Agu{HARD_SPACE}2026"
        moment = format_moment(datetime(2026, 5, 1, 9, 5, tzinfo=UTC))
        assert moment.replace(HARD_SPACE, " ") == "1 Mei 2026, 09.05 UTC"


def test_plurals_follow_the_language(app: Flask) -> None:
    def count(number: int) -> str:
        return str(ngettext("%(num)s text missing", "%(num)s texts missing", number))

    with reading(app, "it"):
        assert [count(0), count(1), count(2)] == ["mancano 0 testi", "manca 1 testo", "mancano 2 testi"]
    with reading(app, "id"):
        assert [count(1), count(2)] == ["1 teks belum ada", "2 teks belum ada"]


def test_catalogs_are_read_once_and_english_needs_none() -> None:
    assert read_translations("it") is read_translations("it")
    assert read_translations("en").gettext("Surveys") == "Surveys"


def test_pages_of_the_store_cost_no_catalog(client: FlaskClient, cast: Cast) -> None:
    read_translations.cache_clear()
    for path in (f"/embed/v1/{cast.maple.key}/boot", f"/embed/v1/{cast.maple.key}.js", "/health"):
        client.get(path, headers=ITALIAN | cast.maple.page_headers)
    assert read_translations.cache_info().currsize == 0
