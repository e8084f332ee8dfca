"""The owner's pages of a survey: score cards, results, comments and export."""

import csv
import io
import json
import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask

from tests.cast import Cast, SiteOfCast
from tests.dashboard.owner import OwnerBrowser
from tests.surveys.builders import make_customer, make_impression, make_response, make_survey, name_fields, on
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db

DATA_PATTERN = re.compile(r'<script type="application/json" id="(\w+)-data">(.*?)</script>')


def surveys_of(site: SiteOfCast, path: str = "") -> str:
    return f"/dashboard/{site.key}{path}"


def words(text: str) -> str:
    """Return a page's text as it is read: no tags, one space between words."""
    body = re.sub(r"<script.*?</script>", " ", text, flags=re.DOTALL)
    body = re.sub(r"<(?:span|data|/span|/data)[^>]*>", "", body)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\xa0", " ").split())


@pytest.fixture
def nps(app: Flask, cast: Cast) -> uuid.UUID:
    """An NPS survey of Maple with 60 scores: 30 promoters, 10 passives, 20 detractors, and one without."""
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id)
        name_fields(survey, "touchpoint")
        carol = make_customer(cast.maple.id)
        db.session.flush()
        for number in range(60):
            score = 9 if number < 30 else 8 if number < 40 else 3
            make_response(
                survey,
                score,
                answered_at=on("2026-05-04" if number % 2 else "2026-05-12"),
                hidden={"touchpoint": "Order" if number % 3 else "Delivery"},
                comment=f"Comment {number}" if number % 10 == 0 else None,
                customer_id=carol.id if number == 0 else None,
                language="it" if number % 2 else "en",
                page_url=f"https://maple.example/order/{number}",
            )
        make_response(survey, None, answered_at=on("2026-05-12"), comment="=HYPERLINK(no score)")
        make_response(survey, 0, answered_at=on("2026-05-12"), flag="too_fast", comment="spam spam")
        for _ in range(180):
            make_impression(survey, shown_at=on("2026-05-04"))
        db.session.commit()
        return survey.id


@pytest.fixture
def empty(app: Flask, cast: Cast) -> uuid.UUID:
    """A CSAT survey of Maple that nobody answered."""
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id, "csat", "Checkout")
        db.session.commit()
        return survey.id


def test_a_card_says_the_score_aloud(alice: OwnerBrowser, cast: Cast, nps: uuid.UUID) -> None:
    page = alice.get(surveys_of(cast.maple, "/surveys")).text
    assert '<data value="16.67">' in page
    text = words(page)
    assert "NPS 16.67" in text
    assert "Likely between -6 and 38, from 60 answers." in text
    assert "95 % interval -6.11 to 37.85" in text
    assert "Promoters 30 50.0 %" in text
    assert "Response rate" in text
    assert str(nps) in page


def test_a_survey_without_answers_is_not_available_and_never_zero(
    alice: OwnerBrowser, cast: Cast, empty: uuid.UUID
) -> None:
    assert '<data value="n/a">' in alice.get(surveys_of(cast.maple, "/surveys")).text
    page = alice.get(surveys_of(cast.maple, f"/surveys/{empty}")).text
    assert '<data value="n/a">' in page
    assert "95 % interval n/a" in page
    assert "install it" in page, "an empty page says what to do next"


def test_few_answers_are_too_few_to_say(app: Flask, alice: OwnerBrowser, cast: Cast, empty: uuid.UUID) -> None:
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id, name="Few")
        for _ in range(5):
            make_response(survey, 10)
        db.session.commit()
        few = survey.id
    for path in ("/", f"/surveys/{few}"):
        assert "Too few answers to say. With 5 answers it could be anywhere" in words(
            alice.get(surveys_of(cast.maple, path)).text
        )
    assert empty


def test_a_new_store_is_led_to_its_first_survey(alice: OwnerBrowser, cast: Cast) -> None:
    page = alice.get(surveys_of(cast.maple, "/surveys")).text
    assert "Ask your first question" in page
    assert "/surveys/new" in page
    assert "/install" in page


def test_results_show_counts_asks_and_tables(alice: OwnerBrowser, cast: Cast, nps: uuid.UUID) -> None:
    page = alice.get(surveys_of(cast.maple, f"/surveys/{nps}")).text
    text = words(page)
    for part in ("Answers 61", "With a score 60", "Skipped 1", "Suspicious 1", "Shown 241", "Completed 61"):
        assert part in text, part
    documents = {name: json.loads(body) for name, body in DATA_PATTERN.findall(page)}
    assert documents["distribution"]["values"] == [0, 0, 0, 20, 0, 0, 0, 0, 10, 30, 0]
    assert documents["trend"]["labels"] == ["4 May 2026", "11 May 2026"]
    assert documents["trend"]["counts"] == [30, 30]
    assert page.count("Show as a table") == 2


@pytest.mark.parametrize(("by", "periods"), [("day", 9), ("week", 2), ("month", 1)])
def test_a_trend_has_a_gap_where_nobody_answered(
    alice: OwnerBrowser, cast: Cast, nps: uuid.UUID, by: str, periods: int
) -> None:
    page = alice.get(surveys_of(cast.maple, f"/surveys/{nps}?by={by}")).text
    trend = {name: json.loads(body) for name, body in DATA_PATTERN.findall(page)}["trend"]
    assert len(trend["labels"]) == periods
    assert trend["scores"].count(None) == max(0, periods - 2)


