"""What the customers room refuses."""

from widget.core.problems import Conflict, NotAuthenticated


class CustomerTokenRefused(NotAuthenticated):
    slug, title = "customer-token-refused", "The customer token is not valid"


class EventIdTaken(Conflict):
    slug, title = "event-id-taken", "This id belongs to another event"
