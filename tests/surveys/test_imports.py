"""Files of others come in whole and once; what is wrong with them is said row by row."""

import csv
import json
import shutil
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.cast import Cast
from tests.surveys.builders import make_customer, make_response, make_survey, on
from widget.core.db import db
from widget.surveys import queries
from widget.surveys.exports import stream_responses
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey, SurveyField, SurveyResponse
from widget.surveys.rollup_models import SurveyStaleDay
from widget.surveys.summaries import summarise
from widget.surveys.tasks import bring_rollups_forward

LANTERNS = Path(__file__).parent / "files" / "lantern_shop.csv"
LANTERN_MAP = {"Rating": "score", "Words": "comment", "Branch": "hidden.branch", "Row": ""}
HEADER = "answered_at,score,comment"


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    return make_empty_survey(app, cast)


def make_empty_survey(app: Flask, cast: Cast) -> uuid.UUID:
    with app.app_context():
        survey = make_survey(cast.maple.id)
        db.session.commit()
        return survey.id


def run(app: Flask, *arguments: Any) -> Result:
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def run_import(app: Flask, path: Path, survey: uuid.UUID, *options: Any, exit_code: int = 0) -> str:
    result = run(app, "import", "responses", path, "--survey", survey, *options)
    assert result.exit_code == exit_code, result.output
    return result.output


def write(folder: Path, *lines: str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    return path


def list_rows(app: Flask, survey: uuid.UUID) -> list[SurveyResponse]:
    with app.app_context():
        rows = db.session.scalars(
            db.select(SurveyResponse).where(SurveyResponse.survey_id == survey).order_by(SurveyResponse.answered_at)
        )
        return list(rows)


def export(app: Flask, cast: Cast, survey: uuid.UUID, file_format: str = "csv") -> bytes:
    with app.app_context():
        found = queries.get_survey(cast.maple.id, survey)
        return b"".join(stream_responses(found, ResponseFilter(flagged=None), file_format))


def test_file_with_names_of_its_own_comes_in_by_a_map(
    app: Flask, cast: Cast, survey_id: uuid.UUID, tmp_path: Path
) -> None:
    mapping = write(tmp_path, json.dumps(LANTERN_MAP), name="map.json")
    said = run_import(app, LANTERNS, survey_id, "--site", cast.maple.key, "--map", mapping)
    assert "5 rows: 5 new, 0 known already, 0 refused." in said
    rows = list_rows(app, survey_id)
    assert [row.score for row in rows] == [10, 10, 3, None, 7]
    assert rows[2].comment == 'The glass was cracked.\r\nI wrote twice, "no answer" yet.'
    assert rows[2].answered_at == on("2026-03-02", "16:40")
    assert (rows[3].answered_at, rows[3].comment) == (on("2026-03-03", "00:00"), "È bellissima, grazie")
    assert [row.hidden for row in rows[3:]] == [{"branch": "Harbour"}, {}]
    assert all(row.source == "import" and row.completed_at == row.answered_at for row in rows)
    with app.app_context():
        assert db.session.scalars(db.select(SurveyField.name)).all() == ["branch"]


def test_second_import_adds_nothing_and_real_duplicates_stay(app: Flask, survey_id: uuid.UUID, tmp_path: Path) -> None:
    mapping = write(tmp_path, json.dumps(LANTERN_MAP), name="map.json")
    run_import(app, LANTERNS, survey_id, "--map", mapping)
    said = run_import(app, LANTERNS, survey_id, "--map", mapping)
    assert "5 rows: 0 new, 5 known already, 0 refused." in said
    assert len(list_rows(app, survey_id)) == 5


def test_dry_run_says_what_would_happen_and_writes_nothing(app: Flask, survey_id: uuid.UUID, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, "2026-03-01,9,a", "2026-03-01,11,b")
    said = run_import(app, path, survey_id, "--dry-run", exit_code=3)
    assert "2 rows: 1 would be new, 0 known already, 1 refused." in said
    assert "row 3, score: The score must be between 0 and 10." in said
    assert list_rows(app, survey_id) == []
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("2026-03-01,11,x", "score", "between 0 and 10"),
        ("2026-03-01,-1,x", "score", "whole number"),
        ("2026-03-01,8.5,x", "score", "whole number"),
        ("2026-03-01,nine,x", "score", "whole number"),
        ("01/03/2026,9,x", "answered_at", "2026-05-31T12:00:00Z"),
        ("2926-03-01,9,x", "answered_at", "future"),
        (",9,x", "answered_at", "missing"),
        ("2026-03-01,,", "score", "neither"),
        ("2026-03-01,9," + "x" * 5001, "comment", "5001 characters"),
        ("2026-03-01,9,a\x00b", "comment", "NUL"),
        ("2026-03-01,9", "", "2 values for 3 columns"),
        ("2026-03-01,9,x,y", "", "4 values for 3 columns"),
        ('2026-03-01,9,"x"y', "", "broken"),
        ('2026-03-01,9,"never closed', "", "cut off"),
    ],
)
def test_wrong_row_goes_to_the_error_file_and_the_others_come_in(
    app: Flask, survey_id: uuid.UUID, tmp_path: Path, line: str, column: str, message: str
) -> None:
    path = write(tmp_path, HEADER, "2026-03-01,9,good", line)
    said = run_import(app, path, survey_id, exit_code=3)
    assert "2 rows: 1 new, 0 known already, 1 refused." in said
    assert [row.comment for row in list_rows(app, survey_id)] == ["good"]
    with (tmp_path / "file.csv.errors.csv").open(encoding="utf-8", newline="") as file:
        header, refused = csv.reader(file)
    assert header == ["error.row", "error.column", "error.message", *HEADER.split(",")]
    assert (refused[0], refused[1]) == ("3", column)
    assert message in refused[2]
    assert "2026-03-01" in refused[3] or column == "answered_at"


