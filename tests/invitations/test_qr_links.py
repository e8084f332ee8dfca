"""Printed cards: a code for everybody, one answer for each opened page, until the owner closes it."""

import io
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.cast import Cast
from tests.core.writing_routes import count_rows
from tests.dashboard.owner import OwnerBrowser, make_member
from tests.embed.shopper import make_survey, post_answer
from tests.invitations.test_invitations import list_mails
from tests.invitations.test_links import change_survey, fields_of, list_answers, send_step


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple)


@pytest.fixture
def home(cast: Cast, survey_id: uuid.UUID) -> str:
    """The address of the owner's page "Send"."""
    return f"/dashboard/{cast.maple.key}/surveys/{survey_id}/send"


def open_code(alice: OwnerBrowser, home: str) -> str:
    """Have the owner make a code and return the path on the card."""
    assert alice.post(f"{home}/print", page=home).status_code == 302
    found = re.search(r"/l/q/st_\w+/\w+", alice.get(home).text)
    assert found is not None
    return found[0]


def test_everybody_who_scans_the_code_answers_once(
    app: Flask, client: FlaskClient, alice: OwnerBrowser, home: str
) -> None:
    path = open_code(alice, home)
    before = count_rows(app)
    pages = [client.get(path) for _ in range(10)]
    assert all(client.head(path).status_code == 200 for _ in range(10))
    assert count_rows(app) == before
    assert len({fields_of(page)["response_id"] for page in pages}) == 10
    for page in pages[:2]:
        for _ in range(2):
            assert "We are glad" in send_step(client, path, page, score="9", comment="Neat card").text
    answers = list_answers(app)
    assert [(answer.score, answer.source, answer.customer_id) for answer in answers] == [(9, "link", None)] * 2
    assert send_step(client, path, pages[0], score="1").status_code == 409
    assert client.get(path.upper().replace("/L/Q/ST_", "/l/q/st_")).status_code == 404
    assert client.get(path[:-8] + path[-8:].upper()).status_code == 200


def test_address_on_the_card_is_short(alice: OwnerBrowser, home: str) -> None:
    assert len(open_code(alice, home)) <= 40


def test_page_of_a_card_takes_no_id_of_another_answer(
    app: Flask, client: FlaskClient, alice: OwnerBrowser, cast: Cast, home: str, survey_id: uuid.UUID
) -> None:
    path = open_code(alice, home)
    widgets = str(uuid.uuid4())
    post_answer(client, cast.maple, survey_id, id=widgets, completed=False)
    taken = client.post(path, data={"step": "score", "score": "1", "response_id": widgets})
    assert taken.status_code == 404
    assert [(answer.score, answer.source) for answer in list_answers(app)] == [(9, "widget")]
    made = client.post(path, data={"step": "score", "score": "1", "response_id": "not an id"})
    assert made.status_code == 200
    assert len(list_answers(app)) == 2


def test_closed_code_says_so_and_a_new_one_works(
    app: Flask, client: FlaskClient, alice: OwnerBrowser, home: str
) -> None:
    first = open_code(alice, home)
    second = open_code(alice, home)
    assert first != second
    closed = client.get(first, headers={"Accept-Language": "it"})
    assert closed.status_code == 410
    assert "Questo sondaggio è chiuso" in closed.text
    page = client.get(second)
    for _ in range(2):
        assert alice.post(f"{home}/print/close", page=home).status_code == 302
    assert send_step(client, second, page, score="9").status_code == 410
    assert list_answers(app) == []
    assert "Make a code to print" in alice.get(home).text


def test_card_of_a_paused_survey_or_another_site_opens_nothing(
    app: Flask, client: FlaskClient, alice: OwnerBrowser, cast: Cast, home: str, survey_id: uuid.UUID
) -> None:
    path = open_code(alice, home)
    assert client.get(path.replace(cast.maple.key, cast.bobs.key)).status_code == 404
    assert client.get(path.replace(cast.maple.key, "st_nobodyhere")).status_code == 404
    assert client.get(path[:-1]).status_code == 404
    change_survey(app, cast.maple, survey_id, state="paused")
    assert client.get(path).status_code == 410


