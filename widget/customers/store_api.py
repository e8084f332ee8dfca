"""The store's door: what has happened to its customers."""

from typing import Any

from flask import request

from widget.core.parsing import load_one_or_many
from widget.customers.events import record_events
from widget.customers.schemas import EventIn, EventsIn, EventsOut
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("customers", __name__, "What has happened to the store's customers")

_event_in = EventIn()
_events_in = EventsIn()


@blueprint.route("/events", methods=["POST"])
@blueprint.doc(
    requestBody={"required": True, "content": {"application/json": {"schema": {"oneOf": [EventIn, EventsIn]}}}}
)
@blueprint.response(201, EventsOut, description="The events are stored")
@blueprint.alt_response(200, schema=EventsOut, description="All of them were stored before")
def post_events() -> tuple[dict[str, Any], int]:
    """Say what has happened to a customer, such as delivered: one event, or up to a hundred in `events`.

    Surveys that wait for it are due at the customer's next visit.
    """
    events = load_one_or_many(_event_in, _events_in, "events", request)
    stored, is_new = record_events(current_site().id, events)
    return {"items": stored}, 201 if is_new else 200
