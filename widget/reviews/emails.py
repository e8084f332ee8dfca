"""Mails to the authors of reviews."""

from flask import current_app

from widget.core.mail import queue_mail
from widget.core.tokens import sign_token
from widget.reviews.models import Review
from widget.reviews.queries import find_author_email
from widget.sites.models import Site

EDIT_PURPOSE = "review-edit"


def queue_edit_request(site: Site, review: Review, note: str | None) -> None:
    """Mail a review's author the link by which they change it, with what the store asks for."""
    email = find_author_email(review)
    if email is None:
        return
    url = f"{current_app.config['BASE_URL']}/l/reviews/{sign_token(EDIT_PURPOSE, site.id, review.id.hex)}"
    parts = (
        f"{site.name} asks you to look at your review again.",
        note,
        f"You can read and change it here; nothing changes until you send it:\n{url}",
    )
    text = "\n\n".join(part for part in parts if part) + "\n"
    queue_mail(email, f"Your review at {site.name}", text, site_id=site.id)
