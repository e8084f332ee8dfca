"""The store's customer token is believed only as the store signed it, for this site, now, in one browser."""

import base64
import hmac
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem, open_session, open_visitor, read_json
from widget.core.db import begin_writing, db
from widget.customers.models import Customer, TradedToken
from widget.customers.tokens import read_session_token
from widget.sites import service
from widget.sites.errors import TooManySigningKeys
from widget.sites.models import SigningKey, Site


def claims_of(site: SiteOfCast, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": site.key, "sub": "carol", "iat": now, "exp": now + 600, "jti": uuid.uuid4().hex, **changes}


def encode_part(document: Any) -> str:
    text = document if isinstance(document, str) else json.dumps(document)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def assert_refused(app: Flask, client: FlaskClient, site: SiteOfCast, token: str) -> None:
    """Check that the token is refused, with its reason, and that nobody is stored for it."""
    problem = assert_problem(open_session(client, site, customer_token=token), 401)
    assert problem["type"] == "urn:regulars:problem:customer-token-refused"
    assert problem["detail"]
    with app.app_context():
        assert db.session.scalars(db.select(Customer)).first() is None
        assert db.session.scalars(db.select(TradedToken)).first() is None


def relative(**offsets: int) -> Callable[[], dict[str, int]]:
    return lambda: {name: int(time.time()) + offset for name, offset in offsets.items()}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(relative(iat=-900, exp=-60), id="expired"),
        pytest.param(relative(iat=0, exp=16 * 60), id="exp a minute too far"),
        pytest.param(lambda: {"exp": 10**18}, id="exp in a year no calendar has"),
        pytest.param(lambda: {"exp": float("inf")}, id="exp endless"),
        pytest.param(lambda: {"exp": float("nan")}, id="exp not a number"),
        pytest.param(lambda: {"exp": [1]}, id="exp a list"),
        pytest.param(lambda: {"iat": -(10**18)}, id="iat before all calendars"),
        pytest.param(lambda: {"iat": float("-inf")}, id="iat endless"),
        pytest.param(lambda: {"iat": {}}, id="iat an object"),
        pytest.param(relative(iat=120, exp=600), id="iat in the future"),
        pytest.param(relative(nbf=300), id="not yet valid"),
        pytest.param(lambda: {"iss": "st_someoneelse"}, id="another issuer"),
        pytest.param(lambda: {"iss": ["st_someoneelse"]}, id="a list of issuers"),
        pytest.param(lambda: {"sub": ""}, id="empty sub"),
        pytest.param(lambda: {"sub": 42}, id="sub a number"),
        pytest.param(lambda: {"sub": "c" * 201}, id="sub too long"),
        pytest.param(lambda: {"sub": "carol\x00"}, id="NUL in sub"),
        pytest.param(lambda: {"sub": "carol\ud800"}, id="lone surrogate in sub"),
        pytest.param(lambda: {"jti": "j" * 201}, id="jti too long"),
        pytest.param(lambda: {"jti": "\x00"}, id="NUL in jti"),
        pytest.param(lambda: {"jti": 7}, id="jti a number"),
        pytest.param(lambda: {"email": "e" * 321}, id="email too long"),
        pytest.param(lambda: {"email": "carol\x00@maple.example"}, id="NUL in email"),
        pytest.param(lambda: {"email": ["carol@maple.example"]}, id="email a list"),
        pytest.param(lambda: {"name": "Carol\nBcc: all"}, id="newline in name"),
        pytest.param(lambda: {"name": "\ud800"}, id="lone surrogate in name"),
    ],
)
def test_claim_out_of_bounds_is_refused(
    app: Flask, client: FlaskClient, cast: Cast, changes: Callable[[], dict[str, Any]]
) -> None:
    token = cast.maple.sign_customer("carol", **changes())
    assert_refused(app, client, cast.maple, token)


@pytest.mark.parametrize("claim", ["exp", "iat", "jti", "sub", "iss"])
def test_missing_claim_is_refused(app: Flask, client: FlaskClient, cast: Cast, claim: str) -> None:
    assert_refused(app, client, cast.maple, cast.maple.sign_customer("carol", **{claim: None}))


def test_token_of_longest_allowed_life_is_taken(client: FlaskClient, cast: Cast) -> None:
    now = int(time.time())
    token = cast.maple.sign_customer("carol", iat=now, exp=now + 900)
    assert read_json(open_session(client, cast.maple, customer_token=token))["session_token"]


