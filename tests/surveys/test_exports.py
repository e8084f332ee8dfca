"""Exports hold exactly what the filter shows, whole, and are safe to open in a spreadsheet."""

import csv
import io
import json
import uuid
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tests.surveys.builders import make_customer, make_response, make_survey, name_fields, on
from widget.core import exporting
from widget.core.db import db
from widget.core.exporting import mark_column, mark_formula, stream_csv, unmark_formula
from widget.surveys import exports, queries
from widget.surveys.filters import ResponseFilter
from widget.surveys.summaries import summarise

COMMENTS = ["Plain", 'With "quotes", commas', "Two\nlines", "Carriage\r\nreturn", "=1+1", "'=1", "ünï ✓", " lead"]
texts = st.text(st.sampled_from("=+-@＝\t\r\n '\"a,1\u3000\xa0é"), max_size=6) | st.text(max_size=8)


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    with app.app_context():
        survey = make_survey(cast.maple.id)
        db.session.flush()
        name_fields(survey, "order.id", "touchpoint")
        carol = make_customer(cast.maple.id, "+carol")
        db.session.flush()
        for place, comment in enumerate(COMMENTS):
            make_response(
                survey,
                place,
                id=uuid.UUID(int=place + 1),
                comment=comment,
                answered_at=on("2026-05-01") + timedelta(microseconds=place),
                hidden={"order.id": str(place), "touchpoint": "", "other": "=x"},
            )
        make_response(
            survey, 10, answered_at=on("2026-05-02"), completed_at=None, customer_id=carol.id, language="it",
            page_url="https://maple.example/", elapsed_ms=900,
        )  # fmt: skip
        make_response(survey, 0, answered_at=on("2026-05-03"), flag="burst")
        db.session.commit()
        return survey.id