def test_corrected_error_file_can_be_imported(app: Flask, survey_id: uuid.UUID, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, "2026-03-01,11,=late", "2026-03-02,9,good")
    run_import(app, path, survey_id, exit_code=3)
    errors = tmp_path / "file.csv.errors.csv"
    assert "'=late" in errors.read_text(encoding="utf-8")
    errors.write_text(errors.read_text(encoding="utf-8").replace(",11,", ",1,"), encoding="utf-8")
    run_import(app, errors, survey_id)
    assert [(row.score, row.comment, row.hidden) for row in list_rows(app, survey_id)] == [
        (1, "=late", {}), (9, "good", {})
    ]  # fmt: skip
    run_import(app, path, survey_id, "--dry-run", exit_code=3)


def test_good_import_takes_the_old_error_file_away(app: Flask, survey_id: uuid.UUID, tmp_path: Path) -> None:
    errors = write(tmp_path, "old", name="file.csv.errors.csv")
    run_import(app, write(tmp_path, HEADER, "2026-03-01,9,good"), survey_id)
    assert not errors.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        ("answered_at,score\n2026-03-01,9,\xe9".encode("latin-1"), "line 2 holds bytes of another encoding"),
        ("answered_at,score\n2026-03-01,9".encode("utf-16"), "UTF-16"),
        (b"when,score\n2026-03-01,9", "answered_at"),
        (b"answered_at,score,score\n2026-03-01,9,9", "Two columns are called score"),
        (b"answered_at,score,Score\n2026-03-01,9,9", "Two columns would be score"),
        (b"answered_at," + b"x" * 70 + b"\n2026-03-01,9", "too long"),
    ],
)
def test_file_that_cannot_be_read_is_refused_whole(
    app: Flask, survey_id: uuid.UUID, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    assert message in run_import(app, path, survey_id, exit_code=1)
    assert list_rows(app, survey_id) == []


@pytest.mark.parametrize("mapping", ['{"Nope": "score"}', '{"score": "rating"}', "[]", "{", '{"score": 5}'])
def test_wrong_map_is_refused(app: Flask, survey_id: uuid.UUID, tmp_path: Path, mapping: str) -> None:
    path = write(tmp_path, HEADER, "2026-03-01,9,good")
    result = run(
        app, "import", "responses", path, "--survey", survey_id, "--map", write(tmp_path, mapping, name="m.json")
    )
    assert result.exit_code in (1, 2)
    assert list_rows(app, survey_id) == []


def test_survey_of_another_site_is_not_found(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    for command in (("import", "responses", LANTERNS), ("export", "responses")):
        result = run(app, *command, "--survey", survey_id, "--site", cast.bobs.key)
        assert result.exit_code == 2
        assert "no such survey" in result.output


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_and_byte_order_mark_are_recognised(
    app: Flask, survey_id: uuid.UUID, tmp_path: Path, delimiter: str
) -> None:
    lines = ["\ufeff" + HEADER, "2026-03-01,9.0,fine", "", "2026-03-02,'=1,'=1+1"]
    lines[3] = "2026-03-02,1,'=1+1"
    path = write(tmp_path, *(line.replace(",", delimiter) for line in lines))
    run_import(app, path, survey_id)
    assert [(row.score, row.comment) for row in list_rows(app, survey_id)] == [(9, "fine"), (1, "=1+1")]


def test_imported_days_are_counted_anew(app: Flask, cast: Cast, survey_id: uuid.UUID, tmp_path: Path) -> None:
    with app.app_context():
        make_response(db.session.get_one(Survey, (cast.maple.id, survey_id)), 0, answered_at=on("2026-03-01"))
        db.session.commit()
        bring_rollups_forward()
    run_import(app, write(tmp_path, HEADER, "2026-03-01,10,x", "2026-03-05,10,x"), survey_id)
    with app.app_context():
        survey = queries.get_survey(cast.maple.id, survey_id)
        assert summarise(survey, ResponseFilter()).scored == 3
        db.session.rollback()
        bring_rollups_forward()
        assert summarise(survey, ResponseFilter()).scored == 3
        assert db.session.scalars(db.select(SurveyStaleDay)).all() == []


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_export_imported_anew_gives_the_same_rows(
    app: Flask, cast: Cast, survey_id: uuid.UUID, tmp_path: Path, file_format: str
) -> None:
    with app.app_context():
        survey = db.session.get_one(Survey, (cast.maple.id, survey_id))
        carol = make_customer(cast.maple.id, "-carol")
        db.session.flush()
        hidden = {"a.b": "=1", "empty": "", "id": "7", 'odd "name"': "x", "hidden": "y"}
        make_response(survey, 9, comment="'=1 \r\n\tx", hidden=hidden, customer_id=carol.id)
        make_response(survey, 0, flag="burst", elapsed_ms=5, language="it-IT")
        make_response(survey, None, comment=" both\n", completed_at=None, page_url="https://a.example/x")
        db.session.commit()
    path = tmp_path / f"export.{file_format}"
    path.write_bytes(export(app, cast, survey_id, file_format))
    assert "0 new, 3 known already" in run_import(app, path, survey_id)
    other = make_empty_survey(app, cast)
    assert "3 new" in run_import(app, path, other)
    assert "0 new, 3 known already" in run_import(app, path, other)
    path.write_bytes(export(app, cast, other, file_format))
    assert "0 new, 3 known already" in run_import(app, path, other)
    assert list_contents(app, cast, survey_id) == list_contents(app, cast, other)


def list_contents(app: Flask, cast: Cast, survey: uuid.UUID) -> list[dict[str, Any]]:
    """Return all that an answer holds, but where it came from and the id it has in this survey."""
    rows = [json.loads(line) for line in export(app, cast, survey, "jsonl").splitlines()]
    assert len(rows) == 3
    return [{**row, "id": row["id"] is None, "source": ""} for row in rows]


def test_own_export_imported_into_its_survey_adds_nothing(
    app: Flask, cast: Cast, survey_id: uuid.UUID, tmp_path: Path
) -> None:
    with app.app_context():
        survey = db.session.get_one(Survey, (cast.maple.id, survey_id))
        make_response(survey, 9)
        make_response(survey, 5, completed_at=None)
        db.session.commit()
    path = tmp_path / "export.csv"
    path.write_bytes(export(app, cast, survey_id))
    assert "2 rows: 0 new, 2 known already" in run_import(app, path, survey_id)


def test_export_command_writes_the_file_at_once_or_not_at_all(
    app: Flask, cast: Cast, survey_id: uuid.UUID, tmp_path: Path
) -> None:
    with app.app_context():
        survey = db.session.get_one(Survey, (cast.maple.id, survey_id))
        make_response(survey, 9)
        make_response(survey, 0, flag="burst")
        db.session.commit()
    output = tmp_path / "out.csv"
    said = run(app, "export", "responses", "--site", cast.maple.key, "--survey", survey_id, "--output", output)
    assert said.exit_code == 0
    assert "1 flagged answers are left out" in said.output
    assert list(tmp_path.iterdir()) == [output]
    assert output.read_bytes().count(b"\r\n") == 2
    refused = run(app, "export", "responses", "--survey", survey_id, "--filter", "scroe=1", "--output", output)
    assert refused.exit_code == 2
    assert "scroe" in refused.output


@pytest.mark.timeout(300)
def test_real_verbatims_come_in_once_and_go_out_whole(
    app: Flask, cast: Cast, survey_id: uuid.UUID, shared_data: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(shared_data / "nps_verbatims.csv", tmp_path))
    assert "2385 rows: 2385 new" in run_import(app, path, survey_id)
    assert "2385 rows: 0 new, 2385 known already" in run_import(app, path, survey_id)
    with app.app_context():
        survey = queries.get_survey(cast.maple.id, survey_id)
        summary = summarise(survey, ResponseFilter())
        assert (summary.responses, summary.scored, summary.skipped) == (2385, 2353, 32)
        assert summary.score == pytest.approx(-24.69, abs=0.005)
        assert summary.interval == pytest.approx((-28.21, -21.11), abs=0.005)
        order = summarise(survey, ResponseFilter(fields=(("touchpoint", "Order"),)))
        assert (round(order.score or 0, 2), order.scored) == (-9.98, 962)
    content = export(app, cast, survey_id)
    rows = list(csv.DictReader(content.decode().splitlines(keepends=True)))
    assert len(rows) == 2385
    other = make_empty_survey(app, cast)
    again = tmp_path / "again.csv"
    again.write_bytes(content)
    assert "2385 rows: 2385 new" in run_import(app, again, other)
    copied = csv.DictReader(export(app, cast, other).decode().splitlines(keepends=True))
    assert count_without_ids(rows) == count_without_ids(copied)


def count_without_ids(rows: Any) -> Counter[tuple[str, ...]]:
    return Counter(tuple(value for name, value in row.items() if name != "id") for row in rows)
