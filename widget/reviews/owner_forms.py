"""What the forms of the owner's pages of reviews carry: where they lead back to, what was chosen, what is undone."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.details import translate_detail
from widget.core.problems import FieldError, InvalidFields
from widget.reviews.bulk import Outcome
from widget.reviews.moderation import Step
from widget.reviews.owner_filters import UNCONFIRMED, OwnerFilter, parse_filter

CHOSEN, STEPS, BACK, ROW = "review", "step", "back", "row"
# The tabs of the queue: the first is what an owner has to do.
TABS = ("pending", "published", "rejected", "all", UNCONFIRMED)


@dataclass(frozen=True)
class Place:
    """A tab of the queue with a filter, and where its page begins."""

    wanted: OwnerFilter
    tab: str
    cursor: str

    @property
    def query(self) -> dict[str, str]:
        """Return the tab and the filter as an address names them."""
        return {**({} if self.tab == TABS[0] else {"state": self.tab}), **self.conditions}

    @property
    def conditions(self) -> dict[str, str]:
        """Return the filter alone, which every tab keeps."""
        return replace(self.wanted, state=None).to_query()


def read_place(args: Mapping[str, str]) -> Place:
    """Return what an address shows; raise InvalidFields."""
    tab = args.get("state") or TABS[0]
    if tab not in TABS:
        raise InvalidFields(errors=[FieldError("#/state", f"Must be one of: {', '.join(TABS)}.")])
    names = {name: value for name, value in args.items() if name != "state"}
    return Place(parse_filter({**names, "state": "" if tab == "all" else tab}), tab, args.get("cursor", ""))


def describe_place(place: Place) -> dict[str, Any]:
    """Return what the templates need to lead back to a place."""
    cursor = {"cursor": place.cursor} if place.cursor else {}
    return {"query": place.query, "back": urlencode({**place.query, **cursor})}


def back_to_queue() -> BaseResponse:
    """Lead back to the queue as it was shown, at the row where the form stood."""
    try:
        place = read_place(dict(parse_qsl(request.form.get(BACK, ""))))
    except InvalidFields:
        place = Place(OwnerFilter(), TABS[0], "")
    cursor = {"cursor": place.cursor} if place.cursor else {}
    row = request.form.get(ROW, "")
    anchor = f"row-{row}" if row.isdecimal() and len(row) < 4 else None
    options: dict[str, Any] = {**place.query, **cursor}
    return redirect(url_for("reviews_pages.show_queue", _anchor=anchor, **options))


def is_from_queue() -> bool:
    """Tell whether a form stood in the queue; else it stood on the review's own page."""
    return BACK in request.form


def read_ids(name: str) -> list[uuid.UUID]:
    """Return the reviews a form names; raise InvalidFields."""
    try:
        return [uuid.UUID(value) for value in request.form.getlist(name)]
    except ValueError as error:
        raise InvalidFields(errors=[FieldError("#/reviews", "Must be a UUID.")]) from error


def read_steps() -> dict[uuid.UUID, int]:
    """Return the steps a form undoes, by review; raise InvalidFields."""
    steps = {}
    for value in request.form.getlist(STEPS):
        review_id, _colon, number = value.partition(":")
        try:
            steps[uuid.UUID(review_id)] = int(number[:6])
        except ValueError as error:
            raise InvalidFields(errors=[FieldError("#/step", "Must be a whole number.")]) from error
    return steps


def flash_steps(words: str, steps: Sequence[Step]) -> None:
    """Say what was done, with a button that undoes it where that is possible."""
    fields = [(STEPS, f"{step.review.id.hex}:{step.number}") for step in steps if step.is_undoable]
    if not fields:
        flash(words)
        return
    if is_from_queue():
        fields.append((BACK, request.form[BACK]))
    flash({"words": words, "label": _("Undo"), "action": url_for("reviews_pages.undo"), "fields": fields})  # type: ignore[arg-type]


def flash_refusals(outcomes: Iterable[Outcome], titles: Mapping[uuid.UUID, str]) -> None:
    """Say of each review that stayed as it was why it did."""
    for outcome in outcomes:
        if outcome.refusal:
            name = titles.get(outcome.review_id, str(outcome.review_id))
            flash(f"{name}: {translate_detail(outcome.refusal)}", "error")