def test_results_follow_the_filter(alice: OwnerBrowser, cast: Cast, nps: uuid.UUID) -> None:
    path = surveys_of(cast.maple, f"/surveys/{nps}")
    assert "from 30 answers" in words(alice.get(f"{path}?from=2026-05-10").text)
    assert "from 40 answers" in words(alice.get(f"{path}?hidden.touchpoint=Order").text)
    assert "No scores match this filter" in words(alice.get(f"{path}?from=2027-01-01").text)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 61),
        ("with_comment=1", 7),
        ("score=9", 30),
        ("bucket=detractor", 20),
        ("hidden.touchpoint=Delivery", 20),
        ("touchpoint=Delivery", 20),
        ("language=it", 30),
        ("page=/order/5", 11),
        ("customer=carol", 1),
        ("customer=carol@shoppers.example", 1),
        ("text=comment%201", 1),
        ("from=2026-05-05&until=2026-05-12", 31),
        ("flagged=only", 1),
        ("flagged=all", 62),
        ("text=nothing+like+this", 0),
    ],
)
def test_list_and_export_hold_what_the_filter_shows(
    alice: OwnerBrowser, cast: Cast, nps: uuid.UUID, query: str, count: int
) -> None:
    path = surveys_of(cast.maple, f"/surveys/{nps}")
    page = words(alice.get(f"{path}/comments?{query}").text)
    assert f"{count} answer{'' if count == 1 else 's'} match" in page
    exported = alice.get(f"{path}/export?format=csv&{query}")
    rows = list(csv.DictReader(io.StringIO(exported.text)))
    assert len(rows) == count


def test_comments_page_by_cursor_without_gap_or_repeat(alice: OwnerBrowser, cast: Cast, nps: uuid.UUID) -> None:
    path: str | None = surveys_of(cast.maple, f"/surveys/{nps}/comments")
    seen: list[str] = []
    while path:
        page = alice.get(path).text
        seen += re.findall(r"https://maple\.example/order/(\d+)</span>", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older.group(1).replace("&amp;", "&") if older else None
    assert sorted(map(int, seen)) == list(range(60))


@pytest.mark.parametrize(
    "query",
    ["score=11", "score=x", "bucket=fan", "from=yesterday", "from=2026-05-02&until=2026-05-01", "typo=1",
     "cursor=zzz", "flagged=maybe", "text=%00", "page=%00", "hidden.a=%00", "by=year", "format=pdf"],
)  # fmt: skip
def test_a_bad_filter_is_refused_in_words(alice: OwnerBrowser, cast: Cast, nps: uuid.UUID, query: str) -> None:
    name = {"by=year": "", "format=pdf": "/export"}.get(query, "/comments")
    answer = alice.get(surveys_of(cast.maple, f"/surveys/{nps}{name}?{query}"))
    assert answer.status_code == 422
    assert answer.mimetype == "text/html"
    assert "this filter cannot be used" in answer.text


def test_comments_are_escaped(app: Flask, alice: OwnerBrowser, cast: Cast, nps: uuid.UUID) -> None:
    evil = "<img src=x onerror=alert(1)>"
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id, name="</script><script>alert(1)</script>")
        name_fields(survey, evil)
        make_response(survey, 5, comment=evil, hidden={evil: evil, "_scheme": "javascript", "survey_id": "1"})
        db.session.commit()
        survey_id = survey.id
    for path in ("/", f"/surveys/{survey_id}", f"/surveys/{survey_id}/comments", f"/surveys/{survey_id}/edit"):
        answer = alice.get(surveys_of(cast.maple, path))
        assert answer.status_code == 200
        assert "<img" not in answer.text
        assert "<script>alert" not in answer.text
    assert nps


@pytest.mark.parametrize(
    ("query", "content_type", "start"),
    [
        ("format=csv", "text/csv", b"id,"),
        ("format=csv&bom=1", "text/csv", b"\xef\xbb\xbfid,"),
        ("format=jsonl", "application/x-ndjson", b"{"),
        ("format=xlsx", "application/vnd.openxmlformats", b"PK"),
    ],
)
def test_export_is_a_named_download(
    alice: OwnerBrowser, cast: Cast, nps: uuid.UUID, query: str, content_type: str, start: bytes
) -> None:
    answer = alice.get(surveys_of(cast.maple, f"/surveys/{nps}/export?{query}"))
    assert answer.status_code == 200
    assert answer.content_type.startswith(content_type)
    assert f"after-the-order-{utc_now():%Y-%m-%d}." in answer.headers["Content-Disposition"]
    assert answer.data.startswith(start)


def test_presets_mark_the_range_shown(alice: OwnerBrowser, cast: Cast, nps: uuid.UUID) -> None:
    week = (utc_now().date() - timedelta(days=6)).isoformat()
    page = alice.get(surveys_of(cast.maple, f"/surveys/{nps}?from={week}")).text
    assert re.search(r'aria-current="true">7 days<', page)


def test_bob_finds_no_survey_of_maple(bob: OwnerBrowser, cast: Cast, nps: uuid.UUID) -> None:
    for path in ("", "/comments", "/export", "/edit"):
        assert bob.get(surveys_of(cast.maple, f"/surveys/{nps}{path}")).status_code == 404
        assert bob.get(surveys_of(cast.bobs, f"/surveys/{nps}{path}")).status_code == 404
    assert bob.get(surveys_of(cast.maple, "/surveys")).status_code == 404
    assert str(nps) not in bob.get(surveys_of(cast.bobs, "/")).text