def test_forged_token_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    headers = {"kid": cast.maple.signing_key_id}
    forged = jwt.encode(claims_of(cast.maple), "a guess of more than thirty-two bytes", "HS256", headers=headers)
    assert_refused(app, client, cast.maple, forged)


def test_tampered_token_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    header, _, signature = cast.maple.sign_customer("carol").split(".")
    tampered = f"{header}.{encode_part(claims_of(cast.maple, sub='frank'))}.{signature}"
    assert_refused(app, client, cast.maple, tampered)


def test_other_sites_token_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert_refused(app, client, cast.maple, cast.bobs.sign_customer("carol"))


def test_other_sites_key_signs_nothing_here(app: Flask, client: FlaskClient, cast: Cast) -> None:
    # Bob signs with his own key in the name of Maple, under either key id.
    for key_id in (cast.bobs.signing_key_id, cast.maple.signing_key_id):
        token = cast.bobs.sign_customer("carol", iss=cast.maple.key, kid=key_id)
        assert_refused(app, client, cast.maple, token)


def test_token_of_this_sites_key_for_another_site_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert_refused(app, client, cast.maple, cast.maple.sign_customer("carol", iss=cast.bobs.key))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
def test_unsigned_token_is_refused(app: Flask, client: FlaskClient, cast: Cast, algorithm: str) -> None:
    header = {"alg": algorithm, "typ": "JWT", "kid": cast.maple.signing_key_id}
    unsigned = f"{encode_part(header)}.{encode_part(claims_of(cast.maple))}."
    signature = cast.maple.sign_customer("carol").rpartition(".")[2]
    assert_refused(app, client, cast.maple, unsigned)
    assert_refused(app, client, cast.maple, unsigned + signature)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_other_hash_with_the_right_key_is_refused(app: Flask, client: FlaskClient, cast: Cast, algorithm: str) -> None:
    key = cast.maple.signing_key
    headers = {"kid": cast.maple.signing_key_id}
    assert_refused(app, client, cast.maple, jwt.encode(claims_of(cast.maple), key, algorithm, headers=headers))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "hs256", ["HS256"], None])
def test_other_algorithm_over_a_right_signature_is_refused(
    app: Flask, client: FlaskClient, cast: Cast, algorithm: object
) -> None:
    header = {"alg": algorithm, "typ": "JWT", "kid": cast.maple.signing_key_id}
    signed = f"{encode_part(header)}.{encode_part(claims_of(cast.maple))}"
    digest = hmac.digest(cast.maple.signing_key.encode(), signed.encode(), "sha256")
    signature = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert_refused(app, client, cast.maple, f"{signed}.{signature}")


@pytest.mark.parametrize("key_id", ["kid_unknown", "", "\x00", "\ud800", 7, ["a"], "../../dev/null", "x" * 4000])
def test_key_id_that_names_no_key_is_refused(app: Flask, client: FlaskClient, cast: Cast, key_id: object) -> None:
    signed = jwt.encode(claims_of(cast.maple), cast.maple.signing_key, "HS256")
    _, payload, signature = signed.split(".")
    header = encode_part({"alg": "HS256", "typ": "JWT", "kid": key_id})
    assert_refused(app, client, cast.maple, f"{header}.{payload}.{signature}")


def test_missing_key_id_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    token = jwt.encode(claims_of(cast.maple), cast.maple.signing_key, "HS256")
    assert_refused(app, client, cast.maple, token)


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "..",
        "a.b.c",
        "é.é.é",
        "=.=.=",
        f"{encode_part('[' * 4000)}.e30.x",
        f"{encode_part('1' * 5000)}.e30.x",
        f"{encode_part('null')}.e30.x",
        f"{encode_part({'alg': 'HS256', 'b64': False, 'crit': ['b64']})}.e30.x",
    ],
    ids=[
        "a letter",
        "dots",
        "three letters",
        "accents",
        "padding",
        "deep",
        "huge number",
        "null",
        "critical",
    ],
)
def test_anything_but_a_token_is_refused(app: Flask, client: FlaskClient, cast: Cast, token: str) -> None:
    assert_refused(app, client, cast.maple, token)