@pytest.mark.usefixtures("still_clock")
def test_flood_from_one_network_is_slowed_politely(
    app: Flask, client: FlaskClient, alice: OwnerBrowser, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = open_code(alice, home)
    monkeypatch.setitem(app.config, "PREFIX_LIMIT", 3)
    answers = [client.get(path, headers={"Accept-Language": "id"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Mohon tunggu sebentar" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) <= 60


def test_code_is_drawn_and_a_card_is_ready_to_print(alice: OwnerBrowser, home: str) -> None:
    for missing in ("qr.svg", "qr.png", "card"):
        assert alice.get(f"{home}/{missing}").status_code == 404
    open_code(alice, home)
    drawing = alice.get(f"{home}/qr.svg?download=1")
    assert drawing.mimetype == "image/svg+xml"
    assert drawing.headers["Content-Disposition"] == 'attachment; filename="survey-qr.svg"'
    assert "<svg" in drawing.text
    picture = Image.open(io.BytesIO(alice.get(f"{home}/qr.png").data))
    assert picture.format == "PNG"
    assert picture.width == picture.height >= 400
    card = alice.get(f"{home}/card?lang=it")
    assert "Con quale probabilità ci consiglieresti a un amico?" in card.text
    assert "localhost:8000/l/q/" in card.text


def test_owner_invites_one_person(app: Flask, client: FlaskClient, alice: OwnerBrowser, home: str) -> None:
    sent = alice.post(
        home,
        page=home,
        email="Carol@shoppers.example",
        name="Carol",
        language="it",
        hidden="order-id: 1001\n\nvia: shop",
    )
    assert sent.status_code == 302
    (mail,) = list_mails(app)
    assert mail.recipient == "carol@shoppers.example"
    link = re.search(r"/l/s/[\w.-]+", mail.text)
    assert link is not None
    assert "Waiting" in alice.get(home).text
    send_step(client, link[0], client.get(link[0]), score="8")
    assert list_answers(app)[0].hidden == {"order-id": "1001", "via": "shop"}
    page = alice.get(home).text
    assert "Answered" in page
    assert "carol@shoppers.example" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "nobody"}, "Type an e-mail address."),
        ({"email": ""}, "Type an e-mail address."),
        ({"email": "carol@shoppers.example", "hidden": "no colon"}, "One field a line"),
        ({"email": "carol@shoppers.example", "name": "x" * 201}, "at most 200 characters"),
        ({"email": "carol@shoppers.example", "language": "not one!"}, "Choose one of"),
    ],
)
def test_wrong_form_sends_nothing_and_keeps_what_was_typed(
    app: Flask, alice: OwnerBrowser, home: str, typed: dict[str, str], words: str
) -> None:
    shown = alice.post(home, page=home, **typed)
    assert shown.status_code == 422
    assert words in shown.text
    assert all(value in shown.text for name, value in typed.items() if name != "language")
    assert list_mails(app) == []


def test_owner_learns_that_somebody_wants_no_more_mails(
    app: Flask, client: FlaskClient, alice: OwnerBrowser, home: str
) -> None:
    alice.post(home, page=home, email="carol@shoppers.example")
    client.post(re.search(r"/l/o/[\w.-]+", list_mails(app)[0].text)[0])
    again = alice.post(home, page=home, email="carol@shoppers.example")
    assert again.status_code == 409
    assert "wants no more invitations" in again.text
    assert len(list_mails(app)) == 1


def test_nobody_is_invited_to_a_survey_that_is_not_live(
    app: Flask, alice: OwnerBrowser, cast: Cast, home: str, survey_id: uuid.UUID
) -> None:
    change_survey(app, cast.maple, survey_id, state="paused")
    assert alice.post(home, page=home, email="carol@shoppers.example").status_code == 302
    assert "Set the survey live first" in alice.get(home).text
    assert list_mails(app) == []


def test_viewers_and_bob_send_nothing(
    app: Flask, alice: OwnerBrowser, bob: OwnerBrowser, cast: Cast, home: str
) -> None:
    open_code(alice, home)
    for path in (home, f"{home}/qr.svg", f"{home}/qr.png", f"{home}/card"):
        assert bob.get(path).status_code == 404
    for path in (home, f"{home}/print", f"{home}/print/close"):
        assert bob.post(path, email="carol@shoppers.example").status_code == 404
    make_member(app, cast.maple, "vera@maple.example", "viewer")
    vera = OwnerBrowser(app)
    vera.log_in("vera@maple.example")
    assert vera.get(home).status_code == 403
    assert f"{home}" not in vera.get(home.removesuffix("/send")).text
    assert list_mails(app) == []