def export(site_id: uuid.UUID, survey_id: uuid.UUID, file_format: str = "csv", **options: Any) -> bytes:
    wanted = options.pop("wanted", ResponseFilter())
    survey = queries.get_survey(site_id, survey_id)
    return b"".join(exports.stream_responses(survey, wanted, file_format, **options))


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_csv_has_a_column_for_everything_known_of_an_answer(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    with app.app_context():
        rows = read_csv(export(cast.maple.id, survey_id))
    assert list(rows[0]) == [
        "id", "answered_at", "completed_at", "score", "bucket", "comment", "language", "page_url", "customer",
        "flag", "elapsed_ms", "source", "survey_version", "tags", "hidden.order.id", "hidden.touchpoint", "hidden",
    ]  # fmt: skip
    assert [unmark_formula(row["comment"]) for row in rows[:-1]] == COMMENTS
    assert [row["hidden.order.id"] for row in rows[:-1]] == [str(place) for place in range(len(COMMENTS))]
    assert json.loads(rows[0]["hidden"]) == {"touchpoint": "", "other": "=x"}
    assert rows[1]["id"] == "00000000-0000-0000-0000-000000000002"
    assert rows[1]["answered_at"] == rows[1]["completed_at"] == "2026-05-01T12:00:00.000001Z"
    assert rows[-1] == {
        "id": "", "answered_at": "2026-05-02T12:00:00.000000Z", "completed_at": "", "score": "10",
        "bucket": "promoter", "comment": "", "language": "it", "page_url": "https://maple.example/",
        "customer": "'+carol", "flag": "", "elapsed_ms": "900", "source": "widget", "survey_version": "1",
        "tags": "", "hidden.order.id": "", "hidden.touchpoint": "", "hidden": "",
    }  # fmt: skip


def test_unfinished_answers_show_their_id_in_no_format(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    with app.app_context():
        unfinished = queries.list_responses(
            queries.get_survey(cast.maple.id, survey_id), ResponseFilter(score=10), None, 1
        ).items[0]
        for file_format in ("csv", "jsonl"):
            content = export(cast.maple.id, survey_id, file_format).decode()
            assert str(unfinished.id) not in content
            assert unfinished.id.hex not in content


def test_json_lines_hold_the_values_as_they_are(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    with app.app_context():
        rows = [json.loads(line) for line in export(cast.maple.id, survey_id, "jsonl").splitlines()]
    assert [row["comment"] for row in rows[:-1]] == COMMENTS
    assert rows[0]["hidden"] == {"order.id": "0", "touchpoint": "", "other": "=x"}
    assert (rows[-1]["id"], rows[-1]["score"], rows[-1]["customer"]) == (None, 10, "+carol")


def test_xlsx_holds_no_formula_and_nothing_is_cut(
    app: Flask, cast: Cast, survey_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SHEET_ROWS", 4)
    with app.app_context():
        content = export(cast.maple.id, survey_id, "xlsx")
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    rows = []
    for sheet in workbook:
        header, *body = sheet.iter_rows()
        names = [cell.value for cell in header]
        assert len(body) <= 3
        rows += [dict(zip(names, (cell.value for cell in row), strict=True)) for row in body]
        assert all(cell.data_type != "f" for row in body for cell in row)
    assert len(rows) == len(COMMENTS) + 1
    assert rows[4]["comment"] == "'=1+1"
    assert [row["score"] for row in rows] == [*range(len(COMMENTS)), 10]


def test_byte_order_mark_comes_when_asked_for(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    with app.app_context():
        plain, marked = export(cast.maple.id, survey_id), export(cast.maple.id, survey_id, bom=True)
    assert marked == b"\xef\xbb\xbf" + plain


def test_export_shows_what_the_filter_shows(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    filters = [
        ResponseFilter(),
        ResponseFilter(flagged=None),
        ResponseFilter(flagged=True),
        ResponseFilter(bucket="detractor", text="quotes"),
        ResponseFilter(fields=(("order.id", "3"),)),
        ResponseFilter(until_on=on("2026-05-01").date()),
        ResponseFilter(customer="+carol"),
    ]
    with app.app_context():
        survey = queries.get_survey(cast.maple.id, survey_id)
        for wanted in filters:
            rows = read_csv(export(cast.maple.id, survey_id, wanted=wanted))
            assert len(rows) == len(queries.list_responses(survey, wanted, None, 100).items) > 0
            if wanted.flagged is False:
                summary = summarise(survey, wanted)
                assert summary.responses == len(rows)
                assert summary.buckets["promoter"] == sum(row["bucket"] == "promoter" for row in rows)


def test_batches_join_without_a_seam(
    app: Flask, cast: Cast, survey_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        whole = export(cast.maple.id, survey_id)
        for rows in (1, 2, 3):
            monkeypatch.setattr(exports, "BATCH_ROWS", rows)
            assert export(cast.maple.id, survey_id) == whole


def test_empty_survey_is_a_file_with_a_header(app: Flask, cast: Cast) -> None:
    with app.app_context():
        survey_id = make_survey(cast.maple.id).id
        db.session.commit()
        assert export(cast.maple.id, survey_id).count(b"\r\n") == 1
        assert export(cast.maple.id, survey_id, "jsonl") == b""


@given(st.lists(st.lists(texts | st.none() | st.integers(), min_size=2, max_size=2), min_size=1))
def test_csv_reads_back_as_it_was(rows: list[list[Any]]) -> None:
    content = b"".join(stream_csv(["a", "b"], [list(zip(*rows, strict=True))])).decode()
    assert list(csv.reader(io.StringIO(content, newline=""), strict=True)) == [
        ["a", "b"], *(["" if value is None else str(value) for value in row] for row in rows)
    ]  # fmt: skip


@given(texts)
def test_mark_hides_formulas_and_comes_off_exactly(text: str) -> None:
    marked = mark_formula(text)
    assert unmark_formula(marked) == text
    assert mark_column([text, None, ""]) == [marked, None, ""]
    first = marked.strip(" \n\x0b\x0c\u3000\xa0")[:1]
    assert first not in "=+-@\t\r＝＋－＠" or first == ""
