"""Requests made from the OpenAPI document: what it promises holds, and nothing breaks."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, Protocol

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import delete

from tests.applications import dispose, wipe
from tests.cast import Cast, make_cast
from tests.core.writing_routes import make_known
from tests.embed.shopper import make_survey, post_answer, read_json
from tests.long_run import at_length
from tests.loyalty.kept_program import keep_program
from tests.popups.kept_campaign import keep_campaign
from tests.referrals.kept_friends import keep_friends
from tests.reviews.builders import TEAPOT
from tests.reviews.writers import post_review, sign_in, visit
from tests.sites.test_theme_logo import draw
from widget import create_app
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.ids import new_id
from widget.customers.segment_models import Segment
from widget.loyalty.verifying import find_faults
from widget.reviews.recording import changing, get_for_change
from widget.sites.logos import draw_logo, store_logo
from widget.sites.models import Site
from widget.sites.service import publish_change
from widget.surveys.models import Survey
from widget.surveys.service import change_survey

CASES = at_length(2_000, otherwise=400)
# An operation that refuses all of its cases gets more, until it is told something it takes.
MORE_CASES = 12
# With ids out of nowhere there is little behind the doors to be reached.
STRAY_CASES = at_length(8, otherwise=2)
STRAY_ON = at_length(["sqlite_app", "postgresql_app"], otherwise=["postgresql_app"])
# A case that breaks the document's promises takes ten times as long to make as one that keeps them.
NEGATIVE_CASES = at_length(8, otherwise=4)
# What breaks them is refused before a database is asked.
BROKEN_ON = at_length(["sqlite_app", "postgresql_app"], otherwise=["sqlite_app"])
SUCCESSES = {200, 201, 204}
REFUSALS = {400, 422}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
UNLIMITED = 10**9
NO_BUYERS = [{"field": "has_ordered", "comparison": "is", "value": False}]
CURRENCIES = ["EUR", "JPY", "KWD"]
LISTS = {
    "OrdersIn": ["orders"],
    "OrderIn": ["lines", "refunds", "coupon_codes"],
    "ListedRefundIn": ["lines"],
    "RefundIn": ["lines"],
    "CartsIn": ["carts"],
    "CartIn": ["items"],
}
# Parts of the document, so that several processes share the work.
PARTS = 8


class Kept(Protocol):
    """What is there for every request, as it was made."""

    @property
    def ids(self) -> dict[str, str]: ...

    def keep(self) -> None: ...

    def narrow(self, document: dict[str, Any]) -> None: ...


@dataclass
class Interface:
    """The application behind its document, with real ids, and what it answered."""

    app: Flask
    cast: Cast
    survey_id: uuid.UUID
    segment_id: uuid.UUID
    review_id: uuid.UUID
    kept: Sequence[Kept]
    shopper: dict[str, str]
    document: BaseSchema
    document_with_ids: BaseSchema
    database: str
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)

    def prepare(self) -> None:
        """Let what is behind the ids be as it was, whatever the operation before made of it."""
        with self.app.app_context():
            begin_writing()
            keep_segment(self.cast.maple.id, self.segment_id)
            keep_review(self.cast.maple.id, self.review_id)
            for kept in self.kept:
                kept.keep()
            survey = db.session.get_one(Survey, (self.cast.maple.id, self.survey_id))
            change_survey(db.session.get_one(Site, self.cast.maple.id), survey, state="live")
            db.session.commit()

    def send(self, case: Case) -> None:
        """Send a case as somebody whom the door lets in, and check the answer against the document."""
        is_store = case.operation.path.startswith("/api/")
        headers = self.cast.maple.store_headers if is_store else {**self.cast.maple.page_headers, **self.shopper}
        if case.operation.path.endswith(("/votes", "/reports")):
            # Nobody votes for a review of their own: this reader is a browser nobody knows.
            headers = {name: value for name, value in headers.items() if name != "Authorization"}
        response = case.call_and_validate(checks=CHECKS, headers=headers)
        self.statuses[case.operation.label, response.status_code] += 1

    def list_answers(self, operation: APIOperation) -> set[int]:
        """Return the statuses an operation has answered with."""
        return {status for label, status in self.statuses if label == operation.label}


@pytest.fixture(scope="module", params=["sqlite_app", "postgresql_app"])
def interface(request: pytest.FixtureRequest) -> Iterator[Interface]:
    base: Flask = request.getfixturevalue(request.param)
    wipe(base)
    limits = {"site_limit": UNLIMITED, "prefix_limit": UNLIMITED, "visitor_limit": UNLIMITED}
    app = create_app(replace(base.config["SETTINGS"], **limits))
    cast = make_cast(app)
    survey_id = make_survey(app, cast.maple)
    post_answer(app.test_client(), cast.maple, survey_id)
    segment_id = new_id()
    ids = {
        "site_key": cast.maple.key,
        "survey_id": str(survey_id),
        "segment_id": str(segment_id),
        "product_id": TEAPOT,
        "version": "1",
        "path": "embed.js",
        "name": set_up_site(app, cast),
        "external_id": make_known(app, cast.maple),
    }
    make_other_customer(app, cast)
    shopper = {**sign_in(app.test_client(), cast.maple), **visit(app.test_client(), cast.maple)}
    review = read_json(post_review(app.test_client(), cast.maple, shopper))
    # The program of points comes last: the one for friends is made with one of its own.
    kept = [make(app, cast.maple) for make in (keep_friends, keep_campaign, keep_program)]
    ids |= {"review_id": review["id"], **{name: one for each in kept for name, one in each.ids.items()}}
    with_ids = load_document(app)
    name_what_is_there(with_ids, ids, kept)
    yield Interface(
        app,
        cast,
        survey_id,
        segment_id,
        uuid.UUID(review["id"]),
        kept,
        shopper,
        read_schema(app, load_document(app)),
        read_schema(app, with_ids),
        request.param,
    )
    dispose(app)


def keep_segment(site_id: uuid.UUID, segment_id: uuid.UUID) -> None:
    """Let there be a segment with this id, and room for more."""
    db.session.execute(delete(Segment).where(Segment.site_id == site_id))
    name = "Everybody but the buyers"
    db.session.add(Segment(site_id=site_id, id=segment_id, name=name, conditions=NO_BUYERS, created_at=utc_now()))
    db.session.flush()


def keep_review(site_id: uuid.UUID, review_id: uuid.UUID) -> None:
    """Let the review with this id be published, and its author free to change it."""
    with changing(get_for_change(site_id, review_id), "published", "system") as review:
        review.state, review.hold_reason, review.reject_reason, review.edits = "published", None, None, {}


def make_other_customer(app: Flask, cast: Cast) -> None:
    """Make a customer known whom others can be merged into."""
    answer = app.test_client().put("/api/v1/customers/other", json={}, headers=cast.maple.store_headers)
    assert answer.status_code == 201


def set_up_site(app: Flask, cast: Cast) -> str:
    """Give the site a logo, whose name is returned, and let it measure how long pages are looked at."""
    with app.app_context():
        begin_writing()
        site = db.session.get_one(Site, cast.maple.id)
        store_logo(site, draw_logo(draw()))
        site.measures_page_time = True
        publish_change(site)
        db.session.commit()
        name: str = site.theme["logo"]["name"]
        return name


def load_document(app: Flask) -> dict[str, Any]:
    """Return the document as far as it is tried here."""
    document: dict[str, Any] = app.test_client().get("/api/openapi.json").get_json()
    # Platforms come by a door of their own, which looks at nothing that is not signed; made-up bytes are no photo.
    left_out = ("/webhooks/", "/reviews/media")
    document["paths"] = {
        path: of for path, of in document["paths"].items() if not any(part in path for part in left_out)
    }
    for path in document["paths"].values():
        for operation in path.values():
            if "security" in operation:
                # Most of what breaks a promise would else be the key, and nothing behind the guard would see it.
                del operation["security"]
    # Long lists of what has many fields take minutes to make up, as does a choice among all currencies.
    components = document["components"]["schemas"]
    for name, lists in LISTS.items():
        for member in lists:
            components[name]["properties"][member]["maxItems"] = 2
    for name in ("OrderIn", "CartIn"):
        components[name]["properties"]["currency"]["enum"] = CURRENCIES
    return document


def name_what_is_there(document: dict[str, Any], ids: dict[str, str], kept: Sequence[Kept]) -> None:
    """Let a document know only what these ids name."""
    for one in kept:
        one.narrow(document)
    # An address is no parameter any more, so whatever breaks a promise is what is sent there.
    document["paths"] = {path.format_map(ids): of for path, of in document["paths"].items()}
    for path in document["paths"].values():
        path.pop("parameters", None)
    components = document["components"]["schemas"]
    # A survey that is made has a kind and a name, in one language.
    components["NewSurvey"]["required"] = ["name", "kind"]
    for name, value in (("name", "Tea"), ("default_language", "en"), ("languages", ["en"])):
        components["NewSurvey"]["properties"][name] = {"enum": [value]}
    # The survey behind the id asks no questions beside its score, in its only version.
    components["AnswersIn"]["additionalProperties"] = False
    components["ResponseIn"]["properties"]["version"] = {"type": "integer", "enum": [1]}
    # The site asks nothing of its own with reviews, nobody sent photos, and there is no such order.
    for name in ("ReviewIn", "EditIn"):
        components[name]["properties"]["attributes"] = {"type": "object", "maxProperties": 0}
        components[name]["properties"]["media"]["maxItems"] = 0
    for name in ("ReviewIn", "RequestIn"):
        components[name]["properties"]["email"] = {"type": "string", "enum": ["erin@shoppers.example"]}
    components["RequestIn"]["properties"]["order"] = {"type": "null"}
    components["MergeIn"]["properties"]["into"] = {"type": "string", "enum": ["other"]}


def read_schema(app: Flask, document: dict[str, Any]) -> BaseSchema:
    schema = schemathesis.openapi.from_dict(document)
    schema.app, schema.location = app, "/api/openapi.json"
    return schema


def list_operations(schema: BaseSchema) -> list[APIOperation]:
    return [result.ok() for result in schema.get_all_operations()]


def can_be_broken(operation: APIOperation) -> bool:
    """Tell whether an operation is told anything but a language, which may be any text."""
    return bool(operation.body) or any(parameter.name != "lang" for parameter in operation.query)


def try_operation(
    interface: Interface, operation: APIOperation, mode: GenerationMode, cases: int, *, until_taken: bool = False
) -> None:
    """Send as many cases of one operation as asked."""

    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        if not (until_taken and interface.list_answers(operation) & SUCCESSES):
            interface.send(case)

    interface.prepare()
    send()


@pytest.mark.parametrize("part", range(PARTS))
def test_document_promises_nothing_the_doors_do_not_keep(interface: Interface, part: int) -> None:
    interface.statuses.clear()
    anywhere, every = (list_operations(document) for document in (interface.document, interface.document_with_ids))
    assert {operation.path.split("/")[1] for operation in every} <= {"embed", "api"}
    for operation in anywhere[part::PARTS] if interface.database in STRAY_ON else []:
        try_operation(interface, operation, GenerationMode.POSITIVE, STRAY_CASES)
    here = every[part::PARTS]
    with_input = [operation for operation in here if can_be_broken(operation)]
    # Half of all cases on each database; each operation gets what it takes, and what it does not.
    cases = ceil(CASES / 2 / PARTS / len(with_input))
    for operation in here:
        try_operation(interface, operation, GenerationMode.POSITIVE, cases)
        if not interface.list_answers(operation) & SUCCESSES:
            try_operation(interface, operation, GenerationMode.POSITIVE, MORE_CASES * cases, until_taken=True)
    broken = with_input if interface.database in BROKEN_ON else []
    for operation in broken:
        try_operation(interface, operation, GenerationMode.NEGATIVE, NEGATIVE_CASES)
    assert interface.statuses.total() >= CASES / 2 / PARTS, interface.statuses
    # The cases reached what lies behind the guards, and what refuses bad input.
    for operation in here:
        answered = interface.list_answers(operation)
        assert answered & SUCCESSES, (operation.label, answered)
        assert answered & REFUSALS or operation not in broken, (operation.label, answered)
    with interface.app.app_context():
        assert list(find_faults(interface.cast.maple.id)) == []
