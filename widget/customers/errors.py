"""What the customers room refuses."""

from widget.core.problems import NotAuthenticated


class CustomerTokenRefused(NotAuthenticated):
    slug, title = "customer-token-refused", "The customer token is not valid"