def test_deeply_nested_claims_are_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    key = cast.maple.signing_key
    token = jwt.api_jws.encode(
        b'{"a":' + b"[" * 4000 + b"]" * 4000 + b"}", key, "HS256", {"kid": cast.maple.signing_key_id}
    )
    # Longer than the door takes is a matter of the field, shorter one of the token.
    assert open_session(client, cast.maple, customer_token=token).status_code == 422
    token = jwt.api_jws.encode(b"[" * 5000, key, "HS256", {"kid": cast.maple.signing_key_id})
    assert_refused(app, client, cast.maple, token)


def revoke_key(app: Flask, site: SiteOfCast, key_id: str) -> None:
    with app.app_context():
        begin_writing()
        service.revoke_signing_key(db.session.get_one(SigningKey, (site.id, key_id)))
        db.session.commit()


def test_revoked_key_signs_no_more(app: Flask, client: FlaskClient, cast: Cast) -> None:
    token = cast.maple.sign_customer("carol")
    revoke_key(app, cast.maple, cast.maple.signing_key_id)
    assert_refused(app, client, cast.maple, token)


def test_two_keys_live_at_once_and_a_third_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        site = db.session.get_one(Site, cast.maple.id)
        second = service.create_signing_key(site)
        second_id, second_secret = second.id, second.secret
        db.session.commit()
        with pytest.raises(TooManySigningKeys):
            service.create_signing_key(site)
    for key_id, secret in ((cast.maple.signing_key_id, cast.maple.signing_key), (second_id, second_secret)):
        token = jwt.encode(claims_of(cast.maple), secret, "HS256", headers={"kid": key_id})
        assert read_json(open_session(client, cast.maple, customer_token=token))["session_token"]


def test_revoked_key_makes_room_for_a_new_one(app: Flask, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        site = db.session.get_one(Site, cast.maple.id)
        first = db.session.get_one(SigningKey, (cast.maple.id, cast.maple.signing_key_id))
        service.create_signing_key(site)
        service.revoke_signing_key(first)
        assert service.create_signing_key(site).slot == first.slot
        db.session.commit()


def test_traded_token_is_refused_to_another_browser(client: FlaskClient, cast: Cast) -> None:
    token = cast.maple.sign_customer("carol")
    first = open_visitor(client, cast.maple)
    read_json(open_session(client, cast.maple, visitor_token=first, customer_token=token, nonce="n" * 16))
    other = open_visitor(client, cast.maple)
    for browser in (
        {"visitor_token": other},
        {"nonce": "m" * 16},
        {},
        {"visitor_token": other, "nonce": "m" * 16},
    ):
        problem = assert_problem(open_session(client, cast.maple, customer_token=token, **browser), 401)
        assert "Another browser" in problem["detail"]


@pytest.mark.parametrize("known_by", ["visitor token", "returned visitor token", "nonce"])
def test_same_browser_repeats_a_trade(app: Flask, client: FlaskClient, cast: Cast, known_by: str) -> None:
    token = cast.maple.sign_customer("carol")
    sent: dict[str, Any] = {"nonce": "n" * 16} if known_by == "nonce" else {}
    if known_by == "visitor token":
        sent["visitor_token"] = open_visitor(client, cast.maple)
    first = read_json(open_session(client, cast.maple, customer_token=token, **sent))
    if known_by == "returned visitor token":
        sent["visitor_token"] = first["visitor_token"]
    second = read_json(open_session(client, cast.maple, customer_token=token, **sent))
    with app.app_context():
        sessions = [read_session_token(cast.maple.id, opened["session_token"]) for opened in (first, second)]
    assert sessions[0] == sessions[1]


def test_token_id_used_for_two_customers_is_refused(client: FlaskClient, cast: Cast) -> None:
    browser = {"nonce": "n" * 16}
    carol, frank = (cast.maple.sign_customer(name, jti="the same") for name in ("carol", "frank"))
    read_json(open_session(client, cast.maple, customer_token=carol, **browser))
    assert_problem(open_session(client, cast.maple, customer_token=frank, **browser), 401)


def test_same_token_id_at_another_site_is_another_token(client: FlaskClient, cast: Cast) -> None:
    for site in (cast.maple, cast.bobs):
        token = site.sign_customer("carol", jti="the same")
        assert read_json(open_session(client, site, customer_token=token))["session_token"]
